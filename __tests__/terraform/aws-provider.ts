import { readdirSync } from "node:fs";
import { join } from "node:path";

/** The address of the AWS provider. */
export const PROVIDER = "registry.terraform.io/hashicorp/aws";

/** Where Terraform gets the provider from, and in which version. */
export interface ProviderSource {
  /** The version to ask for. */
  readonly version: string;
  /** Terraform's own configuration, which a run uses instead of the user's. */
  readonly cliConfiguration: string;
  /** Whether all that is needed is on this machine, so that nothing may be missing. */
  readonly mirrored: boolean;
}

/**
 * The provider comes from a filesystem mirror if TF_PROVIDER_MIRROR names one, else from `terraform init` over the
 * network, in the version that the stacks ask for.
 */
export function findProvider(asked: string, mirror = process.env.TF_PROVIDER_MIRROR): ProviderSource {
  if (!mirror) return { version: asked, cliConfiguration: "", mirrored: false };
  return { version: newestVersion(mirror), cliConfiguration: fromMirror(mirror), mirrored: true };
}

function fromMirror(mirror: string): string {
  return `provider_installation {
  filesystem_mirror {
    path    = ${JSON.stringify(mirror)}
    include = ["${PROVIDER}"]
  }
  direct {
    exclude = ["${PROVIDER}"]
  }
}
`;
}

/** The newest version in a mirror, unpacked or as archives. */
function newestVersion(mirror: string): string {
  const versions = readdirSync(join(mirror, PROVIDER)).flatMap((entry) => /\d+\.\d+\.\d+/.exec(entry)?.[0] ?? []);
  const newest = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  if (newest === undefined) throw new Error(`no version of ${PROVIDER} in ${mirror}`);
  return newest;
}
