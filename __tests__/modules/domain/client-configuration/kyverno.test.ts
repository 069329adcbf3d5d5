import {
  AdmissionOptions,
  kyvernoPolicies,
  mutatingAdmissionPolicies,
} from "../../../../modules/domain/client-configuration";
import { JsonObject } from "@bufbuild/protobuf";
import { parseAllDocuments } from "yaml";
import { admit, MutatingPolicy, readPolicies } from "./admission";
import { cache, DOCKER_HUB, QUAY, REGISTRY } from "./caches";
import { typeErrors } from "./type-errors";

const CACHES = [DOCKER_HUB, QUAY, cache("ghcr.io", "ROOT")];
const [onCreate, onDebug] = readPolicies(kyvernoPolicies(CACHES).content);
const DIGEST = `sha256:${"0f".repeat(32)}`;

const documentsOf = (yaml: string) => parseAllDocuments(yaml).map((document) => document.toJS());
const expressionsOf = ({ spec }: MutatingPolicy) => [
  ...spec.variables.map(({ expression }) => expression),
  ...spec.mutations.map(({ jsonPatch }) => jsonPatch.expression),
];
const selectorOf = (options: AdmissionOptions) =>
  documentsOf(kyvernoPolicies([QUAY], options).content).map(({ spec }) => spec.matchConstraints.namespaceSelector);

