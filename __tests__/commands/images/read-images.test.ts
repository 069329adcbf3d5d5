import { readImages } from "../../../commands/images/index";

/** The names in a file, in their order; those that cannot be told with the reason. */
function names(path: string, text: string): string[] {
  return readImages({ path, text }).images.map(({ name, unreadable }) => {
    return unreadable === undefined ? name : `${name}: ${unreadable}`;
  });
}

describe("readImages finds the images of Kubernetes", () => {
  test("in pods, templates, CronJobs, lists, init and ephemeral containers and image volumes", () => {
    const text = `
apiVersion: v1
kind: Pod
metadata: { name: a, annotations: { image: "not/one:1" } }
spec:
  initContainers: [{ name: i, image: busybox }]
  containers:
    - { name: c, image: "nginx:1.27" }
  ephemeralContainers:
    - name: e
      image: 'debug:1'
  volumes:
    - name: v
      image: { reference: quay.io/org/data:1, pullPolicy: Always }
status:
  containerStatuses: [{ image: docker.io/library/nginx:1.27 }]
---
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: CronJob
    spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "cron:1" }] } } } } }
  - apiVersion: v1
    kind: ConfigMap
    data: { image: "data:1", containers: "x" }
`;
    expect(names("a.yaml", text)).toEqual(["busybox", "nginx:1.27", "debug:1", "quay.io/org/data:1", "cron:1"]);
  });

  test("in custom resources, but not in their definitions", () => {
    const text = `
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
spec:
  image: quay.io/prometheus/prometheus:v3
  containers: [{ name: p, image: proxy }]
  other: { image: something }
---
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec: { templates: [{ container: { image: alpine } }] }
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
spec: { versions: [{ schema: { containers: [{ image: "no:1" }] } }] }
`;
    expect(names("a.yaml", text)).toEqual(["quay.io/prometheus/prometheus:v3", "proxy", "alpine"]);
  });

  test("in the output of kubectl get pods -A -o json", () => {
    const pod = {
      apiVersion: "v1",
      kind: "Pod",
      spec: { containers: [{ image: "nginx" }] },
      status: { image: "no:1" },
    };
    const text = JSON.stringify({
      apiVersion: "v1",
      kind: "List",
      items: [pod, { ...pod, metadata: { image: "no:2" } }],
    });
    expect(names("standard input", text)).toEqual(["nginx", "nginx"]);
  });

  test("once where an anchor shares one, and as what a map says itself", () => {
    const text = `
x: &base { image: "shared:1", name: a }
apiVersion: v1
kind: Pod
spec:
  containers:
    - *base
    - <<: *base
      name: b
    - image: own:1
      <<: *base
`;
    expect(names("a.yaml", text)).toEqual(["shared:1", "own:1"]);
  });
});

test("readImages finds the images of Kustomize, by their new names", () => {
  const text = `
images:
  - name: nginx
    newTag: 1.27
  - { name: app, newName: quay.io/org/app, newTag: "2" }
  - name: redis
    digest: sha256:${"0f".repeat(32)}
`;
  expect(names("overlays/kustomization.yaml", text)).toEqual([
    "nginx:1.27",
    "quay.io/org/app:2",
    `redis@sha256:${"0f".repeat(32)}`,
  ]);
});

test("readImages finds the images of Compose, with the defaults of variables", () => {
  const text = `
x-base: &base { image: "postgres:16" }
services:
  db: { <<: *base }
  web: { image: "nginx:\${TAG:-1.27}" }
  all: { image: "\${IMAGE-redis:7}" }
  built: { image: me/own, build: . }
  unknown: { image: "app:\${TAG}" }
`;
  expect(names("docker-compose.yml", text)).toEqual([
    "postgres:16",
    "nginx:1.27",
    "redis:7",
    "app:${TAG}: the variable TAG has no value here",
  ]);
});

