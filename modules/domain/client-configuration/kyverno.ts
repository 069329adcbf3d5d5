import { DOCKER_HUB, LEGACY_DOCKER_HUB, OFFICIAL_NAMESPACE } from "../image";
import { cacheLocation, ClientCache, GeneratedFile } from "./client-cache";

/**
 * Kyverno policies that rewrite the images of new pods, and of the debug containers that are added to pods later. The
 * pod then names ECR itself, so the kubelet finds credentials as for any image there.
 *
 * They are `MutatingPolicy` because `ClusterPolicy` is deprecated since Kyverno 1.17 and to be removed in 1.20.
 *
 * @see https://kyverno.io/docs/policy-types/mutating-policy/
 * @see https://kyverno.io/blog/2026/02/02/announcing-kyverno-release-1.17/
 */
export function kyvernoPolicies(caches: readonly ClientCache[]): GeneratedFile {
  const locations = locationsByHost(caches);
  const policies = [
    // Not on update: a pod from before the policy would be restarted by the first change of its labels.
    policy("pull-through-cache", "CREATE", "pods", locations, [
      patches("containers", "object.spec.containers"),
      patches("initContainers", "(has(object.spec.initContainers) ? object.spec.initContainers : [])"),
    ]),
    // Only those that are added: the API server refuses to change the ones that are there.
    policy("pull-through-cache-debug", "UPDATE", "pods/ephemeralcontainers", locations, [
      patches(
        "ephemeralContainers",
        `object.spec.ephemeralContainers.filter(c,
  !has(oldObject.spec.ephemeralContainers) || !oldObject.spec.ephemeralContainers.exists(o, o.name == c.name)
)`,
      ),
    ]),
  ];
  return { path: "pull-through-cache.yaml", content: policies.join("---\n") };
}

/**
 * Failures are ignored, since an image that keeps its name still comes from the upstream. Rules for pod controllers
 * would be generated with the paths of a pod, and pods are rewritten anyway.
 *
 * @see https://github.com/kyverno/kyverno/blob/main/pkg/cel/policies/mpol/autogen/autogen.go
 */
function policy(
  name: string,
  operation: string,
  resource: string,
  locations: string,
  mutations: readonly string[],
): string {
  return `apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata:
  name: ${name}
spec:
  failurePolicy: Ignore
  autogen:
    podControllers:
      controllers: []
  matchConstraints:
    resourceRules:
      - apiGroups: [""]
        apiVersions: ["v1"]
        operations: ["${operation}"]
        resources: ["${resource}"]
  variables:
    - name: caches
      expression: |-
${indent(locations, 8)}
  mutations:
${mutations.map(mutation).join("\n")}
`;
}

function mutation(expression: string): string {
  return `    - patchType: JSONPatch
      jsonPatch:
        expression: |-
${indent(expression, 10)}`;
}

/** A CEL map from the hosts in image names to the repository that stands for them. */
function locationsByHost(caches: readonly ClientCache[]): string {
  const hostsOf = ({ upstreamHost }: ClientCache) =>
    upstreamHost === DOCKER_HUB ? [DOCKER_HUB, LEGACY_DOCKER_HUB] : [upstreamHost];
  const entries = caches.flatMap((cache) => hostsOf(cache).map((host) => `  "${host}": "${cacheLocation(cache)}"`));
  return `{\n${entries.join(",\n")}\n}`;
}

/** A host before the first slash: what `parseImageReference` takes for one, as a regular expression of CEL. */
const HAS_HOST = 'c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/")';

/**
 * A CEL expression for the patches of one list of containers. It follows `cachedImage`, in three steps: take each name
 * apart, keep those of which there is a cache, patch them. Containers are found by name, which is unique in a list,
 * because CEL's `map` does not tell positions.
 */
function patches(field: string, containers: string): string {
  return `${containers}.map(c, {
  "path": "/spec/${field}/" + string(object.spec.${field}.map(o, o.name).indexOf(c.name)) + "/image",
  "host": ${HAS_HOST} ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "${DOCKER_HUB}",
  "name": ${HAS_HOST} ? c.image.substring(c.image.indexOf("/") + 1) : c.image
}).filter(i, i.host in variables.caches).map(i, JSONPatch{
  op: "replace",
  path: i.path,
  value: variables.caches[i.host] + "/" + (
    i.host in ["${DOCKER_HUB}", "${LEGACY_DOCKER_HUB}"] && !i.name.contains("/") ? "${OFFICIAL_NAMESPACE}" : ""
  ) + i.name
})`;
}

function indent(text: string, by: number): string {
  return text.replace(/^/gm, " ".repeat(by));
}
