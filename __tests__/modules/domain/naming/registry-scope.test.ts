import {
  accountArn,
  checkAccountId,
  checkRegion,
  checkRegistryScope,
  identityArn,
  partitionOf,
  registryHost,
} from "../../../../modules/domain/naming/registry-scope";

describe("checkAccountId", () => {
  test.each(["111122223333", "000000000000", "${var.account}"])("accepts %s", (accountId) => {
    expect(checkAccountId(accountId, ["accountId"])).toEqual([]);
  });

  test.each(["11112222333", "1111222233334", "1111-2222-3333", "", " 111122223333"])("refuses %j", (accountId) => {
    expect(checkAccountId(accountId, ["accountId"])).toEqual([
      {
        severity: "error",
        path: ["accountId"],
        message: "must be 12 digits",
        value: accountId,
        fix: 'write the account id, e.g. "111122223333"',
      },
    ]);
  });
});

describe("checkRegion", () => {
  test.each([
    "us-east-1",
    "eu-central-2",
    "ap-southeast-7",
    "ap-northeast-3",
    "mx-central-1",
    "il-central-1",
    "us-gov-west-1",
    "cn-northwest-1",
    "eusc-de-east-1",
    "${var.region}",
  ])("accepts %s", (region) => {
    expect(checkRegion(region, ["region"])).toEqual([]);
  });

  test.each(["us-est-1", "us-east", "us-east-1a", "US-EAST-1", "mars-north-1", "", "us-east-1 "])(
    "refuses %j",
    (region) => {
      expect(checkRegion(region, ["region"])).toEqual([
        {
          severity: "error",
          path: ["region"],
          message: "must be the name of an AWS region",
          value: region,
          fix: 'write e.g. "us-east-1"',
        },
      ]);
    },
  );
});

describe("checkRegistryScope", () => {
  test.each(["us-east-1", "us-gov-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1"])("accepts %s", (region) => {
    expect(checkRegistryScope({ accountId: "111122223333", region })).toEqual([]);
  });

  test("reports account and region together", () => {
    const paths = checkRegistryScope({ accountId: "1", region: "x" }, ["env"]).map(({ path }) => path);
    expect(paths).toEqual([
      ["env", "accountId"],
      ["env", "region"],
    ]);
  });
});

describe("names that follow from the region", () => {
  test.each([
    ["us-east-1", "aws", "111122223333.dkr.ecr.us-east-1.amazonaws.com"],
    ["cn-north-1", "aws-cn", "111122223333.dkr.ecr.cn-north-1.amazonaws.com.cn"],
    ["us-gov-west-1", "aws-us-gov", "111122223333.dkr.ecr.us-gov-west-1.amazonaws.com"],
    ["eusc-de-east-1", "aws-eusc", "111122223333.dkr.ecr.eusc-de-east-1.amazonaws.eu"],
  ])("%s is in partition %s with host %s", (region, partition, host) => {
    const scope = { accountId: "111122223333", region };
    expect(partitionOf(region)).toBe(partition);
    expect(registryHost(scope)).toBe(host);
    expect(accountArn(scope)).toBe(`arn:${partition}:iam::111122223333:root`);
    expect(identityArn(scope, "role", "ci/deployer")).toBe(`arn:${partition}:iam::111122223333:role/ci/deployer`);
    expect(identityArn(scope, "user", "ann", "444455556666")).toBe(`arn:${partition}:iam::444455556666:user/ann`);
  });

  test("a region that only Terraform knows is taken to be in the commercial partition", () => {
    expect(partitionOf("${var.region}")).toBe("aws");
    expect(registryHost({ accountId: "111122223333", region: "${var.region}" })).toBe(
      "111122223333.dkr.ecr.${var.region}.amazonaws.com",
    );
  });
});
