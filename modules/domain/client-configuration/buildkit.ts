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

/**
 * Steps of a GitHub Actions job that log in to the registry and set up a builder with the same mirrors. A step before
 * them has to configure AWS credentials and the registry's region.
 *
 * @see https://github.com/docker/setup-buildx-action#inputs
 * @see https://github.com/aws-actions/amazon-ecr-login
 */
export function setupBuildxSteps(caches: readonly ClientCache[]): GeneratedFile {
  const accounts = new Set(caches.flatMap(({ registryHost }) => /^\d{12}(?=\.)/.exec(registryHost) ?? []));
  const login = [...accounts].map((account) => `  with:\n    registries: "${account}"\n`).join("");
  const config = buildkitMirrors(caches).content.replace(/^(?=.)/gm, "      ");
  return {
    path: "setup-buildx.yml",
    content: `- uses: aws-actions/amazon-ecr-login@v2
${login}- uses: docker/setup-buildx-action@v4
  with:
    buildkitd-config-inline: |
${config}`,
  };
}
