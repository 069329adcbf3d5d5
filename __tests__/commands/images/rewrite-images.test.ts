import fc from "fast-check";
import { formatImageReference, Registry, resolveImage } from "../../../modules";
import { checkImages, readImages, rewriteImages, suggestCaches } from "../../../commands/images/index";

const HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const DIGEST = `sha256:${"0f".repeat(32)}`;
const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [{ upstream: "docker-hub", credential: { type: "new-secret" } }, { upstream: "quay" }, { upstream: "k8s" }],
};

function rewritten(path: string, text: string): string {
  const once = rewriteImages({ path, text }, registry).text;
  // Rewriting again changes nothing.
  expect(rewriteImages({ path, text: once }, registry)).toMatchObject({ text: once, edits: [], path });
  return once;
}

describe("rewriteImages changes the names of repositories and nothing else", () => {
  test.each([
    [
      "a.yaml",
      'apiVersion: v1\r\nkind: Pod # it\r\nspec:\r\n  containers:\r\n  - image:   "nginx:1.27"   # web\r\n    name: a\r\n',
      `apiVersion: v1\r\nkind: Pod # it\r\nspec:\r\n  containers:\r\n  - image:   "${HOST}/docker-hub/library/nginx:1.27"   # web\r\n    name: a\r\n`,
    ],
    [
      "kustomization.yaml",
      "images:\n  - name: nginx   # web\n    newTag: 1.27\n  - {name: redis, newTag: 7}\n  - name: a\n    newName: quay.io/org/app\n",
      `images:\n  - name: nginx   # web\n    newName: ${HOST}/docker-hub/library/nginx\n    newTag: 1.27\n  - {name: redis, newName: ${HOST}/docker-hub/library/redis, newTag: 7}\n  - name: a\n    newName: ${HOST}/quay/org/app\n`,
    ],
    [
      "compose.yaml",
      "services:\n  a: { image: 'nginx:${TAG:-1}' }\n  b: { image: '${IMAGE:-redis:7}' }\n",
      `services:\n  a: { image: '${HOST}/docker-hub/library/nginx:\${TAG:-1}' }\n  b: { image: '\${IMAGE:-${HOST}/docker-hub/library/redis:7}' }\n`,
    ],
    [
      "Dockerfile",
      'ARG V=20\nARG BASE="node:${V}"\nFROM \\\n  --platform=linux/amd64 ${BASE} AS node\nFROM node\nCOPY --from=quay.io/org/app:1 /a /\n',
      `ARG V=20\nARG BASE="${HOST}/docker-hub/library/node:\${V}"\nFROM \\\n  --platform=linux/amd64 \${BASE} AS node\nFROM node\nCOPY --from=${HOST}/quay/org/app:1 /a /\n`,
    ],
    [
      "task.json",
      `{\n\t"containerDefinitions": [ { "image" : "k8s.gcr.io/pause:3.9@${DIGEST}" } ] }`,
      `{\n\t"containerDefinitions": [ { "image" : "${HOST}/kubernetes/pause:3.9@${DIGEST}" } ] }`,
    ],
    [
      "ci.yml",
      "jobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker://alpine:3\n",
      `jobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: docker://${HOST}/docker-hub/library/alpine:3\n`,
    ],
    ["list.txt", "nginx # a\nghcr.io/org/app:1\n", `${HOST}/docker-hub/library/nginx # a\nghcr.io/org/app:1\n`],
  ])("in %s", (path, before, after) => {
    expect(rewritten(path, before)).toBe(after);
  });

  test("and leaves a name that is put together from several places, and says so", () => {
    const text = "ARG REG=docker.io/library\nFROM ${REG}/debian:12\n";
    const { text: same, left } = rewriteImages({ path: "Dockerfile", text }, registry);
    expect(same).toBe(text);
    expect(left.map(({ name }) => name)).toEqual(["docker.io/library/debian:12"]);
  });

  test("and leaves a build argument that two names need to differ in", () => {
    const text = "ARG A=redis\nFROM ${A}\nFROM ${A}:7 AS b\nFROM quay.io/${A}/app\n";
    expect(rewriteImages({ path: "Dockerfile", text }, registry).text).toBe(text);
  });
});

