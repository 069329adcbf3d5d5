import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { checkSecretArn, SECRET_NAME_PREFIX, secretNameOf } from "../cache";
import { RegistryScope } from "../naming";

/** What exists in AWS already and is taken over instead of created. */
export interface Adoption {
  /**
   * The ids of the caches whose rules exist, or `true` for all.
   *
   * @default - none
   */
  readonly caches?: boolean | readonly string[];
  /**
   * The ids of the templates that exist, or `true` for all. A template that was made for a cache has the cache's id.
   *
   * @default - none
   */
  readonly templates?: boolean | readonly string[];
  /**
   * Whether the registry has a policy. It is replaced by what is described here: put what shall stay of it into
   * `registryPolicy`.
   *
   * @default false
   */
  readonly registryPolicy?: boolean;
  /**
   * Whether the scanning configuration is taken over. Every registry has one; created instead of taken over, it is
   * overwritten all the same, only without a plan that shows from what.
   *
   * @default false
   */
  readonly scanning?: boolean;
  /**
   * The full ARNs of secrets that exist, by the names that they have here, e.g. `docker-hub`. Their value is written
   * again, as a new version.
   *
   * @default - none
   */
  readonly secrets?: Readonly<Record<string, string>>;
}

/** What is there to be taken over. */
export interface Adoptable {
  /** The ids of the caches. */
  readonly caches: readonly string[];
  /** The ids of the templates. */
  readonly templates: readonly string[];
  /** The names of the secrets. */
  readonly secrets: readonly string[];
  /** Whether a registry policy is written. */
  readonly registryPolicy: boolean;
  /** Whether a scanning configuration is written. */
  readonly scanning: boolean;
}

/** What is taken over, thing by thing. */
export interface ResolvedAdoption {
  /** The ids of the caches whose rules are taken over. */
  readonly caches: ReadonlySet<string>;
  /** The ids of the templates that are. */
  readonly templates: ReadonlySet<string>;
  /** The ARNs of the secrets that are, by name. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Whether the registry policy is. */
  readonly registryPolicy: boolean;
  /** Whether the scanning configuration is. */
  readonly scanning: boolean;
}

/** Settles what is taken over of what there is. */
export function resolveAdoption(importExisting: boolean | Adoption | undefined, there: Adoptable): ResolvedAdoption {
  const all = { caches: true, templates: true, registryPolicy: there.registryPolicy, scanning: there.scanning };
  const {
    caches,
    templates,
    registryPolicy = false,
    scanning = false,
    secrets,
  }: Adoption = importExisting === true ? all : importExisting || {};
  return {
    caches: chosen(caches, there.caches),
    templates: chosen(templates, there.templates),
    secrets: new Map(Object.entries(secrets ?? {})),
    registryPolicy,
    scanning,
  };
}

function chosen(choice: boolean | readonly string[] | undefined, ids: readonly string[]): ReadonlySet<string> {
  if (typeof choice === "boolean") return new Set(choice ? ids : []);
  return new Set(choice ?? []);
}

/** What is wrong with what shall be taken over: it must be something that there is, and a secret's ARN its own. */
export function checkAdoption(
  importExisting: boolean | Adoption,
  there: Adoptable,
  scope: RegistryScope,
  path: Path,
): Diagnostic[] {
  if (typeof importExisting === "boolean") return [];
  const { caches, templates, registryPolicy, scanning, secrets = {} } = importExisting;
  const problems = [
    ...checkIds(caches, there.caches, "cache", [...path, "caches"]),
    ...checkIds(templates, there.templates, "template", [...path, "templates"]),
    ...Object.entries(secrets).flatMap(([name, arn]) => {
      const at = [...path, "secrets", name];
      const unknown = checkId(name, there.secrets, "secret that is created here", at);
      return unknown.length > 0 ? unknown : checkSecret(name, arn, scope, at);
    }),
  ];
  const fix = "remove it";
  if (registryPolicy && !there.registryPolicy) {
    const message = "asks for a policy, but none is managed here";
    problems.push(diagnostic({ path: [...path, "registryPolicy"], message, value: true, fix }));
  }
  if (scanning && !there.scanning) {
    const message = "asks for the scanning configuration, but none is managed here";
    problems.push(diagnostic({ path: [...path, "scanning"], message, value: true, fix }));
  }
  return problems;
}

function checkIds(choice: Adoption["caches"], ids: readonly string[], kind: string, path: Path): Diagnostic[] {
  if (choice === undefined || typeof choice === "boolean") return [];
  if (!Array.isArray(choice)) {
    return [
      diagnostic({
        path,
        message: "must be true or a list of ids",
        value: choice,
        fix: `write e.g. ${JSON.stringify(ids)}`,
      }),
    ];
  }
  return (choice as readonly string[]).flatMap((id, index) => checkId(id, ids, kind, [...path, index]));
}

function checkId(id: string, ids: readonly string[], kind: string, path: Path): Diagnostic[] {
  if (isUnresolved(id) || ids.includes(id)) return [];
  const known = ids.length === 0 ? "there is none" : `use one of ${ids.join(", ")}`;
  return [diagnostic({ path, message: `must be the id of a ${kind}`, value: id, fix: known })];
}

function checkSecret(name: string, arn: string, scope: RegistryScope, path: Path): Diagnostic[] {
  const problems = checkSecretArn(arn, scope, path);
  if (problems.length > 0 || isUnresolved(arn)) return problems;
  if (secretNameOf(arn) === `${SECRET_NAME_PREFIX}${name}`) return [];
  const message = `must be the full ARN of the secret ${SECRET_NAME_PREFIX}${name}, with the six characters at its end`;
  return [
    diagnostic({
      path,
      message,
      value: arn,
      fix: "copy it from Secrets Manager, or give the cache's secret that name",
    }),
  ];
}
