import { formatDiagnostic } from "../../../../modules/domain/basics";
import { imageMapping } from "../../../../modules/domain/client-configuration";
import { DOCKER_HUB, QUAY, REGISTRY } from "./caches";

const DIGEST = `sha256:${"0f".repeat(32)}`;

describe("imageMapping", () => {
  test("maps each image, as it is written, to the one to pull", () => {
    const images = ["nginx:1.27", "quay.io/a/b", "gcr.io/a/b:1", `nginx@${DIGEST}`];

    expect(imageMapping([DOCKER_HUB, QUAY], images)).toEqual({
      path: "images.json",
      content: `{
  "nginx:1.27": "${REGISTRY}/docker-hub/library/nginx:1.27",
  "quay.io/a/b": "${REGISTRY}/team/quay/a/b",
  "gcr.io/a/b:1": "gcr.io/a/b:1",
  "nginx@${DIGEST}": "nginx@${DIGEST}"
}
`,
    });
  });

  test("maps images that are pinned by digest if their digests are in the cache", () => {
    const mapping = imageMapping([DOCKER_HUB], [`nginx@${DIGEST}`], "cache");

    expect("content" in mapping && JSON.parse(mapping.content)).toEqual({
      [`nginx@${DIGEST}`]: `${REGISTRY}/docker-hub/library/nginx@${DIGEST}`,
    });
  });

  test("refuses names that are not images, all at once", () => {
    const mapping = imageMapping([DOCKER_HUB], ["nginx", "Not An Image", "https://quay.io/a"]);

    expect("diagnostics" in mapping && mapping.diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringMatching(/^images\[1\] .*got "Not An Image"; /),
      expect.stringMatching(/^images\[2\] .*got "https:\/\/quay.io\/a"; /),
    ]);
  });
});
