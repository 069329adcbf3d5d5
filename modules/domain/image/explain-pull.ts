import { describeCredential, DescribedSetting, describeTemplate, describeUpstream } from "../words";
import { Registry } from "../registry";
import { pullersOf, pullPermissions, RegistryView, viewRegistry } from "../plan";
import { effectiveTag, formatImageReference } from "./image-reference";
import { tagCanMove } from "../template";
import { describeLifecycleRule, previewLifecycle } from "../lifecycle";
import { describePrincipal } from "../policy";
import { isUnresolved, Refused } from "../basics";
import { upstreamRegistryUrl } from "../cache";
import { ResolvedImage, resolveImage } from "./resolve-image";

/** What somebody may do of what a first pull needs. */
export interface ExplainedPuller {
  /** The principal, as people name it. */
  readonly who: string;
  /** The actions that no policy made here allows, or one denies. */
  readonly missing: readonly string[];
  /** The actions about which only something else knows. */
  readonly unknown: readonly string[];
}

/** What happens when an image is pulled through a cache, in the order in which it happens. */
export interface ExplainedPull {
  /** What to pull: by the digest alone where there is one, since clients drop or refuse a tag before it. */
  readonly uri: string;
  /** The same image by its tag, where it was named by tag and digest: what imports it. */
  readonly uriByTag?: string;
  /** What to know about the name by which it was asked for; absent where there is nothing. */
  readonly notes?: readonly string[];
  /** The rule that serves it. */
  readonly rule: {
    /** What its repositories start with, without the slash. */
    readonly prefix: string;
    /** The upstream, by the name people use. */
    readonly upstream: string;
    /** The host that it asks. */
    readonly upstreamRegistryUrl: string;
    /** With what credential, in words. */
    readonly credential: string;
  };
  /** The image that ECR asks the upstream for. */
  readonly upstreamImage: string;
  /** The repository that ECR creates unless it is there. */
  readonly repository: string;
  /** The template from which it does, with its settings; none where ECR's own defaults would apply. */
  readonly template:
    | undefined
    | {
        /** What the names of its repositories start with, without the slash. */
        readonly prefix: string;
        /** What it sets. */
        readonly settings: readonly DescribedSetting[];
      };
  /** What the puller must be allowed on the repository, beside `ecr:GetAuthorizationToken` on everything. */
  readonly actions: readonly string[];
  /** Whether those are who are meant to pull. */
  readonly pullers: readonly ExplainedPuller[];
  /** When ECR asks the upstream again. */
  readonly refresh: string;
  /** What lifecycle rules do to the image later. */
  readonly lifecycle: string;
}

/**
 * What happens when an image is pulled, once for each cache that serves it, or why none does.
 *
 * @param registry a description in which `checkRegistry` finds no error
 */
export function explainPull(
  name: string,
  registry: Registry,
):
  | Refused
  | {
      /** One for each cache. */
      readonly pulls: readonly ExplainedPull[];
    } {
  const resolved = resolveImage(name, registry);
  if ("diagnostics" in resolved) return resolved;
  const view = viewRegistry(registry);
  return { pulls: resolved.images.map((image) => explain(image, view)) };
}

function explain(image: ResolvedImage, view: RegistryView): ExplainedPull {
  const { upstream, repository, actions, notes } = image;
  const { cache, prefix } = image.cache;
  const template = view.templates.find(({ id }) => id === image.template?.id);
  return {
    ...urisOf(image),
    ...(notes.length > 0 && { notes }),
    rule: {
      prefix,
      upstream: describeUpstream(cache),
      upstreamRegistryUrl: upstreamRegistryUrl(cache),
      credential: describeCredential(cache),
    },
    upstreamImage: formatImageReference(upstream),
    repository,
    template: template && { prefix: template.prefix, settings: describeTemplate(template) },
    actions,
    pullers: explainPullers(image, view),
    refresh: explainRefresh(image),
    lifecycle: explainLifecycle(image),
  };
}

/** Skopeo refuses a name with a tag and a digest; other clients drop the tag. */
function urisOf({ uri, upstream: { tag, digest } }: ResolvedImage): Pick<ExplainedPull, "uri" | "uriByTag"> {
  if (tag === undefined || digest === undefined) return { uri };
  return { uri: uri.replace(`:${tag}@`, "@"), uriByTag: uri.slice(0, -`@${digest}`.length) };
}

function explainPullers({ cache, template }: ResolvedImage, view: RegistryView): ExplainedPuller[] {
  const repositories = { cache, template: view.templates.find(({ id }) => id === template?.id) };
  return pullersOf(view.registry, repositories).map(({ principal }) => {
    const { missing, unknown } = pullPermissions(view, repositories, principal);
    return { who: describePrincipal(principal), missing, unknown };
  });
}

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html */
function explainRefresh({ upstream, template }: ResolvedImage): string {
  const tag = upstream.digest === undefined ? effectiveTag(upstream) : undefined;
  if (tag === undefined) {
    return "never: a digest names one image for ever. As users report, ECR does not import by a digest: pull the tag once before";
  }
  const mutability = template?.imageTagMutability ?? "MUTABLE";
  if (isUnresolved(mutability)) return "if the tag can move, which only Terraform knows";
  return tagCanMove(tag, mutability)
    ? `at the first pull after 24 hours ECR asks whether ${tag} has moved, and follows it; while the upstream cannot be reached, it serves what it has`
    : `never: ${tag} cannot move here, so it stays the image of its first pull`;
}

/** Follows the image from its push, as if nobody ever pulled it again, until a rule takes it. */
function explainLifecycle({ upstream, template }: ResolvedImage): string {
  const policy = template?.lifecyclePolicy;
  if (policy === undefined || policy.rules.length === 0) return "no rule: it is kept";
  const tag = upstream.digest === undefined ? effectiveTag(upstream) : undefined;
  const image = { id: "image", tags: tag === undefined ? [] : [tag], pushedAt: new Date(0) };
  const [preview] = previewLifecycle(policy, [image], new Date(8.64e15));
  const kept = tag === undefined ? "no rule takes it" : "no rule takes it as long as it has the tag";
  if (preview?.rule === undefined) return kept;
  // A rule that counts takes one image as soon as there are others.
  const counts = preview.rule.selection.countType === "imageCountMoreThan";
  return preview.action === "keep" && !counts ? kept : describeLifecycleRule(preview.rule);
}
