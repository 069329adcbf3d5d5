import { TerraformElement, TerraformStack } from "cdktf";
import { formatBlocks } from "./block";
import { blockTypesOf, StackBlockTypes } from "./block-types";
import { TerraformJson } from "./terraform-json";
import { inOrder, toBlocks } from "./to-blocks";

/** What a stack says, and what its provider knows about it. */
export interface StackConfiguration {
  /** The stack as it is synthesised. */
  readonly json: TerraformJson;
  /** Which arguments of its resources are blocks. */
  readonly types: StackBlockTypes;
}

/** A stack in the native syntax, in one file, as `cdktf synth --hcl` writes it. */
export function formatStack(stack: TerraformStack): string {
  return formatConfiguration(readStack(stack));
}

/** Reads a stack. Its references to other stacks must have been prepared, as an app does at synth. */
export function readStack(stack: TerraformStack): StackConfiguration {
  const elements = stack.node.findAll().filter((construct) => TerraformElement.isTerraformElement(construct));
  return { json: stack.toTerraform() as TerraformJson, types: blockTypesOf(elements) };
}

/** A configuration in the native syntax, in one file. */
export function formatConfiguration({ json, types }: StackConfiguration): string {
  return formatBlocks(inOrder(toBlocks(json, types)));
}
