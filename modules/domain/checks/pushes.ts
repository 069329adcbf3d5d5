import { Diagnostic, diagnostic } from "../basics";
import { prefixContains } from "../naming";
import { describePrincipal, Principal, principalGroups } from "../policy";
import { listedAddress, ofKind, planRegistry, RegistryView, TemplateView, withKnownValues } from "../plan";

const EFFECT =
  "AWS does not support pushes into cached repositories: for up to 24 hours a pull can serve an image that is out of date";

/**
 * Permissions to push into cached repositories. The roles that fill caches of another ECR registry push rightly.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
export function findPushes(view: RegistryView): Diagnostic[] {
  const templates = [...new Set(view.repositories.map(({ template }) => template))];
  return [...templates.flatMap((template) => findPushers(view, template)), ...findCreateOnPush(view)];
}

function findPushers(view: RegistryView, template: TemplateView): Diagnostic[] {
  const { push = [] } = template.access;
  const fillers = fillerArns(view);
  const pushers = push.filter((principal) => !fillers.has(arnOf(view, principal) ?? ""));
  if (pushers.length === 0) return [];
  return [
    diagnostic({
      code: "push-into-cache",
      path: template.pathOf("access"),
      constructs: [listedAddress("templates", template.id)],
      message: `allows ${pushers.map(describePrincipal).join(", ")} to push into repositories that are cached`,
      effect: EFFECT,
      fix: "let them push under a prefix that no cache has",
    }),
  ];
}

function findCreateOnPush({ resolved, templates }: RegistryView): Diagnostic[] {
  return templates.flatMap(({ id, prefix, path, appliedFor }): Diagnostic[] => {
    const around = resolved.caches.find((cache) => prefixContains(cache.prefix, prefix));
    if (around === undefined || !appliedFor.includes("CREATE_ON_PUSH")) return [];
    return [
      diagnostic({
        code: "push-into-cache",
        path: [...path, "appliedFor"],
        constructs: [listedAddress("templates", id)],
        message: `creates repositories for pushes under the prefix of the cache ${around.id}`,
        effect: EFFECT,
        fix: 'remove "CREATE_ON_PUSH", or choose a prefix that no cache has',
      }),
    ];
  });
}

/** The roles of the rules of caches, planned or given. */
function fillerArns({ registry }: RegistryView): ReadonlySet<string> {
  const rules = ofKind(withKnownValues(planRegistry(registry)), "aws_ecr_pull_through_cache_rule");
  return new Set(rules.flatMap(({ settings: { customRoleArn } }) => customRoleArn ?? []));
}

function arnOf({ registry }: RegistryView, principal: Principal): string | undefined {
  const [group] = principalGroups(registry, [principal]);
  if (group === undefined || group.element === "*") return undefined;
  return [group.element.AWS ?? []].flat()[0];
}
