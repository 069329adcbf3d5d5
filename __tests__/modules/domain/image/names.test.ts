import fc from "fast-check";
import {
  checkClientCaches,
  clientCaches,
  explainPull,
  formatImageReference,
  otherName,
  parseImageReference,
  Registry,
  resolveImage,
} from "../../../../modules";

const HOST = "111122223333.dkr.ecr.us-east-1.amazonaws.com";
const DIGEST = `sha256:${"0f".repeat(32)}`;
const credential = { type: "new-secret" } as const;
const registry: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [
    { upstream: "docker-hub", credential },
    { upstream: "quay" },
    { upstream: "k8s" },
    { upstream: "ecr-public" },
    { upstream: "ecr", prefix: "hub", upstreamRegistry: { accountId: "444455556666", region: "eu-west-1" } },
  ],
};

function answer(name: string): string[] {
  const found = resolveImage(name, registry);
  return "images" in found ? found.images.map(({ uri }) => uri) : found.diagnostics.map(({ fix }) => fix);
}

function suggestion(text: string): string[] {
  const parsed = parseImageReference(text);
  return "diagnostics" in parsed ? [...new Set(parsed.diagnostics.map(({ fix }) => fix))] : [];
}

describe("a name that is not quite one", () => {
  test.each([
    [" nginx:1.27\t", 'write "nginx:1.27"'],
    ['"nginx:1.27"', 'write "nginx:1.27"'],
    ["'quay.io/org/app'", 'write "quay.io/org/app"'],
    ["nginx:1.27,", 'write "nginx:1.27"'],
    ["nginx:1.27 # web", 'write "nginx:1.27"'],
    ["docker pull nginx", 'write "nginx"'],
    ["sudo docker pull quay.io/org/app:1", 'write "quay.io/org/app:1"'],
    ["podman run --rm nginx:1.27 sh", 'write "nginx:1.27"'],
    ["FROM --platform=linux/amd64 nginx:1.27 AS web", 'write "nginx:1.27"'],
    ["image: nginx:1.27", 'write "nginx:1.27"'],
    ['- image: "nginx:1.27"', 'write "nginx:1.27"'],
    ["uses: docker://alpine:3.8", 'write "alpine:3.8"'],
    ["https://hub.docker.com/r/grafana/grafana/tags", 'write "grafana/grafana"'],
    ["https://quay.io/repository/org/app?tab=info", 'write "quay.io/org/app"'],
    [`quay.io/Org/App:V1@${DIGEST}`, `write "quay.io/org/app:V1@${DIGEST}"`],
    ["localhost:5000/App:1", 'write "localhost:5000/app:1"'],
    ["quay.io//org/app:1", 'write "quay.io/org/app:1"'],
    ["quay.io/org/app/:1", 'write e.g. "library/nginx"'],
    ["nginx:", 'write "nginx"'],
    ["nginx:1.27+build.3", 'write "nginx:1.27_build.3"'],
    [`nginx@${"AB".repeat(32)}`, `write "nginx@sha256:${"ab".repeat(32)}"`],
    [`nginx:${DIGEST}`, `write "nginx@${DIGEST}"`],
    ["{{ .Values.image }}:1", "render it first, e.g. with helm template"],
    ["nginx:{{ tag }}", "render it first, e.g. with helm template"],
    ["${{ matrix.image }}", "write the name that it stands for"],
    ["nginx:${TAG}", "write the name with its value"],
    ["nginx:${TAG:-1.27}", "write the name with its value"],
    ["$IMAGE", "write the name with its value"],
    ["<registry>/app:1", "write the name that it stands for"],
    ["scratch", "leave it as it is"],
    ["docker.io/library/scratch:latest", "leave it as it is"],
    ["nginx 1.27", 'write e.g. "nginx:1.27"'],
  ])("%j: %s", (text, fix) => {
    expect(suggestion(text)).toEqual([fix]);
  });

  test("suggests only names that can be read", () => {
    const text = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.stringMatching(/^["' ]?([A-Za-z]{1,5}[./:@ ]{1,2}){0,4}[A-Z0-9]{1,4}["' ]?$/),
    );
    fc.assert(
      fc.property(text, (name) => {
        for (const fix of suggestion(name)) {
          const suggested = /^write "(.*)"$/s.exec(fix)?.[1];
          if (suggested !== undefined) expect(parseImageReference(suggested)).toHaveProperty("reference");
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("a host is what Docker takes for one", () => {
  test.each([
    ["docker.io:443/nginx:1", `${HOST}/docker-hub/library/nginx:1`],
    ["QUAY.io:443/org/app", `${HOST}/quay/org/app`],
    [`${HOST}:443/quay/org/app`, `${HOST}/quay/org/app`],
    ["Grafana/grafana:11", 'write "grafana/grafana:11"'],
    ["444455556666.dkr-ecr.eu-west-1.on.aws/team/app", `${HOST}/hub/team/app`],
    ["444455556666.dkr.ecr-fips.eu-west-1.amazonaws.com/team/app", `${HOST}/hub/team/app`],
  ])("%s: %s", (name, expected) => {
    expect(answer(name)).toEqual([expected]);
  });
});

describe("a URI of the registry that cannot work", () => {
  test.each([
    [`docker-hub/nginx@${DIGEST}`, `docker-hub/library/nginx@${DIGEST}`],
    ["docker-hub/docker.io/library/nginx:1", "docker-hub/library/nginx:1"],
    ["docker-hub/docker.io/nginx:1", "docker-hub/library/nginx:1"],
    ["docker-hub/library/grafana/grafana:1", "docker-hub/grafana/grafana:1"],
    ["quay/quay.io/org/app:1", "quay/org/app:1"],
  ])("%s: write %s", (path, expected) => {
    expect(answer(`${HOST}/${path}`)).toEqual([`write "${HOST}/${expected}"`]);
  });

  test.each(["docker-hub/library/nginx:1", "docker-hub/grafana/grafana", "kubernetes/pause:3.9"])(
    "%s works",
    (path) => {
      expect(answer(`${HOST}/${path}`)).toEqual([`${HOST}/${path}`]);
    },
  );
});

describe("the name of a repository, as the console shows it", () => {
  test("with three parts is answered with its URI", () => {
    expect(answer("quay/org/app:1")).toEqual([`write "${HOST}/quay/org/app:1"`]);
    expect(answer(`docker-hub/library/nginx@${DIGEST}`)).toEqual([
      `write "${HOST}/docker-hub/library/nginx@${DIGEST}"`,
    ]);
  });

  test("with two parts can be an image of Docker Hub, which is noted", () => {
    const found = resolveImage("kubernetes/pause:3.9", registry);
    expect("images" in found && found.images.map(({ uri, notes }) => ({ uri, notes }))).toEqual([
      {
        uri: `${HOST}/docker-hub/kubernetes/pause:3.9`,
        notes: [
          `this is the image of Docker Hub; the repository kubernetes/pause of this registry is ${HOST}/kubernetes/pause:3.9`,
        ],
      },
    ]);
    expect(resolveImage("docker.io/kubernetes/pause:3.9", registry)).toMatchObject({ images: [{ notes: [] }] });
  });
});

describe("otherName", () => {
  test.each([
    ["eu.gcr.io/k8s-artifacts-prod/pause:3", "registry.k8s.io/pause:3"],
    ["gcr.io/google_containers/pause:3", "registry.k8s.io/pause:3"],
    ["hub.docker.com/_/nginx:1", "docker.io/library/nginx:1"],
    ["quay.io/repository/org/app", "quay.io/org/app"],
    ["gallery.ecr.aws/nginx/nginx", "public.ecr.aws/nginx/nginx"],
    ["github.com/org/repo/pkgs/container/app", "ghcr.io/org/app"],
    ["github.com/Org/repo/pkgs/container/repo%2Fapp", "ghcr.io/org/repo/app"],
    ["K8S.GCR.IO:443/pause", "registry.k8s.io/pause"],
  ])("%s is %s", (name, expected) => {
    expect(otherName(name)?.name).toBe(expected);
  });

  test.each(["gcr.io/distroless/static", "quay.io/repository/app", "nginx", "k8s.gcr.io.example.com/a", "lscr.io"])(
    "%s has no other",
    (name) => {
      expect(otherName(name)).toBeUndefined();
    },
  );

  test("an image that no cache serves is told by both names", () => {
    expect(resolveImage("lscr.io/linuxserver/sonarr:1", registry)).toMatchObject({
      diagnostics: [
        {
          message: "comes from ghcr.io, which no cache serves (lscr.io is another name of ghcr.io)",
          value: "lscr.io/linuxserver/sonarr:1",
          fix: 'add the cache { upstream: "github-container-registry", credential: { type: "new-secret" } }',
        },
      ],
    });
  });

  test("clients are configured for other hosts, not for web addresses", () => {
    const caches = clientCaches(registry);
    expect(checkClientCaches(caches)).toEqual([]);
    const hosts = caches.filter(({ prefix }) => prefix === "kubernetes" || prefix === "docker-hub");
    expect(hosts.map(({ upstreamHost }) => upstreamHost)).toEqual([
      "docker.io",
      "registry.k8s.io",
      "mirror.gcr.io",
      "registry.hub.docker.com",
      "docker.n8n.io",
      "k8s.gcr.io",
    ]);
  });
});

describe("explainPull", () => {
  test("shows a name by digest and one by tag, where both were given", () => {
    const found = explainPull(`nginx:1.27@${DIGEST}`, registry);
    expect("pulls" in found && found.pulls[0]).toMatchObject({
      uri: `${HOST}/docker-hub/library/nginx@${DIGEST}`,
      uriByTag: `${HOST}/docker-hub/library/nginx:1.27`,
      upstreamImage: `docker.io/library/nginx:1.27@${DIGEST}`,
    });
    for (const name of ["nginx:1.27", `nginx@${DIGEST}`, "nginx"]) {
      const one = explainPull(name, registry);
      expect("pulls" in one && one.pulls[0]).not.toHaveProperty("uriByTag");
    }
  });

  test("a resolved reference still has both", () => {
    const found = resolveImage(`nginx:1.27@${DIGEST}`, registry);
    expect("images" in found && formatImageReference(found.images[0]!.upstream)).toBe(
      `docker.io/library/nginx:1.27@${DIGEST}`,
    );
  });
});
