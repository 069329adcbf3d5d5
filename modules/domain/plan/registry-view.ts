import { Path, remember } from "../basics";
import { PrefixIndex } from "../naming";
import { PolicyDocument } from "../policy";
import {
  describedTemplates,
  Registry,
  ResolvedCache,
  ResolvedRegistry,
  resolveRegistry,
  settingsOfAll,
} from "../registry";
import { isForPulls, RepositorySettings, ResolvedTemplate } from "../template";
import { planRegistry } from "./plan-registry";
import { ofKind, PlannedResource } from "./planned-resource";

/** A cache, and a template from which some of its repositories are created. */
export interface CachedRepositories {
  /** The cache that fills them. */
  readonly cache: ResolvedCache;
  /** The template from which ECR creates them. */
  readonly template: TemplateView;
}

/** A template, with where it is described and what its repositories' policy says. */
export interface TemplateView extends ResolvedTemplate {
  /** Where the description has it; a template that was made for a cache is where the cache is. */
  readonly path: Path;
  /** The policy of the repositories that are created from it, if they have one. */
  readonly policy: PolicyDocument | undefined;
  /** Where the description says a setting: of the template, for all templates, or nowhere but by the template itself. */
  readonly pathOf: (setting: keyof RepositorySettings) => Path;
}

/** A registry as checks look at it: everything settled, and who comes of what. */
export interface RegistryView {
  /** The registry as it is described. */
  readonly registry: Registry;
  /** The same with every default filled in. */
  readonly resolved: ResolvedRegistry;
  /** The registry policy, if the registry has one that is managed here. */
  readonly registryPolicy: PolicyDocument | undefined;
  /** Its templates, in the order in which they are resolved. */
  readonly templates: readonly TemplateView[];
  /** Every pair of a cache and a template from which ECR creates repositories of it. */
  readonly repositories: readonly CachedRepositories[];
  /** The caches without any: ECR creates their repositories with its own defaults. */
  readonly uncovered: readonly ResolvedCache[];
}

/** Puts a registry's parts together in which `checkRegistry` finds no error. */
export const viewRegistry: (registry: Registry) => RegistryView = remember((registry) => {
  const resolved = resolveRegistry(registry);
  const plan = planRegistry(registry);
  const planned = ofKind(plan, "aws_ecr_repository_creation_template");
  const templates = resolved.templates.map((template, index) =>
    viewTemplate(registry, planned[index]!, template, index),
  );
  const used = new PrefixIndex(templates.filter(isForPulls));
  const repositories = resolved.caches.flatMap((cache) => {
    return templatesOf(cache.prefix, used).map((template) => ({ cache, template }));
  });
  const covered = new Set(repositories.map(({ cache }) => cache));
  const uncovered = resolved.caches.filter((cache) => !covered.has(cache));
  const registryPolicy = ofKind(plan, "aws_ecr_registry_policy")[0]?.settings.policy;
  return { registry, resolved, registryPolicy, templates, repositories, uncovered };
});

function viewTemplate(
  registry: Registry,
  { path, settings: { repositoryPolicy } }: PlannedResource<"aws_ecr_repository_creation_template">,
  template: ResolvedTemplate,
  index: number,
): TemplateView {
  const { settingsPath, own } = describedTemplates(registry)[index]!;
  const all = settingsOfAll(registry) ?? {};
  return {
    ...template,
    path,
    policy: repositoryPolicy,
    pathOf: (setting) => {
      if (own[setting] !== undefined) return [...settingsPath, setting];
      return all[setting] === undefined ? path : ["repositories", setting];
    },
  };
}

/** The templates that apply under a prefix: the most specific of those around it, and those inside it. */
export function templatesOf<T extends Pick<ResolvedTemplate, "prefix">>(
  prefix: string,
  templates: PrefixIndex<T>,
): T[] {
  return [...templates.around(prefix).slice(0, 1), ...templates.inside(prefix)];
}
