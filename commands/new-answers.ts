import { UPSTREAM_REGISTRY_NAMES } from "../modules/domain";
import { Backend } from "../stacks/environment";
import { Ask } from "./ask";
import { UserMistake } from "./command-line";

/** What `new` was told as options. */
export interface NewOptions {
  readonly env?: string;
  readonly account?: string;
  readonly region?: string;
  readonly cache: readonly string[];
  readonly puller: readonly string[];
  readonly backend: Backend["type"];
  readonly bucket?: string;
  readonly organization?: string;
}

/** The same with all that a file needs. */
export type Answers = NewOptions & { readonly env: string; readonly account: string; readonly region: string };

/** The upstreams for which a name is enough. */
export const SIMPLE_UPSTREAMS = UPSTREAM_REGISTRY_NAMES.filter(
  (name) => name !== "ecr" && name !== "azure-container-registry",
);

const NEEDED = { env: "name of the environment", account: "account id", region: "region" } as const;

/** Asks for what was not said. */
export async function askForMissing(options: NewOptions, ask: Ask): Promise<NewOptions> {
  const answers = { ...options };
  for (const [name, question] of Object.entries(NEEDED) as [keyof typeof NEEDED, string][]) {
    answers[name] ??= (await ask(`${question}: `)).trim();
  }
  const several = async (said: readonly string[], question: string) => {
    return said.length > 0 ? said : (await ask(`${question}: `)).split(/[\s,]+/).filter(Boolean);
  };
  answers.cache = await several(options.cache, `upstreams to cache, of ${SIMPLE_UPSTREAMS.join(", ")}`);
  answers.puller = await several(options.puller, "roles that may pull, which exist already; none: IAM policies decide");
  return answers;
}

/**
 * What is needed, if all was said.
 *
 * @throws UserMistake with what is missing
 */
export function complete(options: NewOptions): Answers {
  const { env, account, region } = options;
  if (env !== undefined && account !== undefined && region !== undefined) return { ...options, env, account, region };
  const missing = Object.keys(NEEDED).filter((name) => options[name as keyof typeof NEEDED] === undefined);
  throw new UserMistake(`missing ${missing.map((name) => `--${name}`).join(", ")} (--help lists the options)`);
}
