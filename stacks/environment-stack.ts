import { isAbsolute, relative, sep } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import {
  App,
  CloudBackend as CdktfCloudBackend,
  LocalBackend as CdktfLocalBackend,
  NamedCloudWorkspace,
  S3Backend as CdktfS3Backend,
  TaggedCloudWorkspaces,
  TerraformOutput,
  TerraformStack,
} from "cdktf";
import { Construct } from "constructs";
import { acceptForm, EcrRegistry, isFormAccepted } from "../modules";
import { throwErrors } from "../modules/validation-error";
import { checkEnvironment } from "./check-environments";
import { AssumeRole, CloudBackend } from "./environment";
import { RegionalEnvironment } from "./environment-regions";
import { formatStack } from "./export";

/**
 * The oldest Terraform that has write-only arguments, ephemeral variables and S3's own lock file.
 *
 * @see https://developer.hashicorp.com/terraform/language/manage-sensitive-data/write-only
 */
const REQUIRED_TERRAFORM = ">= 1.11.0";
/** The same for CDK Terrain, which looks at synth whether every feature is there; CDKTF does not read it. */
const TARGET_VERSIONS = { terraform: ">=1.11.0", opentofu: ">=1.11.0" };

/** The registry of one environment in one region, with the provider that may change it and the backend that remembers it. */
export class EnvironmentStack extends TerraformStack {
  /** The stack is called after the environment, and its state with it. */
  constructor(scope: Construct, environment: RegionalEnvironment) {
    super(scope, environment.name);
    // What is checked with all other environments need not be checked again.
    if (!isFormAccepted(environment)) {
      throwErrors(this, checkEnvironment(environment));
      acceptForm(environment);
    }
    this.node.setContext("targetVersions", TARGET_VERSIONS);
    this.addOverride("terraform.required_version", REQUIRED_TERRAFORM);
    addBackend(this, environment);
    addProvider(this, environment);
    addOutputs(this, new EcrRegistry(this, "registry", environment));
  }

  /**
   * The stack in HCL, for `cdktf synth --hcl`. What the engines write cannot be parsed: they do not quote a policy with a
   * reference in it, and lose the required version.
   */
  public override toHclTerraform(): {
    /** The configuration. */
    hcl: string;
    /** What the engine tells of the stack. */
    metadata: unknown;
  } {
    const { metadata } = super.toHclTerraform() as { metadata: unknown };
    return { hcl: formatStack(this), metadata };
  }
}

function addBackend(stack: TerraformStack, { name, backend }: RegionalEnvironment): void {
  switch (backend.type) {
    case "local": {
      const { path = `terraform.${name}.tfstate` } = backend;
      new CdktfLocalBackend(stack, { path: `${projectFolder(stack)}/${path}` });
      return;
    }
    case "s3": {
      const { bucket, region, key = `ecr-pull-through-cache/${name}.tfstate`, kmsKeyArn: kmsKeyId } = backend;
      const assumeRole = backend.assumeRole && withSessionName(backend.assumeRole);
      // The binding is older than the argument for the lock file.
      new CdktfS3Backend(stack, { bucket, region, key, encrypt: true, kmsKeyId, assumeRole }).addOverride(
        "use_lockfile",
        true,
      );
      return;
    }
    case "cloud": {
      const { organization, hostname } = backend;
      new CdktfCloudBackend(stack, { organization, hostname, workspaces: workspacesOf(backend, name) });
      return;
    }
  }
}

/**
 * From `cdktf.out/stacks/<stack>`, where Terraform runs, back to the folder of `cdktf.json`, in which everything is run.
 * From an output folder outside of that it is the folder around it: the way back would name folders of one machine.
 */
function projectFolder(stack: TerraformStack): string {
  const inProject = relative(process.cwd(), outdirOf(stack));
  if (isAbsolute(inProject) || inProject.split(sep)[0] === "..") return "../../..";
  const depth = inProject === "" ? 0 : inProject.split(sep).length;
  return Array<string>(depth + 2)
    .fill("..")
    .join("/");
}

/** The name of the context in which an app has the folder that its output is for, where it writes to another first. */
export const OUTDIR_CONTEXT = "ecr-pull-through-cache/outdir";

function outdirOf(stack: TerraformStack): string {
  const outdir: unknown = stack.node.tryGetContext(OUTDIR_CONTEXT);
  return typeof outdir === "string" ? outdir : App.of(stack).outdir;
}

function workspacesOf({ workspace, workspaceTags, project }: CloudBackend, stackName: string) {
  if (workspaceTags) return new TaggedCloudWorkspaces([...workspaceTags], project);
  return new NamedCloudWorkspace(workspace ?? `ecr-pull-through-cache-${stackName}`, project);
}

function withSessionName(role: AssumeRole): AssumeRole {
  return { sessionName: "ecr-pull-through-cache", ...role };
}

function addProvider(stack: TerraformStack, { accountId, region, assumeRole }: RegionalEnvironment): void {
  new AwsProvider(stack, "aws", {
    region,
    // Credentials of another account are refused before anything is read or changed.
    allowedAccountIds: [accountId],
    assumeRole: assumeRole && [withSessionName(assumeRole)],
  });
}

function addOutputs(stack: TerraformStack, registry: EcrRegistry): void {
  const outputs: Record<string, { value: unknown; description: string }> = {
    registry_host: { value: registry.host, description: "The host for docker login and docker pull" },
    pull_prefixes: {
      value: registry.pullPrefixes,
      description: "What to put before an upstream image's path to pull it through each cache",
    },
    template_role_arn: {
      value: registry.templateRoleArn,
      description: "The role with which ECR creates repositories",
    },
    secrets_to_fill: {
      value: Object.keys(registry.secretsToFill).length > 0 ? registry.secretsToFill : undefined,
      description: "What to put into the secrets whose value Terraform does not know, before the first pull",
    },
    key_arn: { value: registry.keyArn, description: "The key with which cached images are encrypted" },
  };
  for (const [name, { value, description }] of Object.entries(outputs)) {
    if (value === undefined) continue;
    // Other configurations read outputs by name: it must be the bare one, without the hash of a nested construct.
    new TerraformOutput(stack, name, { value, description }).overrideLogicalId(name);
  }
}
