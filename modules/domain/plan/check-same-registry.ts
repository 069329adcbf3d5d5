import { Path, Diagnostic, diagnostic } from "../basics";
import { MOST_CACHES, Registry, ResolvedRegistry, resolveRegistry } from "../registry";
import { prefixesOverlap } from "../naming";

/** A registry as it is described elsewhere in the same app. */
export interface OtherDescription {
  /** The stack or construct that has it. */
  readonly name: string;
  /** What it describes. */
  readonly registry: Registry;
}

/**
 * What cannot work in a description beside others of the same account and region, which have one registry: what they
 * would both create, and what each would overwrite of the other's.
 *
 * @param registry a description that `checkRegistry` found nothing wrong with, as with the others
 */
export function checkSameRegistry(registry: Registry, others: readonly OtherDescription[]): Diagnostic[] {
  if (others.length === 0) return [];
  const own = resolveRegistry(registry);
  const problems = others.flatMap((other) => {
    const their = resolveRegistry(other.registry);
    return [
      ...checkDocuments(own, their, other),
      ...checkPrefixes(own, their, other),
      ...checkNames(own, their, other),
    ];
  });
  const count = [registry, ...others.map((other) => other.registry)].reduce(
    (sum, { caches }) => sum + caches.length,
    0,
  );
  if (count <= MOST_CACHES || own.caches.length > MOST_CACHES) return problems;
  const message = `must be at most ${MOST_CACHES} with those of ${others.map(({ name }) => name).join(", ")}, but are ${count}`;
  const fix = "ECR keeps no more rules in one registry; use another region or account";
  return [...problems, diagnostic({ path: ["caches"], message, fix, code: "too-many-caches" })];
}

/** Whoever writes one of these last replaces what the other wrote, at each apply. */
function checkDocuments(own: ResolvedRegistry, their: ResolvedRegistry, { name }: OtherDescription): Diagnostic[] {
  const fix = 'write "unmanaged" in one of the two, or describe them as one environment';
  return (["registryPolicy", "scanning"] as const).flatMap((document): Diagnostic[] => {
    if (own[document] === undefined || their[document] === undefined) return [];
    const message = `must not be managed here: ${name} manages that of the same account and region, and a registry has only one`;
    return [diagnostic({ path: [document], message, fix, code: "two-owners" })];
  });
}

function checkPrefixes(own: ResolvedRegistry, their: ResolvedRegistry, { name }: OtherDescription): Diagnostic[] {
  const caches = own.caches.flatMap(({ prefix }, index): Diagnostic[] => {
    const other = their.caches.find((one) => prefixesOverlap(one.prefix, prefix));
    if (other === undefined) return [];
    const message = `must not cover the same repositories as the cache "${other.prefix}" of ${name}, in the same account and region`;
    const fix = "choose prefixes side by side, or cache it in one of them only";
    return [diagnostic({ path: ["caches", index, "prefix"], message, value: prefix, fix, code: "overlapping-caches" })];
  });
  const prefixes = new Set(their.templates.map(({ prefix }) => prefix));
  const taken = new Set(their.caches.map(({ prefix }) => prefix));
  const templates = own.templates.filter(({ prefix }) => prefixes.has(prefix) && !taken.has(prefix));
  return [
    ...caches,
    ...templates.map(({ prefix }): Diagnostic => {
      const message = `must not have a template for the prefix "${prefix}", which ${name} has in the same account and region`;
      return diagnostic({ path: ["templates"], message, fix: "keep one of the two", code: "two-owners" });
    }),
  ];
}

/** Roles, keys' aliases and secrets have names that can be given once. */
function checkNames(own: ResolvedRegistry, their: ResolvedRegistry, { name }: OtherDescription): Diagnostic[] {
  const problems: Diagnostic[] = [];
  const twice = (path: Path, what: string, fix: string) => {
    problems.push(
      diagnostic({
        path,
        message: `${what}, which ${name} creates in the same account and region`,
        fix,
        code: "two-owners",
      }),
    );
  };
  if (own.needsRole && their.needsRole) {
    twice(
      ["defaults", "customRoleArn"],
      "must name a role: there can be one EcrRepositoryCreation role",
      "name that role",
    );
  }
  if (own.needsKey && their.needsKey) {
    twice(
      ["defaults", "encryption"],
      "must name a key: there can be one with the alias ecr-pull-through-cache",
      "name it by keyArn",
    );
  }
  for (const { name: secret } of own.secrets.filter((one) => their.secrets.some((other) => other.name === one.name))) {
    twice(["caches"], `must not create the secret "${secret}"`, "give one of them another name");
  }
  return problems;
}
