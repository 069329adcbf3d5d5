import { AdmissionOptions } from "./admission-options";
import { ClientCache, GeneratedFile } from "./client-cache";
import { admissionSpecs } from "./image-patches";

/**
 * Kyverno policies that rewrite the images of new pods, of their image volumes, and of the debug containers that are
 * added to pods later. The pod then names ECR itself, so the kubelet finds credentials as for any image there.
 *
 * They are `MutatingPolicy` because `ClusterPolicy` is deprecated since Kyverno 1.17 and to be removed in 1.20.
 * Rules for pod controllers would be generated with the paths of a pod, and pods are rewritten anyway.
 *
 * @see https://kyverno.io/docs/policy-types/mutating-policy/
 * @see https://kyverno.io/blog/2026/02/02/announcing-kyverno-release-1.17/
 * @see https://github.com/kyverno/kyverno/blob/main/pkg/cel/policies/mpol/autogen/autogen.go
 */
export function kyvernoPolicies(caches: readonly ClientCache[], options: AdmissionOptions = {}): GeneratedFile {
  const policies = admissionSpecs(caches, options).map(
    ({ name, spec }) => `apiVersion: policies.kyverno.io/v1
kind: MutatingPolicy
metadata:
  name: ${name}
spec:
  autogen:
    podControllers:
      controllers: []
${spec}`,
  );
  return { path: "pull-through-cache.yaml", content: policies.join("---\n") };
}
