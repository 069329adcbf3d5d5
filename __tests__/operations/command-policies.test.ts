import { commandPolicy, COMMANDS_WITH_POLICY } from "../../operations";
import { samples } from "../../stacks/samples";
import { deployerPolicy, plannerPolicy } from "../../modules/domain";

const prod = samples[2]!;
const under = "arn:aws:ecr:us-east-1:123456789012:repository/prod/*";

describe("commandPolicy", () => {
  test("of verify reads the registry, and no repository", () => {
    expect(commandPolicy("verify", prod).Statement).toEqual([
      {
        Sid: "Registry",
        Effect: "Allow",
        Action: [
          "ecr:DescribePullThroughCacheRules",
          "ecr:DescribeRepositoryCreationTemplates",
          "ecr:GetRegistryPolicy",
          "ecr:GetRegistryScanningConfiguration",
          "ecr:ValidatePullThroughCacheRule",
        ],
        Resource: "*",
      },
      {
        Sid: "Credentials",
        Effect: "Allow",
        Action: ["secretsmanager:ListSecretVersionIds"],
        Resource: "arn:aws:secretsmanager:us-east-1:123456789012:secret:ecr-pullthroughcache/*",
      },
    ]);
    const open = { ...prod, caches: [{ upstream: "quay" as const }] };
    expect(commandPolicy("verify", open).Statement.map(({ Sid }) => Sid)).toEqual(["Registry"]);
  });

  test.each(["audit", "audit --fix", "cleanup --plan", "cleanup", "usage", "warm"] as const)(
    "of %s changes cached repositories only",
    (command) => {
      const [registry, repositories, ...others] = commandPolicy(command, prod).Statement;
      expect(others.map(({ Sid, Action }) => [Sid, Action])).toEqual(
        command === "audit --fix" ? [["Principals", ["iam:GetRole", "iam:GetUser"]]] : [],
      );
      expect(registry!.Resource).toBe("*");
      const audit = ["ecr:DescribeRepositories", "ecr:DescribeRepositoryCreationTemplates", "tag:GetResources"];
      expect(registry!.Action).toEqual(
        new Map<string, readonly string[]>([
          ["warm", ["ecr:GetAuthorizationToken"]],
          ["usage", ["ecr:DescribeRepositories"]],
        ]).get(command) ?? audit,
      );
      expect(repositories!.Resource).toEqual([under]);
    },
  );

  test("of audit changes nothing", () => {
    const actions = commandPolicy("audit", prod).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^(?:ecr|tag):(Describe|Get|List)/.test(action))).toEqual([]);
  });

  test("of deploy is the deployer's", () => {
    expect(commandPolicy("deploy", prod)).toEqual(deployerPolicy(prod));
    expect(COMMANDS_WITH_POLICY).toHaveLength(9);
  });

  test("of plan is the planner's", () => {
    expect(commandPolicy("plan", prod)).toEqual(plannerPolicy(prod));
  });
});
