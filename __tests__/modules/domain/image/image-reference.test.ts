import {
  effectiveTag,
  familiarImageReference,
  formatImageReference,
  ImageReference,
  parseImageReference,
  sameDomain,
} from "../../../../modules/domain/image/image-reference";
import { formatDiagnostic } from "../../../../modules/domain/basics/diagnostic";

const SHA256 = `sha256:${"0f".repeat(32)}`;
const SHA512 = `sha512:${"0f".repeat(64)}`;

function parsed(text: string): ImageReference {
  const result = parseImageReference(text);
  if ("diagnostics" in result) throw new Error(result.diagnostics.map(formatDiagnostic).join("\n"));
  return result.reference;
}

function complaints(text: string): string[] {
  const result = parseImageReference(text, ["image"]);
  return "diagnostics" in result ? result.diagnostics.map(formatDiagnostic) : [];
}

describe("parseImageReference", () => {
  // The names are those of the distribution project's own tests: normalize_test.go and reference_test.go.
  test.each<[string, ImageReference]>([
    ["nginx", { domain: "docker.io", path: "library/nginx" }],
    ["nginx:1.27", { domain: "docker.io", path: "library/nginx", tag: "1.27" }],
    ["docker.io/nginx", { domain: "docker.io", path: "library/nginx" }],
    ["docker.io/library/nginx", { domain: "docker.io", path: "library/nginx" }],
    ["index.docker.io/nginx", { domain: "docker.io", path: "library/nginx" }],
    ["index.docker.io/docker/docker", { domain: "docker.io", path: "docker/docker" }],
    ["library/ubuntu-12.04-base", { domain: "docker.io", path: "library/ubuntu-12.04-base" }],
    ["docker.io/library/foo/bar", { domain: "docker.io", path: "library/foo/bar" }],
    ["test_com/foo", { domain: "docker.io", path: "test_com/foo" }],
    ["docker---rules/docker", { domain: "docker.io", path: "docker---rules/docker" }],
    ["dock__er/docker", { domain: "docker.io", path: "dock__er/docker" }],
    ["192.168.0.1", { domain: "docker.io", path: "library/192.168.0.1" }],
    ["192.168.0.1:80", { domain: "docker.io", path: "library/192.168.0.1", tag: "80" }],
    ["192.168.0.1:8/debian", { domain: "192.168.0.1:8", path: "debian" }],
    ["quay.io/prometheus/node-exporter:v1", { domain: "quay.io", path: "prometheus/node-exporter", tag: "v1" }],
    ["localhost/app", { domain: "localhost", path: "app" }],
    ["localhost:5000/app:5050", { domain: "localhost:5000", path: "app", tag: "5050" }],
    ["test:5000/repo:tag", { domain: "test:5000", path: "repo", tag: "tag" }],
    ["Foo/bar", { domain: "Foo", path: "bar" }],
    ["Quay.IO/a/b", { domain: "Quay.IO", path: "a/b" }],
    ["lowercase:Uppercase", { domain: "docker.io", path: "library/lowercase", tag: "Uppercase" }],
    ["xn--n3h.com/myimage:xn--n3h.com", { domain: "xn--n3h.com", path: "myimage", tag: "xn--n3h.com" }],
    ["b.gcr.io/test.example.com/my-app", { domain: "b.gcr.io", path: "test.example.com/my-app" }],
    ["[2001:db8::1]/repo", { domain: "[2001:db8::1]", path: "repo" }],
    ["[::1]:5000/repo:tag", { domain: "[::1]:5000", path: "repo", tag: "tag" }],
    [`redis@${SHA256}`, { domain: "docker.io", path: "library/redis", digest: SHA256 }],
    [`redis:7@${SHA512}`, { domain: "docker.io", path: "library/redis", tag: "7", digest: SHA512 }],
    [`a.b:1/c@${SHA256}`, { domain: "a.b:1", path: "c", digest: SHA256 }],
    [`docker.io/${"1a".repeat(32)}`, { domain: "docker.io", path: `library/${"1a".repeat(32)}` }],
    ["1a".repeat(31), { domain: "docker.io", path: `library/${"1a".repeat(31)}` }],
  ])("reads %s", (text, reference) => {
    expect(parseImageReference(text)).toEqual({ reference });
  });

  test("takes a repository name of 255 characters without the host, and refuses one more", () => {
    const longest = `${"a/".repeat(127)}a`;

    expect(parsed(`quay.io/${longest}`).path).toBe(longest);
    expect(complaints(`quay.io/${longest}a`)).toEqual([
      expect.stringMatching(
        /^image repository name must not be more than 255 characters, but has 256, got "quay\.io.*; choose a shorter name$/,
      ),
    ]);
  });

  test.each(["docker/Docker", "test:5000/Uppercase/lowercase:tag", "Uppercase:tag"])(
    "refuses upper case in the repository of %s",
    (text) => {
      expect(complaints(text)).toEqual([expect.stringContaining("repository name must be lowercase")]);
    },
  );

  test("says how a repository is written in lower case", () => {
    expect(complaints("quay.io/Team/App:V1")).toEqual([
      'image repository name must be lowercase, got "quay.io/Team/App:V1"; write "quay.io/team/app:V1"',
    ]);
  });

  test.each([
    ":tag",
    "-docker",
    "docker-/docker",
    "____/____",
    "dock___er/docker",
    "docker.io/docker///docker",
    "docker/",
    "docker.io/",
    "aa/asdf$$^/aa",
  ])("refuses the repository of %j", (text) => {
    expect(complaints(text)).toEqual([expect.stringContaining("repository name must be lowercase letters and digits")]);
  });

  test.each([
    "-docker.io/docker/docker",
    "dock..er/docker",
    "dock_.er/docker",
    "dock-.er/docker",
    "nginx:a/b",
    "my_host.com/app",
    "host:port/app",
    "fc00::1:5000/debian",
    "[fe80::1%eth0]:5000/debian",
    "[2001:db8:3:4::192.0.2.33]:5000/debian",
  ])("refuses the host of %s", (text) => {
    expect(complaints(text)).toEqual([
      expect.stringContaining("must have a host name or an IP address before the first '/'"),
    ]);
  });

  test.each(["nginx:", "nginx:-foo", "nginx:.foo", `nginx:${"a".repeat(129)}`])("refuses the tag of %j", (text) => {
    expect(complaints(text)).toEqual([expect.stringContaining("must have a tag of 1 to 128 letters")]);
  });

  test.each(["[fc00::1]", "[fc00::1]:5000"])("refuses the host %s without a repository", (text) => {
    expect(complaints(text)[0]).toContain("repository name must be lowercase letters and digits");
  });

  test("takes a tag of 128 characters", () => {
    expect(parsed(`nginx:${"a".repeat(128)}`).tag).toBe("a".repeat(128));
  });

  test.each([
    [`a@sha256:${"f".repeat(34)}`, 'must have 64 lowercase hexadecimal digits after "sha256:"'],
    [`a@sha256:${"F".repeat(64)}`, 'must have 64 lowercase hexadecimal digits after "sha256:"'],
    [`a@sha384:${"f".repeat(64)}`, 'must have 96 lowercase hexadecimal digits after "sha384:"'],
    ["a@sha256", 'must have 64 lowercase hexadecimal digits after "sha256:"'],
    [`a@md5:${"f".repeat(32)}`, 'must have a digest of a known algorithm, not "md5"'],
    [`a@${SHA256}@${SHA256}`, 'must have 64 lowercase hexadecimal digits after "sha256:"'],
    ["a@", 'must have a digest of a known algorithm, not ""'],
  ])("refuses the digest of %s", (text, what) => {
    expect(complaints(text)).toEqual([expect.stringContaining(what)]);
  });

  test("refuses what is no image name at all, and says what to write", () => {
    expect(complaints("")).toEqual(['image must name an image, got ""; write e.g. "nginx:1.27"']);
    expect(complaints("https://quay.io/a")).toEqual([
      'image must not start with a scheme, got "https://quay.io/a"; write "quay.io/a"',
    ]);
    expect(complaints("https://hub.docker.com/r/grafana/grafana")).toEqual([
      'image must not start with a scheme, got "https://hub.docker.com/r/grafana/grafana"; write "grafana/grafana"',
    ]);
    expect(complaints("https://example.com/a_?b")).toEqual([
      'image must not start with a scheme, got "https://example.com/a_?b"; write e.g. "nginx:1.27"',
    ]);
    const id = "1a".repeat(32);
    expect(complaints(id)).toEqual([
      `image must not be 64 hexadecimal digits, which are taken for the id of an image, got "${id}"; write the namespace too, e.g. "library/${id}"`,
    ]);
    expect(complaints("${var.image}")).toEqual([
      'image must be written out, not left to Terraform, got "${var.image}"; write e.g. "nginx:1.27"',
    ]);
  });

  test("reports every part that is wrong", () => {
    expect(complaints("a_b.c/App:-x@md5:0")).toHaveLength(4);
  });
});

