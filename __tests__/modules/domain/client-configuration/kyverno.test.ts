import { kyvernoPolicies } from "../../../../modules/domain/client-configuration";
import { admit, readPolicies } from "./admission";
import { cache, DOCKER_HUB, QUAY, REGISTRY } from "./caches";

const [onCreate, onDebug] = readPolicies(kyvernoPolicies([DOCKER_HUB, QUAY, cache("ghcr.io", "ROOT")]).content);

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
       failurePolicy: Ignore
       autogen:
         podControllers:
           controllers: []
       matchConstraints:
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
               object.spec.containers.map(c, {
                 "path": "/spec/containers/" + string(object.spec.containers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : c.image
               }).filter(i, i.host in variables.caches).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
         - patchType: JSONPatch
           jsonPatch:
             expression: |-
               (has(object.spec.initContainers) ? object.spec.initContainers : []).map(c, {
                 "path": "/spec/initContainers/" + string(object.spec.initContainers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : c.image
               }).filter(i, i.host in variables.caches).map(i, JSONPatch{
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
       failurePolicy: Ignore
       autogen:
         podControllers:
           controllers: []
       matchConstraints:
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
               ).map(c, {
                 "path": "/spec/ephemeralContainers/" + string(object.spec.ephemeralContainers.map(o, o.name).indexOf(c.name)) + "/image",
                 "host": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(0, c.image.indexOf("/")).lowerAscii() : "docker.io",
                 "name": c.image.matches("^(localhost|[^/]*[.:A-Z][^/]*)/") ? c.image.substring(c.image.indexOf("/") + 1) : c.image
               }).filter(i, i.host in variables.caches).map(i, JSONPatch{
                 op: "replace",
                 path: i.path,
                 value: variables.caches[i.host] + "/" + (
                   i.host in ["docker.io", "index.docker.io"] && !i.name.contains("/") ? "library/" : ""
                 ) + i.name
               })
     "
    `);
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
