import { cacheLocation, ClientCache, GeneratedFile } from "./client-cache";

/**
 * A drop-in for `registries.conf` of Podman, Buildah, Skopeo and CRI-O. The location replaces the upstream rather than
 * standing in front of it, as in the other files. Credentials are looked up by the registry's host.
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
 */
export function containersRegistries(caches: readonly ClientCache[]): GeneratedFile {
  const tables = caches.map(
    (cache) => `[[registry]]\nprefix = "${cache.upstreamHost}"\nlocation = "${cacheLocation(cache)}"\n`,
  );
  return { path: "50-pull-through-cache.conf", content: tables.join("\n") };
}
