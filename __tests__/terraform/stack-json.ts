import { readFileSync } from "node:fs";
import { Environment, synthesize } from "../../stacks";

/** Blocks of one kind, by their names. */
export type Named = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A stack as Terraform reads it. */
export interface StackJson {
  readonly terraform: {
    readonly required_providers: { readonly aws: { readonly source: string; readonly version: string } };
    readonly [setting: string]: unknown;
  };
  readonly provider: { readonly aws: readonly Readonly<Record<string, unknown>>[] };
  readonly resource: Readonly<Record<string, Named>>;
  readonly variable?: Named;
  readonly output?: Named;
  readonly import?: readonly { readonly to: string; readonly id: string }[];
}

/** The stacks of environments, each as it is synthesised without the others: they may share accounts and regions. */
export function synthesizeToJson(environments: readonly Environment[], outdir: string): StackJson[] {
  const stacks = environments.flatMap((environment, index) => synthesize([environment], `${outdir}-${index}`));
  return stacks.map(({ file }) => {
    // A stack of which everything is managed elsewhere has no resources.
    return { resource: {}, ...(JSON.parse(readFileSync(file, "utf8")) as Partial<StackJson>) } as StackJson;
  });
}

/** Every resource's address. */
export function addressesOf({ resource }: StackJson, isWanted: (type: string) => boolean = () => true): string[] {
  const types = Object.entries(resource).filter(([type]) => isWanted(type));
  return types.flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`)).sort();
}

/** Values for a stack's variables, in the form in which Terraform reads them from its environment. */
export function variableValues({ variable = {} }: StackJson): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.keys(variable).map((name) => [`TF_VAR_${name}`, `value-of-${name}`]));
}
