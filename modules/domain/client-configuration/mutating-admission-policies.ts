import { AdmissionOptions } from "./admission-options";
import { ClientCache, GeneratedFile } from "./client-cache";
import { admissionSpecs } from "./image-patches";

/**
 * Policies of Kubernetes itself, each with its binding, that do the same as `kyvernoPolicies` without Kyverno. The API
 * is stable from Kubernetes 1.36.
 *
 * The API server runs them before webhooks and again after a webhook has changed the pod, so that containers which a
 * webhook adds are rewritten, too.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/mutating-admission-policy/
 */
export function mutatingAdmissionPolicies(
  caches: readonly ClientCache[],
  options: AdmissionOptions = {},
): GeneratedFile {
  const policies = admissionSpecs(caches, options).map(
    ({ name, spec }) => `apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata:
  name: ${name}
spec:
  reinvocationPolicy: IfNeeded
${spec}---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata:
  name: ${name}
spec:
  policyName: ${name}
`,
  );
  return { path: "pull-through-cache.yaml", content: policies.join("---\n") };
}
