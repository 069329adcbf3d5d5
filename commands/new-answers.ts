import {
  formatDiagnostic,
  isError,
  isUpstreamRegistryName,
  PullThroughCache,
  UPSTREAM_REGISTRY_NAMES,
} from "../modules/domain";
import { checkEnvironment } from "../stacks/check-environments";
import { Backend, Environment } from "../stacks/environment";
import { Ask } from "./ask";
import { UserMistake } from "./command-line";

/** What `new` was told as options. */
export interface NewOptions {
  readonly env?: string;
  readonly account?: string;
  readonly region?: string;
  readonly cache: readonly string[];
  readonly puller: readonly string[];
  readonly backend?: Backend["type"];
  readonly bucket?: string;
  readonly organization?: string;
}

/** The upstreams as they are written after `--cache`. */
export const UPSTREAMS = UPSTREAM_REGISTRY_NAMES.map((name) => {
  if (name === "azure-container-registry") return `${name}=<registry>`;
  return name === "ecr" ? "ecr=<account>/<region>" : name;
});

/** An environment in which nothing is wrong, to try one answer in. */
const EXAMPLE: Environment = {
  name: "example",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [{ upstream: "quay" }],
};

/** Asks for what was not said, again where the answer cannot be. */
export async function askForMissing(options: NewOptions, ask: Ask): Promise<NewOptions> {
  const until = async <T>(question: string, read: (answer: string) => T, said?: string): Promise<T> => {
    if (said !== undefined) return read(said);
    for (let asked = question; ;) {
      try {
        return read((await ask(`${asked}: `)).trim());
      } catch (error) {
        if (!(error instanceof UserMistake)) throw error;
        asked = `${error.message}\n${question}`;
      }
    }
  };
  const one = (field: "name" | "accountId" | "region") => (answer: string) => tryOut({ [field]: answer }, answer);
  const words = (answer: string) => answer.split(/[\s,]+/).filter(Boolean);
  const env = await until("name of the environment", one("name"), options.env);
  const account = await until("account id", one("accountId"), options.account);
  const region = await until("region", one("region"), options.region);
  const cache =
    options.cache.length > 0
      ? options.cache
      : await until(`upstreams to cache, of ${UPSTREAMS.join(", ")}`, (answer) => readCaches(words(answer)));
  const puller =
    options.puller.length > 0
      ? options.puller
      : await until("roles that may pull, which exist already; none: IAM policies decide", (answer) => {
          const roles = words(answer);
          return tryOut({ pullers: roles.map((role) => ({ role })) }, roles);
        });
  const backend = await until("where Terraform keeps its state, of local, s3, cloud", readBackend, options.backend);
  const detail = { ...options, env, account, region, cache, puller, backend };
  if (backend === "s3") return { ...detail, bucket: await until("bucket for the state", filled, options.bucket) };
  if (backend === "local") return detail;
  return { ...detail, organization: await until("organization in HCP Terraform", filled, options.organization) };
}

/** The answer, unless an environment cannot say it. */
function tryOut<T>(change: Partial<Environment>, answer: T): T {
  const problems = checkEnvironment({ ...EXAMPLE, ...change }).filter(isError);
  if (problems.length > 0) throw new UserMistake(problems.map(formatDiagnostic).join("\n"));
  return answer;
}

function readCaches(caches: readonly string[]): readonly string[] {
  if (caches.length === 0) throw new UserMistake("name one at least");
  return tryOut({ caches: caches.map(toCache) }, caches);
}

function readBackend(answer: string): Backend["type"] {
  if (answer === "local" || answer === "s3" || answer === "cloud") return answer;
  throw new UserMistake("write local, s3 or cloud");
}

function filled(answer: string): string {
  if (answer === "") throw new UserMistake("it needs one");
  return answer;
}

/**
 * The environment that was described.
 *
 * @throws UserMistake with what is missing or cannot be
 */
export function toEnvironment(options: NewOptions): Environment {
  const { env: name, account: accountId, region, cache, puller } = options;
  const missing = (["env", "account", "region", "cache"] as const).filter((option) => {
    return options[option] === undefined || options[option].length === 0;
  });
  if (name === undefined || accountId === undefined || region === undefined || missing.length > 0) {
    throw new UserMistake(`missing ${missing.map((option) => `--${option}`).join(", ")} (--help lists the options)`);
  }
  return {
    name,
    accountId,
    region,
    backend: toBackend(options, region),
    caches: cache.map(toCache),
    ...(puller.length > 0 && { pullers: puller.map((role) => ({ role })) }),
  };
}

function toBackend({ backend = "local", bucket, organization }: NewOptions, region: string): Backend {
  if (bucket !== undefined && backend !== "s3") throw new UserMistake("--bucket needs --backend s3");
  if (organization !== undefined && backend !== "cloud") throw new UserMistake("--organization needs --backend cloud");
  switch (backend) {
    case "local":
      return { type: "local" };
    case "s3":
      if (bucket === undefined) throw new UserMistake("--backend s3 needs --bucket");
      return { type: "s3", bucket, region };
    case "cloud":
      if (organization === undefined) throw new UserMistake("--backend cloud needs --organization");
      return { type: "cloud", organization };
  }
}

/** The cache of an upstream, of which for `ecr` and Azure the registry must be said. */
function toCache(said: string): PullThroughCache {
  const [upstream = "", detail] = said.split("=");
  if (!isUpstreamRegistryName(upstream)) {
    throw new UserMistake(`no upstream is called ${upstream}; there are ${UPSTREAMS.join(", ")}`);
  }
  const credential = { type: "new-secret" } as const;
  switch (upstream) {
    case "quay":
    case "k8s":
    case "ecr-public":
      return { upstream };
    case "azure-container-registry":
      if (!detail) throw new UserMistake(`${upstream} needs to know which registry: ${upstream}=contoso`);
      return { upstream, registryName: detail, credential };
    case "ecr": {
      const [accountId, region] = (detail ?? "").split("/");
      if (!accountId || !region) throw new UserMistake("ecr needs to know which registry: ecr=111122223333/us-east-1");
      return { upstream, upstreamRegistry: { accountId, region } };
    }
    case "chainguard":
    case "docker-hub":
    case "github-container-registry":
    case "gitlab-container-registry":
      return { upstream, credential };
  }
}