describe("rewriting and reading back", () => {
  const component = fc.stringMatching(/^[a-z0-9]{1,8}([._-][a-z0-9]{1,4})?$/);
  const host = fc.constantFrom(
    "",
    "docker.io/",
    "quay.io/",
    "registry.k8s.io/",
    "k8s.gcr.io/",
    "mirror.gcr.io/",
    "ghcr.io/",
    "gcr.io/",
  );
  const suffix = fc.constantFrom("", ":1.27", `@${DIGEST}`, `:v1@${DIGEST}`);
  const image = fc
    .tuple(host, fc.array(component, { minLength: 1, maxLength: 2 }), suffix)
    .map(([registryName, path, end]) => `${registryName}${path.join("/")}${end}`)
    .filter((name) => name.split(/[:@]/)[0] !== "scratch");
  const images = fc.array(image, { minLength: 1, maxLength: 5 });
  const quote = fc.constantFrom(
    (name: string) => name,
    JSON.stringify,
    (name: string) => `'${name}'`,
  );

  const kinds: Readonly<Record<string, (names: readonly string[], quoted: (name: string) => string) => string>> = {
    "a.yaml": (names, quoted) =>
      `apiVersion: v1\nkind: Pod\nspec:\n  containers:\n${names.map((name) => `    - image: ${quoted(name)} # x\n`).join("")}`,
    "a.json": (names) => JSON.stringify({ containerDefinitions: names.map((name) => ({ image: name })) }, null, 2),
    "compose.yaml": (names, quoted) =>
      `services:\n${names.map((name, index) => `  s${index}: { image: ${quoted(name)} }\n`).join("")}`,
    Dockerfile: (names) =>
      names.map((name, index) => `ARG A${index}=${name}\n`).join("") +
      names.map((_, index) => `FROM $A${index}\n`).join(""),
    "list.txt": (names) => names.join("\n"),
    "kustomization.yaml": (names, quoted) =>
      `images:\n${names.map((name) => `  - name: ${quoted(name.split(/[:@]/)[0]!)}\n    newTag: "1"\n`).join("")}`,
  };

  const upstreams = (path: string, text: string) =>
    readImages({ path, text }).images.map(({ name }) => {
      const found = resolveImage(name, registry);
      return "images" in found ? formatImageReference(found.images[0]!.upstream) : name;
    });

  test.each(Object.keys(kinds))(
    "gives the same images upstream in %s, and all that are served by their caches",
    (path) => {
      fc.assert(
        fc.property(images, quote, (given, quoted) => {
          const before = kinds[path]!(given, quoted);
          const after = rewritten(path, before);
          expect(upstreams(path, after)).toEqual(upstreams(path, before));
          const statuses = checkImages(
            [{ file: { path, text: after }, ...readImages({ path, text: after }) }],
            registry,
          );
          expect(statuses.filter(({ status }) => status === "served")).toEqual([]);
        }),
        { numRuns: 100 },
      );
    },
  );
});

describe("checkImages", () => {
  const files = (text: string) => [{ file: { path: "l.txt", text }, ...readImages({ path: "l.txt", text }) }];

  test("tells of each image once what serves it, and every place", () => {
    const text = `nginx\n  quay.io/org/app:1\nnginx\n${HOST}/quay/org/app:1\n${HOST}/team/own:1\nghcr.io/org/app\n${HOST}/docker-hub/nginx\n`;
    const at = (line: number, column = 1) => ({ file: "l.txt", line, column });
    expect(checkImages(files(text), registry)).toEqual([
      {
        image: "nginx",
        status: "served",
        cache: "docker-hub",
        uri: `${HOST}/docker-hub/library/nginx`,
        places: [at(1), at(3)],
      },
      {
        image: "quay.io/org/app:1",
        status: "served",
        cache: "quay",
        uri: `${HOST}/quay/org/app:1`,
        places: [at(2, 3)],
      },
      {
        image: `${HOST}/quay/org/app:1`,
        status: "cached",
        cache: "quay",
        uri: `${HOST}/quay/org/app:1`,
        places: [at(4)],
      },
      { image: `${HOST}/team/own:1`, status: "own", places: [at(5)] },
      {
        image: "ghcr.io/org/app",
        status: "not-served",
        reason: "comes from ghcr.io, which no cache serves",
        fix: 'add the cache { upstream: "github-container-registry", credential: { type: "new-secret" } }',
        places: [at(6)],
      },
      {
        image: `${HOST}/docker-hub/nginx`,
        status: "not-served",
        reason: expect.stringMatching(/^lacks "library\/"/),
        fix: `write "${HOST}/docker-hub/library/nginx"`,
        places: [at(7)],
      },
    ]);
  });

  test("tells without a registry what ECR can cache", () => {
    const checked = checkImages(files("lscr.io/linuxserver/sonarr\ngcr.io/distroless/static\n"), undefined);
    expect(checked.map(({ status, cache }) => [status, cache])).toEqual([
      ["cacheable", "github-container-registry"],
      ["not-served", undefined],
    ]);
  });

  test("suggests a cache for each registry, under prefixes of their own", () => {
    const text = "nginx\nredis\nquay.io/a/b\ngcr.io/a/b\none.azurecr.io/a\ntwo.azurecr.io/a\n";
    const credential = { type: "new-secret" };
    expect(suggestCaches(checkImages(files(text), undefined))).toEqual([
      { upstream: "docker-hub", credential },
      { upstream: "quay" },
      { upstream: "azure-container-registry", registryName: "one", credential },
      { upstream: "azure-container-registry", registryName: "two", credential, prefix: "azure-2" },
    ]);
    expect(suggestCaches(checkImages(files(text), registry)).map(({ upstream }) => upstream)).toEqual([
      "azure-container-registry",
      "azure-container-registry",
    ]);
  });
});
