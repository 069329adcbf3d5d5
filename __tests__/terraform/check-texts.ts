import assert from "node:assert/strict";
import { Environment } from "../../stacks";
import { attempt, Bench, coveredStack } from "./bench";
import { OFFLINE_SETTINGS } from "./check-plan";
import { withLocalState } from "./stack-copies";
import { variableValues } from "./stack-json";

/** What stands in an environment, and what AWS must get. */
const DESCRIPTIONS: readonly (readonly [written: string, evaluated: string])[] = [
  ["plain", "plain"],
  ["$${USER} costs $5 and 5%", "${USER} costs $5 and 5%"],
  ["%%{time} %{ if true }yes%{ endif }", "%{time} yes"],
  ['"quoted" \\ back\\n', '"quoted" \\ back\\n'],
  ["line\nbreak\ttab", "line\nbreak\ttab"],
  ["half \u202e and \u200b", "half \u202e and \u200b"],
  ['${local.roles["dev"]}', "arn:aws:iam::111122223333:role/dev"],
  ['${upper("{x}")}', "{X}"],
];

/** IAM's own variables, and Terraform's expressions next to them. */
const VALUES: readonly (readonly [written: string, evaluated: string])[] = [
  ["${aws:PrincipalTag/team}", "${aws:PrincipalTag/team}"],
  ["${aws:PrincipalTag/team, 'none'}", "${aws:PrincipalTag/team, 'none'}"],
  ["a${*}b${?}c${$}d", "a${*}b${?}c${$}d"],
  ['x-${local.names["a b"]}-${aws:username}', "x-evaluated-${aws:username}"],
];

const ENVIRONMENT: Environment = {
  name: "texts",
  accountId: "111122223333",
  region: "us-east-1",
  backend: { type: "local" },
  caches: [
    {
      upstream: "docker-hub",
      credential: {
        type: "new-secret",
        policy: JSON.stringify({
          Version: "2012-10-17",
          Statement: VALUES.map(([written], index) => ({
            Sid: `Own${index}`,
            Effect: "Deny",
            Principal: { AWS: '${local.roles["dev"]}' },
            Action: "secretsmanager:DeleteSecret",
            Resource: "*",
            Condition: { StringEquals: { "aws:PrincipalTag/x": written } },
          })),
        }),
      },
    },
  ],
  repositories: { encryption: { type: "AES256" } },
  templates: DESCRIPTIONS.map(([description], index) => ({
    prefix: `p${index}`,
    description,
    access: {
      pull: [{ arn: '${local.roles["dev"]}' }],
      statements: VALUES.map(([written], value) => ({
        sid: `Own${value}`,
        principals: [{ arn: '${local.roles["dev"]}' }],
        actions: ["ecr:DescribeImages" as const],
        conditions: { StringLike: { "aws:PrincipalTag/x": written } },
      })),
    },
  })),
};

const LOCALS = { roles: { dev: "arn:aws:iam::111122223333:role/dev" }, names: { "a b": "evaluated" } };

interface Planned {
  readonly planned_values: {
    readonly root_module: {
      readonly resources: readonly { readonly type: string; readonly values: Readonly<Record<string, string>> }[];
    };
  };
}

interface Policy {
  readonly Statement: readonly { readonly Principal: object; readonly Condition?: Readonly<Record<string, object>> }[];
}

/** What Terraform makes of texts: each reaches AWS as it is written, or as the expression that it is. */
export async function checkTexts(bench: Bench): Promise<void> {
  await attempt(bench, "texts", "plan", async () => {
    const json = withLocalState(coveredStack(bench, ENVIRONMENT), OFFLINE_SETTINGS);
    const folder = bench.terraform.newFolder({ ...json, locals: LOCALS });
    const values = variableValues(json);
    const plan = await bench.terraform.run(folder, ["plan", "-input=false", "-no-color", "-out=plan"], values);
    assert.equal(plan.status, 0, plan.stderr);
    const { stdout } = await bench.terraform.run(folder, ["show", "-json", "plan"], values);
    const { resources } = (JSON.parse(stdout) as Planned).planned_values.root_module;
    const templates = resources.filter(({ type }) => type === "aws_ecr_repository_creation_template");
    const byPrefix = new Map(templates.map((template) => [template.values.prefix, template.values]));
    for (const [index, [written, evaluated]] of DESCRIPTIONS.entries()) {
      const { description, repository_policy: policy } = byPrefix.get(`p${index}`)!;
      assert.equal(description, evaluated, written);
      assertPolicy(policy!, "StringLike");
    }
    const secret = resources.find(({ type }) => type === "aws_secretsmanager_secret")!;
    assertPolicy(secret.values.policy!, "StringEquals");
    return `${DESCRIPTIONS.length} descriptions and ${VALUES.length} values in ${DESCRIPTIONS.length + 1} policies are evaluated as they are meant`;
  });
}

function assertPolicy(text: string, operator: string): void {
  const { Statement } = JSON.parse(text) as Policy;
  for (const { Principal } of Statement) assert.deepEqual(Principal, { AWS: LOCALS.roles.dev });
  const found = Statement.flatMap(({ Condition }) => (Condition === undefined ? [] : [Condition[operator]]));
  assert.deepEqual(
    found,
    VALUES.map(([, evaluated]) => ({ "aws:PrincipalTag/x": evaluated })),
  );
}
