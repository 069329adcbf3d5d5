import { PullThroughCache } from "../cache";
import { ResolvedCache } from "./registry";
import { prefixesOverlap } from "../naming";
import { ResolvedTemplate } from "../template";

/** The name of the role with which ECR fills a cache of another account's registry. A name takes no slash, a prefix no plus. */
export function upstreamRoleName(region: string, cacheId: string): string {
  return `EcrPullThrough-${region}-${cacheId.replaceAll("/", "+")}`;
}

/** An exclusive repository would shut out the role that fills it, which is no service-linked one. */
export function withFillers(template: ResolvedTemplate, caches: readonly ResolvedCache[]): ResolvedTemplate {
  if (!template.access.denyOthers) return template;
  const fillers = caches.flatMap(({ cache, prefix }) => {
    const roleArn = roleOf(cache);
    return roleArn !== undefined && prefixesOverlap(prefix, template.prefix) ? [{ arn: roleArn }] : [];
  });
  return { ...template, access: { ...template.access, push: [...(template.access.push ?? []), ...fillers] } };
}

function roleOf(cache: PullThroughCache): string | undefined {
  return cache.upstream === "ecr" ? cache.customRoleArn : undefined;
}
