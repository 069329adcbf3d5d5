import {
  AUDIT_ACTIONS,
  checkEcrActions,
  ECR_ACTIONS,
  EcrAction,
  FIRST_PULL_ACTIONS,
  LAMBDA_PULL_ACTIONS,
  PULL_ACTIONS,
  PUSH_ACTIONS,
  UPLOAD_ACTIONS,
  UPSTREAM_ACTIONS,
} from "../../../../modules/domain/policy";

describe("ECR_ACTIONS", () => {
  test("has the 60 actions of the service authorization reference once each", () => {
    expect(ECR_ACTIONS).toHaveLength(60);
    expect([...new Set(ECR_ACTIONS)].sort()).toEqual([...ECR_ACTIONS].sort());
  });

  test("makes a typo a compile error", () => {
    // @ts-expect-error "ecr:BatchGetImages" is no action
    const action: EcrAction = "ecr:BatchGetImages";
    expect(ECR_ACTIONS).not.toContain(action);
  });
});

describe("the sets of actions for a job", () => {
  test("a first pull is a pull that may import the image and create the repository", () => {
    expect(FIRST_PULL_ACTIONS).toEqual([
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
      "ecr:BatchImportUpstreamImage",
      "ecr:CreateRepository",
    ]);
  });

  test("a push has the actions of AWS's own example", () => {
    expect([...PUSH_ACTIONS].sort()).toEqual([
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:CompleteLayerUpload",
      "ecr:InitiateLayerUpload",
      "ecr:PutImage",
      "ecr:UploadLayerPart",
    ]);
  });

  test("Lambda pulls with the two actions of its documentation", () => {
    expect(LAMBDA_PULL_ACTIONS).toEqual(["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]);
  });

  test("an upstream registry allows the four actions of AWS's own example", () => {
    expect(UPSTREAM_ACTIONS).toEqual([
      "ecr:BatchGetImage",
      "ecr:BatchImportUpstreamImage",
      "ecr:GetDownloadUrlForLayer",
      "ecr:GetImageCopyStatus",
    ]);
  });

  test("an audit neither reads an image nor changes anything", () => {
    const touching: readonly string[] = [...PULL_ACTIONS, ...PUSH_ACTIONS];
    expect(AUDIT_ACTIONS.filter((action) => touching.includes(action))).toEqual([]);
    expect(AUDIT_ACTIONS.filter((action) => !/^ecr:(Describe|Get|List)/.test(action))).toEqual([]);
  });

  test("a pull uploads nothing", () => {
    expect(PULL_ACTIONS.filter((action) => UPLOAD_ACTIONS.includes(action))).toEqual([]);
  });
});

describe("checkEcrActions", () => {
  test("accepts every action", () => {
    expect(checkEcrActions(ECR_ACTIONS, ["actions"])).toEqual([]);
  });

  test.each([
    ["ecr:*", 'name each action, e.g. "ecr:BatchGetImage": a wildcard also allows what ECR adds later'],
    ["ecr:Get*", 'name each action, e.g. "ecr:BatchGetImage": a wildcard also allows what ECR adds later'],
    ["ecr:batchgetimage", 'write "ecr:BatchGetImage"'],
    ["BatchGetImage", 'write "ecr:BatchGetImage"'],
    ["s3:GetObject", 'write e.g. "ecr:BatchGetImage"'],
    [7, 'write e.g. "ecr:BatchGetImage"'],
  ])("refuses %j", (action, fix) => {
    expect(checkEcrActions(["ecr:PutImage", action as EcrAction], ["actions"])).toEqual([
      {
        severity: "error",
        path: ["actions", 1],
        message: "must be an action of Amazon ECR, spelled out",
        value: action,
        fix,
      },
    ]);
  });

  test.each([[[]], ["ecr:PutImage"], [undefined]])("refuses %j as a list", (actions) => {
    expect(checkEcrActions(actions as EcrAction[], ["actions"])).toEqual([
      {
        severity: "error",
        path: ["actions"],
        message: "must be a list of at least one action",
        value: actions,
        fix: 'write e.g. ["ecr:BatchGetImage"]',
      },
    ]);
  });
});
