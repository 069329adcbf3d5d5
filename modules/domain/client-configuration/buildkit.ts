import { cacheLocation, ClientCache, GeneratedFile } from "./client-cache";

/**
 * Mirror sections for `buildkitd.toml`. BuildKit puts the prefix after `/v2` itself, asks its client for credentials
 * by the mirror's host, and falls back to the upstream with those of the upstream.
 *
 * @see https://github.com/moby/buildkit/blob/master/docs/buildkitd.toml.md
 * @see https://github.com/moby/buildkit/blob/master/util/resolver/resolver_test.go
 */
export function buildkitMirrors(caches: readonly ClientCache[]): GeneratedFile {
  const sections = caches.map(
    (cache) => `[registry."${cache.upstreamHost}"]\n  mirrors = ["${cacheLocation(cache)}"]\n`,
  );
  return { path: "buildkitd.toml", content: sections.join("\n") };
}