describe("kyvernoPolicies", () => {
  // Exact, since every change of the text is a change in clusters.
  test("writes two policies to one file", () => {
    const { path, content } = kyvernoPolicies([QUAY]);

    expect(path).toBe("pull-through-cache.yaml");
    expect(content).toMatchInlineSnapshot(`
     "apiVersion: policies.kyverno.io/v1
     kind: MutatingPolicy
     metadata:
       name: pull-through-cache
     spec:
       autogen:
         podControllers:
           controllers: []
       failurePolicy: Ignore
       matchConstraints:
         namespaceSelector:
           matchExpressions:
             - key: kubernetes.io/metadata.name
               operator: NotIn
               values: ["kube-system"]
         resourceRules:
           - apiGroups: [""]
             apiVersions: ["v1"]
             operations: ["CREATE"]
             resources: ["pods"]
       variables:
         - name: caches
           expression: |-
             {
               "quay.io": "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/quay"
             }
       mutations:
         - patchType: JSONPatch
           jsonPatch:
             expression: |-
               object.spec.containers.filter(c, has(c.image) && c.image != "auto").map(c, {
                 "path": "/spec/containers/" + string(object.spec.containers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : string(c.image)
               }).filter(i, i.host in variables.caches && !i.name.contains("@")).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
         - patchType: JSONPatch
           jsonPatch:
             expression: |-
               (has(object.spec.initContainers) ? object.spec.initContainers : []).filter(c, has(c.image) && c.image != "auto").map(c, {
                 "path": "/spec/initContainers/" + string(object.spec.initContainers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : string(c.image)
               }).filter(i, i.host in variables.caches && !i.name.contains("@")).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
         - patchType: JSONPatch
           jsonPatch:
             expression: |-
               (has(object.spec.volumes) ? object.spec.volumes : []).filter(c, has(c.image) && has(c.image.reference)).map(c, {
                 "path": "/spec/volumes/" + string(object.spec.volumes.map(o, o.name).indexOf(c.name)) + "/image/reference",
                 "host": c.image.reference.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.reference.substring(0, c.image.reference.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.reference.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.reference.substring(c.image.reference.indexOf("/") + 1) : string(c.image.reference)
               }).filter(i, i.host in variables.caches && !i.name.contains("@")).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
     ---
     apiVersion: policies.kyverno.io/v1
     kind: MutatingPolicy
     metadata:
       name: pull-through-cache-debug
     spec:
       autogen:
         podControllers:
           controllers: []
       failurePolicy: Ignore
       matchConstraints:
         namespaceSelector:
           matchExpressions:
             - key: kubernetes.io/metadata.name
               operator: NotIn
               values: ["kube-system"]
         resourceRules:
           - apiGroups: [""]
             apiVersions: ["v1"]
             operations: ["UPDATE"]
             resources: ["pods/ephemeralcontainers"]
       variables:
         - name: caches
           expression: |-
             {
               "quay.io": "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/quay"
             }
       mutations:
         - patchType: JSONPatch
           jsonPatch:
             expression: |-
               object.spec.ephemeralContainers.filter(c,
                 !has(oldObject.spec.ephemeralContainers) || !oldObject.spec.ephemeralContainers.exists(o, o.name == c.name)
               ).filter(c, has(c.image) && c.image != "auto").map(c, {
                 "path": "/spec/ephemeralContainers/" + string(object.spec.ephemeralContainers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : string(c.image)
               }).filter(i, i.host in variables.caches && !i.name.contains("@")).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
     "
    `);
  });

  test("compiles where all values of a map have one type", () => {
    expect([onCreate, onDebug].flatMap((policy) => typeErrors(expressionsOf(policy!)))).toEqual([
      "",
      "",
      "",
      "",
      "",
      "",
    ]);
  });

  test("would not compile with a value whose type is not known, which the check sees", () => {
    const untyped = expressionsOf(onCreate!).map((text) => text.replace("string(c.image)", "c.image"));

    expect(typeErrors(untyped)[1]).toBe("Map value uses wrong type, expected type 'string' but found 'dyn'");
  });

  test("leaves the pods of the cluster itself alone, unless it is told which namespaces to take", () => {
    const key = "kubernetes.io/metadata.name";
    const twice = (selector: unknown) => [selector, selector];

    expect(selectorOf({})).toEqual(twice({ matchExpressions: [{ key, operator: "NotIn", values: ["kube-system"] }] }));
    expect(selectorOf({ excludeNamespaces: [] })).toEqual(twice(undefined));
    expect(selectorOf({ excludeNamespaces: ["a", "b"], namespaceLabels: { "x.io/cache": "on" } })).toEqual(
      twice({
        matchLabels: { "x.io/cache": "on" },
        matchExpressions: [{ key, operator: "NotIn", values: ["a", "b"] }],
      }),
    );
    expect(selectorOf({ namespaces: ["kube-system", "null"] })).toEqual(
      twice({ matchExpressions: [{ key, operator: "In", values: ["kube-system", "null"] }] }),
    );
  });

  test("patches image volumes", () => {
    const volumes: JsonObject[] = [
      { name: "scratch", emptyDir: {} },
      { name: "later", image: {} },
      { name: "model", image: { reference: "quay.io/models/llm:1", pullPolicy: "Always" } },
    ];

    expect(admit(onCreate!, { spec: { containers: [], volumes } })).toEqual([
      { op: "replace", path: "/spec/volumes/2/image/reference", value: `${REGISTRY}/team/quay/models/llm:1` },
    ]);
  });

  test("leaves what another webhook replaces: Istio's placeholder, and a container without an image", () => {
    const containers: JsonObject[] = [
      { name: "istio-proxy", image: "auto" },
      { name: "injected" },
      { name: "web", image: "nginx" },
    ];

    expect(admit(onCreate!, { spec: { containers } })).toEqual([
      { op: "replace", path: "/spec/containers/2/image", value: `${REGISTRY}/docker-hub/library/nginx` },
    ]);
  });

  test("patches an image that is pinned by digest only if digests come from the cache", () => {
    const pod = { spec: { containers: [{ name: "web", image: `nginx:1.27@${DIGEST}` }] } };
    const [fromCache] = readPolicies(kyvernoPolicies(CACHES, { digests: "cache" }).content);

    expect(admit(onCreate!, pod)).toEqual([]);
    expect(admit(fromCache!, pod)).toEqual([
      { op: "replace", path: "/spec/containers/0/image", value: `${REGISTRY}/docker-hub/library/nginx:1.27@${DIGEST}` },
    ]);
  });

  test("rewrites pods when they are created, and debug containers when they are added", () => {
    expect([onCreate, onDebug].map((policy) => policy!.spec.matchConstraints.resourceRules)).toEqual([
      [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
      [{ apiGroups: [""], apiVersions: ["v1"], operations: ["UPDATE"], resources: ["pods/ephemeralcontainers"] }],
    ]);
  });

  test("patches containers and init containers at their positions, and only those with a cache", () => {
    const pod = {
      spec: {
        initContainers: [{ name: "wait", image: "busybox" }],
        containers: [
          { name: "app", image: "gcr.io/app:1" },
          { name: "metrics", image: "quay.io/prometheus/node-exporter:v1" },
          { name: "web", image: "index.docker.io/bitnami/nginx:1.27" },
        ],
      },
    };

    expect(admit(onCreate!, pod)).toEqual([
      { op: "replace", path: "/spec/containers/1/image", value: `${REGISTRY}/team/quay/prometheus/node-exporter:v1` },
      { op: "replace", path: "/spec/containers/2/image", value: `${REGISTRY}/docker-hub/bitnami/nginx:1.27` },
      { op: "replace", path: "/spec/initContainers/0/image", value: `${REGISTRY}/docker-hub/library/busybox` },
    ]);
  });

  test("patches nothing the second time", () => {
    const pod = { spec: { containers: [{ name: "web", image: `${REGISTRY}/docker-hub/library/nginx` }] } };

    expect(admit(onCreate!, pod)).toEqual([]);
  });

  test("patches the debug containers that are added, not those that a pod has", () => {
    const first = { name: "debugger-1", image: "busybox" };
    const second = { name: "debugger-2", image: "quay.io/tools/shell" };
    const containers = [{ name: "web", image: "nginx" }];
    const podWith = (...ephemeralContainers: { name: string; image: string }[]) => ({
      spec: { containers, ephemeralContainers },
    });

    expect(admit(onDebug!, podWith(first), { spec: { containers } })).toEqual([
      { op: "replace", path: "/spec/ephemeralContainers/0/image", value: `${REGISTRY}/docker-hub/library/busybox` },
    ]);
    expect(admit(onDebug!, podWith(first, second), podWith(first))).toEqual([
      { op: "replace", path: "/spec/ephemeralContainers/1/image", value: `${REGISTRY}/team/quay/tools/shell` },
    ]);
  });
});

describe("mutatingAdmissionPolicies", () => {
  const [create, createBinding, debug, debugBinding] = documentsOf(mutatingAdmissionPolicies(CACHES).content);

  test("has the constraints, variables and expressions of the policies for Kyverno", () => {
    const [kyvernoCreate, kyvernoDebug] = documentsOf(kyvernoPolicies(CACHES).content);

    for (const [policy, kyverno] of [
      [create, kyvernoCreate],
      [debug, kyvernoDebug],
    ]) {
      const { autogen, ...shared } = kyverno.spec;
      expect(autogen).toEqual({ podControllers: { controllers: [] } });
      expect(policy.spec).toEqual({ reinvocationPolicy: "IfNeeded", ...shared });
      expect(policy).toMatchObject({
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "MutatingAdmissionPolicy",
        metadata: kyverno.metadata,
      });
    }
  });

  test("binds each policy to the whole cluster", () => {
    const binding = (name: string) => ({
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "MutatingAdmissionPolicyBinding",
      metadata: { name },
      spec: { policyName: name },
    });

    expect([createBinding, debugBinding]).toEqual([binding("pull-through-cache"), binding("pull-through-cache-debug")]);
  });
});
