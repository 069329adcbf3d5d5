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
    ]);
  });

  test.each(["audit", "audit --fix", "cleanup", "warm"] as const)(
    "of %s changes cached repositories only",
    (command) => {
      const [registry, repositories, ...others] = commandPolicy(command, prod).Statement;
      expect(others).toEqual([]);
      expect(registry!.Resource).toBe("*");
      expect(registry!.Action).toEqual([command === "warm" ? "ecr:GetAuthorizationToken" : "ecr:DescribeRepositories"]);
      expect(repositories!.Resource).toEqual([under]);
    },
  );

  test("of audit changes nothing", () => {
    const actions = commandPolicy("audit", prod).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/^ecr:(Describe|Get|List)/.test(action))).toEqual([]);
  });

  test("of deploy is the deployer's", () => {
    expect(commandPolicy("deploy", prod)).toEqual(deployerPolicy(prod));
    expect(COMMANDS_WITH_POLICY).toHaveLength(7);
  });

  test("of plan is the planner's", () => {
    expect(commandPolicy("plan", prod)).toEqual(plannerPolicy(prod));
  });
});
