import { createHash } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClientCache, clientCaches, Registry } from "../../modules";

const credential = { type: "new-secret" } as const;

/** A registry with a cache of each upstream that ECR knows. */
export const REGISTRY: Registry = {
  accountId: "111122223333",
  region: "us-east-1",
  caches: [
    { upstream: "docker-hub", credential },
    { upstream: "quay" },
    { upstream: "github-container-registry", credential },
    { upstream: "gitlab-container-registry", credential },
    { upstream: "k8s" },
    { upstream: "ecr-public" },
    { upstream: "chainguard", credential },
    { upstream: "azure-container-registry", registryName: "contoso", credential },
    { upstream: "ecr", upstreamRegistry: { accountId: "444455556666", region: "eu-west-1" } },
  ],
};
export const CACHES: readonly ClientCache[] = clientCaches(REGISTRY);
export const ECR = CACHES[0]!.registryHost;
export const TOKEN = "token-of-the-registry-with-the-cache";
/** A host that no cache serves. */
export const UNCACHED = "gcr.io";

/** An image by the name that people write, and by its places. */
export interface SampleImage {
  readonly cache: ClientCache;
  /** Without a tag: `nginx`, `quay.io/org/app`. */
  readonly written: string;
  /** The name for clients that know no short names: `docker.io/library/nginx`. */
  readonly full: string;
  readonly upstreamRepository: string;
  readonly repository: string;
}

export const IMAGES: readonly SampleImage[] = CACHES.flatMap((cache) =>
  ["app", "org/app"].map((path) => {
    const hub = cache.upstreamHost === "docker.io";
    const upstreamRepository = hub && path === "app" ? "library/app" : path;
    return {
      cache,
      written: hub ? path : `${cache.upstreamHost}/${path}`,
      full: `${cache.upstreamHost}/${upstreamRepository}`,
      upstreamRepository,
      repository: `${cache.prefix}/${upstreamRepository}`,
    };
  }),
);

interface Blob {
  readonly digest: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

const OCI = "application/vnd.oci.image";

/** One image for two platforms, and the index of both: the same in each repository. */
export class SampleContent {
  public readonly blobs: readonly Blob[];
  public readonly manifests: readonly Blob[];
  public readonly index: Blob;

  constructor() {
    const layer = blob(`${OCI}.layer.v1.tar+gzip`, layerOf("sample"));
    const configs = ["amd64", "arm64"].map((architecture) =>
      json(`${OCI}.config.v1+json`, {
        architecture,
        os: "linux",
        config: { Cmd: ["/sample"] },
        rootfs: { type: "layers", diff_ids: [digestOf(tarOf("sample"))] },
      }),
    );
    this.manifests = configs.map((config) =>
      json(`${OCI}.manifest.v1+json`, {
        schemaVersion: 2,
        mediaType: `${OCI}.manifest.v1+json`,
        config: describe(config),
        layers: [describe(layer)],
      }),
    );
    this.index = json(`${OCI}.index.v1+json`, {
      schemaVersion: 2,
      mediaType: `${OCI}.index.v1+json`,
      manifests: this.manifests.map((manifest, index) => ({
        ...describe(manifest),
        platform: { os: "linux", architecture: ["amd64", "arm64"][index] },
      })),
    });
    this.blobs = [layer, ...configs];
  }

  /** Pushes it to a registry under tag `1.27`, without an index, and `multi`, with one. */
  public async push(registry: string, repository: string): Promise<void> {
    for (const { digest, content } of this.blobs) {
      const begun = await expectStatus(`${registry}/v2/${repository}/blobs/uploads/`, "POST", 202);
      const location = new URL(begun.headers.get("location")!, registry);
      location.searchParams.set("digest", digest);
      await expectStatus(location.href, "PUT", 201, content);
    }
    for (const manifest of this.manifests) await this.putManifest(registry, repository, manifest.digest, manifest);
    await this.putManifest(registry, repository, "1.27", this.manifests[0]!);
    await this.putManifest(registry, repository, "multi", this.index);
  }

  private async putManifest(registry: string, repository: string, name: string, manifest: Blob): Promise<void> {
    const url = `${registry}/v2/${repository}/manifests/${name}`;
    await expectStatus(url, "PUT", 201, manifest.content, manifest.mediaType);
  }
}

async function expectStatus(url: string, method: string, status: number, content?: Buffer, type?: string) {
  const body = content && new Uint8Array(content);
  const headers = { "content-type": type ?? "application/octet-stream" };
  const response = await fetch(url, { method, body, headers });
  if (response.status !== status) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

function json(mediaType: string, value: unknown): Blob {
  return blob(mediaType, Buffer.from(JSON.stringify(value)));
}

function blob(mediaType: string, content: Buffer): Blob {
  return { digest: digestOf(content), mediaType, content };
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function describe({ mediaType, digest, content }: Blob) {
  return { mediaType, digest, size: content.length };
}

function tarOf(name: string): Buffer {
  return archive(name, []);
}

function layerOf(name: string): Buffer {
  return archive(name, ["--gzip"]);
}

function archive(name: string, options: readonly string[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "ecr-layer-"));
  try {
    writeFileSync(join(folder, name), "a sample\n");
    const stable = ["--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "--mode=0755"];
    const made = spawnSync("tar", ["--create", ...stable, ...options, "--file=layer", name], { cwd: folder });
    if (made.status !== 0) throw new Error(`tar: ${made.stderr.toString()}`);
    return readFileSync(join(folder, "layer"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
