import fc from "fast-check";
import { cachedImage, ClientCache, kyvernoPolicies } from "../../../../modules/domain/client-configuration";
import { formatImageReference, parseImageReference } from "../../../../modules/domain/image/image-reference";
import { admit, readPolicies } from "./admission";
import { cache, DOCKER_HUB, QUAY, REGISTRY } from "./caches";

const CACHES: readonly ClientCache[] = [DOCKER_HUB, QUAY, cache("ghcr.io", "ROOT"), cache("localhost.test", "local")];
const [onCreate] = readPolicies(kyvernoPolicies(CACHES, { digests: "cache" }).content);

const host = fc.constantFrom(
  ...["", "docker.io/", "index.docker.io/", "Docker.IO/", "quay.io/", "Quay.io/", "quay.io:443/", "ghcr.io/"],
  ...["localhost/", "localhost:5000/", "localhost.test/", "[::1]:5000/", "Upper/", `${REGISTRY}/`],
);
const component = fc.stringMatching(/^[a-z0-9]{1,5}([._-][a-z0-9]{1,5})?$/);
const suffix = fc.constantFrom("", ":1.27", ":Latest", `@sha256:${"0f".repeat(32)}`, `:v1@sha256:${"0f".repeat(32)}`);
const image = fc
  .tuple(host, fc.array(component, { minLength: 1, maxLength: 3 }), suffix)
  .map(([start, path, end]) => `${start}${path.join("/")}${end}`);

/** Images as `cachedImage` would have them, those without a cache as they were. */
function expected(text: string): string {
  const parsed = parseImageReference(text);
  const cached = "reference" in parsed ? cachedImage(parsed.reference, CACHES) : undefined;
  return cached === undefined ? text : formatImageReference(cached);
}

describe("the policy for new pods", () => {
  test("gives each container the image that cachedImage finds", () => {
    fc.assert(
      fc.property(fc.array(image, { minLength: 1, maxLength: 4 }), (images) => {
        const containers = images.map((text, index) => ({ name: `container-${index}`, image: text }));
        const patched = [...images];
        for (const { path, value } of admit(onCreate!, { spec: { containers } })) {
          patched[Number(/^\/spec\/containers\/(\d+)\/image$/.exec(path)![1])] = value;
        }
        expect(patched).toEqual(images.map(expected));
      }),
    );
  });
});
