import { BOTOCORE, ECR_MODEL } from "./ecr-model";
import { call } from "./call";
import { startEcrServer } from "./ecr-server";

describe("the model that ships with the SDK", () => {
  test("refuses a request with an unknown, a missing or a mistyped member", () => {
    expect(ECR_MODEL.request("DescribeImages", { repositoryName: "quay/app", imageIds: [{ imageTag: "v1" }] })).toEqual(
      [],
    );
    expect(ECR_MODEL.request("DescribeImages", { repository: "quay/app" })).toEqual([
      "DescribeImages.repositoryName is missing",
      "DescribeImages.repository is unknown",
      ...(BOTOCORE ? ["DescribeImages.repositoryName is missing", "DescribeImages.repository is unknown"] : []),
    ]);
    expect(ECR_MODEL.request("DescribeImages", { repositoryName: 1, imageIds: {} })).toContain(
      "DescribeImages.imageIds is not a list",
    );
    expect(ECR_MODEL.request("PutRepositoryCreationTemplate", {})).toEqual([
      "there is no action PutRepositoryCreationTemplate",
    ]);
  });

  test("refuses an answer of another shape, and an error that does not exist", () => {
    const answer = { imageDetails: [{ imageDigest: "sha256:1", imagePushedAt: 1, lastActivatedAt: 2 }] };
    expect(ECR_MODEL.response("DescribeImages", answer)).toEqual([]);
    expect(ECR_MODEL.response("DescribeImages", { imageDetails: [{ imagePushedAt: "today" }] })[0]).toBe(
      "DescribeImages.imageDetails[0].imagePushedAt has the wrong type",
    );
    expect(ECR_MODEL.hasError("DescribeImages", "RepositoryNotFoundException")).toBe(true);
    expect(ECR_MODEL.hasError("DescribeImages", "RepositoryMissingException")).toBe(false);
  });
});

const withBotocore = BOTOCORE === undefined ? test.skip : test;
if (BOTOCORE === undefined) console.log("SKIPPED: python3 has no botocore that knows ListImageReferrers");

withBotocore(
  "the model that ships with botocore also knows lengths, patterns, values, and the errors of each action",
  () => {
    const request = (input: object) => BOTOCORE!.request("DescribeImages", { repositoryName: "quay/app", ...input });
    expect(request({ repositoryName: "Quay" })[0]).toMatch(/repositoryName does not match/);
    expect(request({ maxResults: 1001 })).toEqual(["DescribeImages.maxResults is 1001, not from 1 to 1000"]);
    expect(request({ imageIds: [] })).toEqual(["DescribeImages.imageIds has 0 elements, fewer than 1"]);
    expect(request({ filter: { imageStatus: "OLD" } })[0]).toMatch(/imageStatus is "OLD", not one of/);
    expect(BOTOCORE!.hasError("DescribeImages", "LifecyclePolicyNotFoundException")).toBe(false);
  },
);

test("a server whose answer does not obey the model does not end quietly", async () => {
  const server = await startEcrServer({ accountId: "111122223333", region: "us-east-1" });
  server.state.repositories.create("quay/app").images.put({ digest: "sha256:1", pushedAt: "today" as never });
  await call(server, "DescribeImages", { repositoryName: "quay/app" });
  await expect(server.close()).rejects.toThrow("DescribeImages.imageDetails[0].imagePushedAt has the wrong type");
});