test("readImages finds the images of a Dockerfile, not its stages", () => {
  const text = `# syntax=docker/dockerfile:1
ARG VERSION=20
ARG BASE="node:\${VERSION}-alpine"
ARG NONE
FROM --platform=$BUILDPLATFORM golang:1.24 AS golang
FROM \${BASE} AS web
COPY --from=golang /a /b
COPY --from=ghcr.io/astral-sh/uv:0.4 /uv /bin/
COPY --from=0 /a /b
RUN --mount=type=bind,from=alpine:3.20,target=/x true
FROM web
FROM \${NONE}/app
FROM scratch
`;
  expect(names("Dockerfile.prod", text)).toEqual([
    "docker/dockerfile:1",
    "golang:1.24",
    "node:20-alpine",
    "ghcr.io/astral-sh/uv:0.4",
    "alpine:3.20",
    "${NONE}/app: the build argument NONE has no default",
  ]);
  expect(names("standard input", text)).toHaveLength(6);
});

test("readImages finds the images of a task definition, and of what describes one", () => {
  const text = JSON.stringify({
    taskDefinition: { containerDefinitions: [{ name: "a", image: "nginx" }, { image: "b:1" }] },
  });
  expect(names("task.json", text)).toEqual(["nginx", "b:1"]);
});

test("readImages finds the images of GitHub Actions", () => {
  const text = `
on: push
jobs:
  a:
    runs-on: ubuntu-latest
    container: node:20
    services: { redis: { image: "redis:7" } }
    steps: [{ uses: "docker://alpine:3.8" }, { uses: actions/checkout@v4 }]
  b:
    runs-on: ubuntu-latest
    container: { image: "\${{ matrix.image }}" }
`;
  expect(names(".github/workflows/ci.yml", text)).toEqual([
    "node:20",
    "redis:7",
    "alpine:3.8",
    "${{ matrix.image }}: it has an expression of a workflow",
  ]);
  expect(names("action.yml", "runs: { using: docker, image: docker://alpine:3 }")).toEqual(["alpine:3"]);
});

test("readImages finds the images of GitLab CI, with its variables", () => {
  const text = `
variables: { VERSION: "20", OTHER: { value: "3.3" } }
image: node:$VERSION
services: [postgres:16]
job: { image: { name: "ruby:\${OTHER}" }, services: [{ name: "redis:7" }], script: [x] }
own: { image: "$CI_REGISTRY_IMAGE:1", script: [x] }
`;
  expect(names(".gitlab-ci.yml", text)).toEqual([
    "node:20",
    "postgres:16",
    "ruby:3.3",
    "redis:7",
    "$CI_REGISTRY_IMAGE:1: the variable CI_REGISTRY_IMAGE has no value here",
  ]);
});

test("readImages finds the names of a list", () => {
  expect(names("images.txt", "# web\nnginx:1.27   # it\n\n- quay.io/a/b\r\nlocalhost:5000/x\n")).toEqual([
    "nginx:1.27",
    "quay.io/a/b",
    "localhost:5000/x",
  ]);
  expect(names("images.json", '["nginx", "redis:7"]')).toEqual(["nginx", "redis:7"]);
});

test.each([
  [
    "a.yaml",
    "apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: {{ .Values.image }} }] }",
    /template.*helm template/,
  ],
  ["a.yaml", "a: [image\nb: }", /^it cannot be read as YAML: line \d/],
  ["a.json", '{\n"image": nginx }', /^it cannot be read as JSON: line 2$/],
])("readImages says why %s cannot be read", (path, text, message) => {
  expect(readImages({ path, text })).toEqual({ images: [], errors: [expect.stringMatching(message)] });
});

test("readImages reads the documents beside one that cannot be read", () => {
  const text = "apiVersion: v1\nkind: Pod\nspec: { containers: [{ image: a:1 }] }\n---\nimage: [\n---\nimage: }\n";
  const { images, errors } = readImages({ path: "a.yaml", text });
  expect(images.map(({ name }) => name)).toEqual(["a:1"]);
  expect(errors).toHaveLength(2);
});
