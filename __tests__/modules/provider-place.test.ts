import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack, Testing } from "cdktf";
import { EcrRegistry, PullThroughCacheRule, Registry } from "../../modules";
import { addresses, StackJson } from "../helpers/synth";

const home: Registry = { accountId: "111122223333", region: "us-east-1", caches: [{ upstream: "quay" }] };
const europe: Registry = { ...home, region: "eu-west-1" };

function stackJson(build: (stack: TerraformStack) => void): StackJson {
  const stack = new TerraformStack(Testing.app(), "test");
  build(stack);
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

/** The argument of every resource that has it, by address. */
function argument(json: StackJson, name: string): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(json.resource ?? {}).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([id, block]) => (name in block ? [[`${type}.${id}`, block[name]]] : [])),
    ),
  );
}

describe("a registry and its provider", () => {
  test("two Regions in one stack: every resource of the other Region names it, and IAM has none", () => {
    const json = stackJson((stack) => {
      new AwsProvider(stack, "aws", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
      new EcrRegistry(stack, "home", home);
      new EcrRegistry(stack, "europe", { ...europe, importExisting: true });
    });
    const regional = addresses(json).filter((one) => one.includes(".europe_") && !one.startsWith("aws_iam_"));
    expect(regional).toHaveLength(5);
    expect(argument(json, "region")).toEqual(Object.fromEntries(regional.map((one) => [one, "eu-west-1"])));
    expect((json as unknown as { import: { id: string }[] }).import.map(({ id }) => id).sort()).toEqual([
      "111122223333@eu-west-1",
      "quay@eu-west-1",
      "quay@eu-west-1",
    ]);
  });

  test("a provider whose Region is not known when the construct is made: the Region is an argument", () => {
    const addRule = (stack: TerraformStack) => {
      new PullThroughCacheRule(stack, "quay", { registry: home, upstream: "quay" });
    };
    const unknown = stackJson((stack) => {
      new AwsProvider(stack, "aws", {});
      addRule(stack);
    });
    const later = stackJson((stack) => {
      addRule(stack);
      new AwsProvider(stack, "aws", { region: "us-east-1" });
    });
    for (const json of [unknown, later]) expect(Object.values(argument(json, "region"))).toEqual(["us-east-1"]);
  });

  test("a Region that only Terraform knows is left to the provider", () => {
    const json = stackJson((stack) => {
      new AwsProvider(stack, "aws", { region: "us-east-1" });
      new EcrRegistry(stack, "home", { ...home, region: "${var.region}", importExisting: { caches: true } });
    });
    expect(argument(json, "region")).toEqual({});
  });

  test("a second account has a provider of its own, which every resource names", () => {
    const json = stackJson((stack) => {
      new AwsProvider(stack, "aws", { region: "us-east-1", allowedAccountIds: ["111122223333"] });
      const other = { region: "us-east-1", allowedAccountIds: ["444455556666"] };
      const provider = new AwsProvider(stack, "other", { ...other, alias: "other" });
      new EcrRegistry(stack, "home", home);
      new EcrRegistry(stack, "spoke", { ...home, accountId: "444455556666", provider });
    });
    const spoke = addresses(json).filter((one) => one.includes(".spoke_"));
    expect(spoke).toHaveLength(7);
    expect(argument(json, "provider")).toEqual(Object.fromEntries(spoke.map((one) => [one, "aws.other"])));
    expect(argument(json, "region")).toEqual({});
  });

  test("refuses an account that the provider does not allow, also where the provider is added later", () => {
    const allowed = { region: "us-east-1", allowedAccountIds: ["444455556666"] };
    const message =
      /accountId must be an account that the AWS provider of the stack allows, got "111122223333"; pass the provider of account 111122223333/;
    expect(() =>
      stackJson((stack) => {
        new AwsProvider(stack, "aws", allowed);
        new EcrRegistry(stack, "home", home);
      }),
    ).toThrow(message);
    const app = new App({ outdir: Testing.app().outdir });
    const stack = new TerraformStack(app, "later");
    new EcrRegistry(stack, "home", home);
    new AwsProvider(stack, "aws", allowed);
    expect(() => Testing.synth(stack, true)).toThrow(message);
    const forbidden = { region: "us-east-1", forbiddenAccountIds: ["111122223333"] };
    expect(() =>
      stackJson((other) => {
        new AwsProvider(other, "aws", forbidden);
        new PullThroughCacheRule(other, "quay", { registry: home, upstream: "quay" });
      }),
    ).toThrow(message);
  });
});
