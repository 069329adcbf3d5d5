import { DOCKER_HUB, LEGACY_DOCKER_HUB, OFFICIAL_NAMESPACE } from "../image";
import { AdmissionOptions, namespaceSelector } from "./admission-options";
import { cacheLocation, ClientCache } from "./client-cache";

/** One part of pods that names images, and the requests in which a policy patches it. */
interface PatchedRequests {
  /** The name of the policy. */
  readonly name: string;
  /** The operation that the policy matches. */
  readonly operation: "CREATE" | "UPDATE";
  /** The resource that the policy matches. */
  readonly resource: string;
  /** CEL expressions, each for the patches of one list of a pod. */
  readonly patches: readonly string[];
}

/**
 * Istio replaces this image in its own webhook, so it is not an image of Docker Hub.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/gateway/
 */
const PLACEHOLDER_IMAGE = "auto";

/**
 * The `spec` that all admission policies share, without what only one of the engines knows.
 *
 * Failures are ignored, since an image that keeps its name still comes from the upstream.
 */
export function admissionSpecs(
  caches: readonly ClientCache[],
  options: AdmissionOptions,
): { readonly name: string; readonly spec: string }[] {
  return patchedRequests(options).map(({ name, operation, resource, patches }) => ({
    name,
    spec: `  failurePolicy: Ignore
  matchConstraints:
${namespaceSelector(options)}    resourceRules:
      - apiGroups: [""]
        apiVersions: ["v1"]
        operations: ["${operation}"]
        resources: ["${resource}"]
  variables:
    - name: caches
      expression: |-
${indent(locationsByHost(caches), 8)}
  mutations:
${patches.map(mutation).join("\n")}
`,
  }));
}

function patchedRequests({ digests = "upstream" }: AdmissionOptions): PatchedRequests[] {
  const keep = digests === "upstream" ? ' && !i.name.contains("@")' : "";
  return [
    {
      name: "pull-through-cache",
      // Not on update: a pod from before the policy would be restarted by the first change of its labels.
      operation: "CREATE",
      resource: "pods",
      patches: [
        containerPatches("containers", "object.spec.containers", keep),
        containerPatches("initContainers", "(has(object.spec.initContainers) ? object.spec.initContainers : [])", keep),
        patches(
          "volumes",
          "image.reference",
          "(has(object.spec.volumes) ? object.spec.volumes : []).filter(c, has(c.image) && has(c.image.reference))",
          keep,
        ),
      ],
    },
    {
      name: "pull-through-cache-debug",
      // Only the containers that are added: the API server refuses to change those that are there.
      operation: "UPDATE",
      resource: "pods/ephemeralcontainers",
      patches: [
        containerPatches(
          "ephemeralContainers",
          `object.spec.ephemeralContainers.filter(c,
  !has(oldObject.spec.ephemeralContainers) || !oldObject.spec.ephemeralContainers.exists(o, o.name == c.name)
)`,
          keep,
        ),
      ],
    },
  ];
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

function containerPatches(field: string, containers: string, keep: string): string {
  return patches(field, "image", `${containers}.filter(c, has(c.image) && c.image != "${PLACEHOLDER_IMAGE}")`, keep);
}

/**
 * A CEL expression for the patches of one list. It follows `cachedImage`, in three steps: take each name apart, keep
 * those of which there is a cache, patch them. Entries are found by name, which is unique in a list, because CEL's
 * `map` does not tell positions.
 *
 * Kubernetes compiles with one static type for all values of a map, so what comes from the object is made a `string`.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/master/staging/src/k8s.io/apiserver/pkg/cel/environment/base.go
 */
function patches(field: string, property: string, entries: string, keep: string): string {
  const image = `c.${property}`;
  // A host before the first slash: what `parseImageReference` takes for one, as a regular expression of CEL.
  const hasHost = `${image}.matches("^(localhost|[^/]*[.:A-Z][^/]*)/")`;
  return `${entries}.map(c, {
  "path": "/spec/${field}/" + string(object.spec.${field}.map(o, o.name).indexOf(c.name)) + "/${property.replace(".", "/")}",
  "host": ${hasHost} ? ${image}.substring(0, ${image}.indexOf("/")).lowerAscii() : "${DOCKER_HUB}",
  "name": ${hasHost} ? ${image}.substring(${image}.indexOf("/") + 1) : string(${image})
}).filter(i, i.host in variables.caches${keep}).map(i, JSONPatch{
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
