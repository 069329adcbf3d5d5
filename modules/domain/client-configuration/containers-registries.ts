import { DOCKER_HUB } from "../image";
import { cacheLocation, ClientCache, GeneratedFile } from "./client-cache";

/**
 * A drop-in for `registries.conf` of Podman, Buildah, Skopeo and CRI-O. The location replaces the upstream rather than
 * standing in front of it, as in the other files. Credentials are looked up by the registry's host.
 *
 * With a cache of Docker Hub, names without a host are names of Docker Hub, as in Docker: without that line Podman and
 * CRI-O refuse `nginx:1.27`.
 *
 * @see https://github.com/containers/image/blob/main/docs/containers-registries.conf.5.md
 */
export function containersRegistries(caches: readonly ClientCache[]): GeneratedFile {
  const shortNames = caches.some(({ upstreamHost }) => upstreamHost === DOCKER_HUB)
    ? [`unqualified-search-registries = ["${DOCKER_HUB}"]\n`]
    : [];
  const tables = caches.map(
    (cache) => `[[registry]]\nprefix = "${cache.upstreamHost}"\nlocation = "${cacheLocation(cache)}"\n`,
  );
  return { path: "50-pull-through-cache.conf", content: [...shortNames, ...tables].join("\n") };
}
