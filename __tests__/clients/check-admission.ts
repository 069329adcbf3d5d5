import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  cachedImage,
  formatImageReference,
  kyvernoPolicies,
  mutatingAdmissionPolicies,
  parseImageReference,
} from "../../modules/domain";
import { GO_CACHE, NamespacedRoot } from "./namespaced-root";
import { CACHES, ECR } from "./samples";
import { Verdicts } from "./verdicts";

const PROGRAM = "/tmp/admit/admit";
/** Debian has the sources of the packages in one workspace, as Go had it before modules. */
const GO = {
  ...{ GO111MODULE: "off", GOPATH: "/usr/share/gocode", GOCACHE: GO_CACHE, CGO_ENABLED: "0" },
  // The slowest part of building is to optimise.
  GOFLAGS: "-buildvcs=false -gcflags=all=-N",
};

const DIGEST = `@sha256:${"0f".repeat(32)}`;
const NAMES = [
  ...["app", "app:1.27", "app:1.27-alpine_3", "org/app", "docker.io/app:1", "docker.io/org/app", "index.docker.io/app"],
  ...["Docker.IO/org/app", "localhost/app", "localhost:5000/app", "gcr.io/a/b:1", "quay.io:443/a/b", "Upper/app"],
  ...[`${ECR}/docker-hub/library/app`, "[::1]:5000/app", "my.registry/app", "a/b/c/d:e"],
  ...CACHES.flatMap(({ upstreamHost }) => [`${upstreamHost}/app`, `${upstreamHost}/org/app:v1`]),
];

interface Admitted {
  readonly errors: readonly string[];
  readonly objects: readonly { readonly spec: PodSpec }[];
}

interface PodSpec {
  readonly containers: readonly { readonly name: string; readonly image?: string }[];
  readonly initContainers?: PodSpec["containers"];
  readonly ephemeralContainers?: PodSpec["containers"];
  readonly volumes?: readonly { readonly name: string; readonly image?: { readonly reference?: string } }[];
}

/** What the API server of Kubernetes makes of the policies: its strict decoder, its compiler and its patches. */
export async function checkAdmission(verdicts: Verdicts, root: NamespacedRoot): Promise<void> {
  const listed = await root.run("dpkg-query", ["--show", "--showformat=${Version}", "golang-k8s-apiserver-dev"]);
  if (listed.status !== 0) return;
  // Package 0.36 has the code of Kubernetes 1.36.
  const client = `the API server of Kubernetes 1.${listed.stdout.split(".")[1]!}`;
  await buildProgram(root);
  const policies = { kyverno: kyvernoPolicies, "admission-policy": mutatingAdmissionPolicies };
  for (const [kind, generate] of Object.entries(policies)) {
    for (const digests of ["upstream", "cache"] as const) {
      const { content } = generate(CACHES, { digests });
      const report = (check: string, problems: readonly string[]) => {
        verdicts.judge(client, `${kind}, digests ${digests}: ${check}`, problems);
      };
      const images = [...NAMES, ...["app", "quay.io/app:1", "gcr.io/app"].map((name) => name + DIGEST)];
      const expected = images.map((image) => inCache(image, digests));
      const created = await admit(root, content, [
        ["pods", "CREATE", pod(images)],
        [
          "pods",
          "CREATE",
          { spec: { ...pod(["app"]).spec, volumes: volumes(images), initContainers: containers(images) } },
        ],
      ]);
      const [first, second] = created.objects.map(({ spec }) => spec);
      report("compiles and patches", created.errors);
      report(
        "containers",
        compare(
          first?.containers.map(({ image }) => image),
          expected,
        ),
      );
      report(
        "init containers",
        compare(
          second?.initContainers?.map(({ image }) => image),
          expected,
        ),
      );
      report(
        "image volumes",
        compare(
          second?.volumes?.slice(1).map(({ image }) => image?.reference),
          expected,
        ),
      );

      const before = { spec: { ...pod(["app"]).spec, ephemeralContainers: containers(["app"]) } };
      const after = { spec: { ...before.spec, ephemeralContainers: containers(["app", ...images]) } };
      const debug = await admit(root, content, [["pods/ephemeralcontainers", "UPDATE", after, before]]);
      const debugged = debug.objects[0]?.spec.ephemeralContainers?.map(({ image }) => image);
      report("debug containers", [...debug.errors, ...compare(debugged, ["app", ...expected])]);
    }
  }
  const untyped = mutatingAdmissionPolicies(CACHES).content.replaceAll("string(c.image)", "c.image");
  const refused = await admit(root, untyped, [["pods", "CREATE", pod(["app"])]]);
  const found = refused.errors.some((error) => error.includes("expected type 'string' but found 'dyn'"));
  verdicts.judge(client, "refuses maps with values of two types, and this check sees it", found ? [] : ["accepted"]);
}

async function buildProgram(root: NamespacedRoot): Promise<void> {
  root.write("/tmp/admit/admit.go", readFileSync(join(__dirname, "admit.go"), "utf8"));
  const built = await root.run("go", ["build", "-o", PROGRAM, "/tmp/admit/admit.go"], GO, 1200);
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`);
}

type Review = readonly [resource: string, operation: string, object: { spec: PodSpec }, oldObject?: { spec: PodSpec }];

async function admit(root: NamespacedRoot, policies: string, reviews: readonly Review[]): Promise<Admitted> {
  const named = (object: Review[3]) =>
    object && { apiVersion: "v1", kind: "Pod", metadata: { name: "pod", namespace: "default" }, ...object };
  const input = reviews.map(([resource, operation, object, oldObject]) => {
    return { resource, operation, object: named(object), oldObject: named(oldObject) };
  });
  root.write("/tmp/admit/input.json", JSON.stringify({ policies, reviews: input }));
  const { status, stdout, stderr } = await root.run("sh", ["-c", `${PROGRAM} </tmp/admit/input.json`]);
  if (status !== 0) throw new Error(`admit: ${stderr}`);
  return JSON.parse(stdout) as Admitted;
}

function pod(images: readonly string[]): { spec: PodSpec } {
  // Istio's placeholder and a container without an image come first, so that positions and names differ.
  return { spec: { containers: [{ name: "istio", image: "auto" }, { name: "none" }, ...containers(images)] } };
}

function containers(images: readonly string[]): { name: string; image: string }[] {
  return images.map((image, index) => ({ name: `container-${index}`, image }));
}

function volumes(images: readonly string[]): NonNullable<PodSpec["volumes"]> {
  return [{ name: "empty" }, ...images.map((reference, index) => ({ name: `volume-${index}`, image: { reference } }))];
}

function inCache(image: string, digests: "upstream" | "cache"): string {
  const parsed = parseImageReference(image);
  if (!("reference" in parsed) || (digests === "upstream" && image.includes("@"))) return image;
  const cached = cachedImage(parsed.reference, CACHES);
  return cached === undefined ? image : formatImageReference(cached);
}

function compare(found: readonly (string | undefined)[] | undefined, expected: readonly string[]): string[] {
  const images = found?.[0] === "auto" ? found.slice(2) : found;
  if (images?.length !== expected.length) return [`${images?.length ?? "no"} images instead of ${expected.length}`];
  return expected.flatMap((image, index) => (images[index] === image ? [] : [`${images[index]!} instead of ${image}`]));
}
