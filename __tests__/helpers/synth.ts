import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { Testing, TerraformStack } from "cdktf";

type Block = Readonly<Record<string, unknown>>;

/** A stack's JSON, as far as tests look at it. */
export interface StackJson {
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly data?: Readonly<Record<string, Readonly<Record<string, Block>>>>;
  readonly output?: Readonly<Record<string, Block>>;
  readonly variable?: Readonly<Record<string, Block>>;
  readonly provider?: Readonly<Record<string, readonly Block[]>>;
  readonly terraform: Block;
}

/** Builds a stack with a provider, runs all validations and returns the JSON. */
export function synth(build: (stack: TerraformStack) => void): StackJson {
  const app = Testing.app();
  const stack = new TerraformStack(app, "test");
  // CDK Terrain refuses write-only arguments unless the versions are known to have them.
  stack.node.setContext("targetVersions", { terraform: ">=1.11.0", opentofu: ">=1.11.0" });
  new AwsProvider(stack, "aws", { region: "us-east-1" });
  build(stack);
  return JSON.parse(Testing.synth(stack, true)) as StackJson;
}

/** All resources of a type, without the metadata that CDKTF adds, in the order of their addresses. */
export function resources(json: StackJson, type: string): Block[] {
  return Object.values(json.resource?.[type] ?? {}).map(({ "//": _, ...block }) => block);
}

/** The only resource of a type. */
export function onlyResource(json: StackJson, type: string): Block {
  const found = resources(json, type);
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0]!;
}

/** Every resource's address. */
export function addresses(json: StackJson): string[] {
  return Object.entries(json.resource ?? {}).flatMap(([type, byName]) =>
    Object.keys(byName).map((name) => `${type}.${name}`),
  );
}
