import { PrefixIndex, ROOT_PREFIX } from "../naming";
import { isForPulls } from "../template";
import { Diagnostic, diagnostic, isUnresolved } from "../basics";
import { listedAddress, RegistryView, templatesOf } from "../plan";

/** Caches and templates that miss each other. */
export function findTemplateCoverage(view: RegistryView): Diagnostic[] {
  return [...findUncovered(view), ...findUnserved(view), ...findShadowed(view)];
}

/** Each cache gets a template of its own unless one is around it, which need not be one for pulls. */
function findUncovered({ resolved, templates }: RegistryView): Diagnostic[] {
  const byPrefix = new PrefixIndex(templates);
  return resolved.caches.flatMap(({ id, prefix, cache }, index): Diagnostic[] => {
    const near = templatesOf(prefix, byPrefix);
    if (near.length === 0) {
      return [
        diagnostic({
          code: "ecr-defaults",
          path: cache.repositories === undefined ? ["repositories"] : ["caches", index, "repositories"],
          constructs: [`caches/${id}`],
          message: "leaves the cache without a creation template",
          effect:
            "ECR creates its repositories with its own defaults: tags that move, AES256, no lifecycle rule, no policy. " +
            "Encryption can never be changed afterwards",
          fix: "remove it, or acknowledge it",
        }),
      ];
    }
    const idle = near.filter((template) => !isForPulls(template));
    const [first] = idle;
    if (first === undefined) return [];
    const under = idle.map((template) => repositoriesOf(template.prefix)).join(" and ");
    return [
      diagnostic({
        code: "uncovered-prefix",
        path: ["caches", index],
        constructs: [listedAddress("caches", id)],
        message: `has no template for its repositories ${under}`,
        effect:
          "the most specific one there does not apply to pulls, and unless ECR falls back to another, which AWS does not " +
          "document, it creates them with its own defaults: tags that move, no customer key, no lifecycle rule, no policy",
        fix: 'add "PULL_THROUGH_CACHE" to the template\'s appliedFor',
      }),
    ];
  });
}

function repositoriesOf(prefix: string): string {
  return prefix === ROOT_PREFIX ? "under no prefix" : `under ${prefix}`;
}

function findUnserved({ registry, resolved, templates }: RegistryView): Diagnostic[] {
  if (isUnresolved(resolved.caches.map(({ prefix }) => prefix))) return [];
  const caches = new PrefixIndex(resolved.caches);
  return templates.filter(isForPulls).flatMap((template): Diagnostic[] => {
    const { id, prefix, path, appliedFor } = template;
    const isServed = caches.around(prefix).length + caches.inside(prefix).length > 0;
    if (isServed || isUnresolved(prefix)) return [];
    const others = appliedFor.filter((occasion) => occasion !== "PULL_THROUGH_CACHE");
    return [
      diagnostic({
        code: "unserved-template",
        path,
        constructs: [listedAddress("templates", id)],
        message: "applies to pulls through a cache, but no cache has repositories there",
        effect:
          others.length > 0 ? `it is used for ${others.join(" and ")} only` : "ECR never creates a repository from it",
        fix: registry.caches.length === 0 ? "add a cache" : "give a cache this prefix, or remove the template",
      }),
    ];
  });
}

/** A template around caches that all have a more specific one. */
function findShadowed({ resolved, templates, repositories }: RegistryView): Diagnostic[] {
  const caches = new PrefixIndex(resolved.caches);
  const used = new Set(repositories.map(({ template }) => template));
  return templates.filter(isForPulls).flatMap((template): Diagnostic[] => {
    const { id, prefix, path, appliedFor } = template;
    const isAroundNone = caches.inside(prefix).length === 0;
    if (isAroundNone || used.has(template) || appliedFor.length > 1) return [];
    return [
      diagnostic({
        code: "shadowed-template",
        path,
        constructs: [listedAddress("templates", id)],
        message: "covers only caches that a more specific template covers as well",
        effect: "ECR takes the more specific one each time, and never this one",
        fix: "remove it, or the more specific ones",
      }),
    ];
  });
}