describe("formatImageReference", () => {
  test("writes every part out", () => {
    expect(formatImageReference(parsed(`nginx:1.27@${SHA256}`))).toBe(`docker.io/library/nginx:1.27@${SHA256}`);
    expect(formatImageReference(parsed("[::1]:5000/app"))).toBe("[::1]:5000/app");
  });
});

describe("familiarImageReference", () => {
  test.each([
    ["docker.io/library/nginx:1.27", "nginx:1.27"],
    ["docker.io/bitnami/redis", "bitnami/redis"],
    ["docker.io/library/foo/bar", "library/foo/bar"],
    ["quay.io/library/nginx", "quay.io/library/nginx"],
  ])("shortens %s to %s", (text, familiar) => {
    expect(familiarImageReference(parsed(text))).toBe(familiar);
  });

  test("keeps what a shorter name would lose", () => {
    const id = "1a".repeat(32);

    expect(familiarImageReference(parsed(`docker.io/library/${id}`))).toBe(`library/${id}`);
    expect(familiarImageReference(parsed("docker.io/a.b/c"))).toBe("docker.io/a.b/c");
    expect(familiarImageReference(parsed("docker.io/localhost/c"))).toBe("docker.io/localhost/c");
  });
});

describe("effectiveTag", () => {
  test.each([
    ["nginx", "latest"],
    ["nginx:1.27", "1.27"],
    [`nginx@${SHA256}`, undefined],
    [`nginx:1.27@${SHA256}`, "1.27"],
  ])("of %s is %s", (text, tag) => {
    expect(effectiveTag(parsed(text))).toBe(tag);
  });
});

describe("sameDomain", () => {
  test("does not tell upper from lower case", () => {
    expect(sameDomain("Quay.IO", "quay.io")).toBe(true);
    expect(sameDomain("quay.io", "quay.io:443")).toBe(false);
  });
});
