import { NewerPart, removeNewerParts } from "./newer-parts";
import { ResourceSchemas } from "./resource-schema";
import { StackJson } from "./stack-json";

/** A stack changed for the provider that is at hand, and what was changed. */
export interface CoveredStack {
  readonly json: StackJson;
  readonly removed: readonly NewerPart[];
}

/** A copy for another version of the provider, without what that cannot know. */
export function forProvider(json: StackJson, version: string, schemas: ResourceSchemas | undefined): CoveredStack {
  if (schemas === undefined) return { json, removed: [] };
  const { resource, removed } = removeNewerParts(json.resource, schemas);
  const aws = { ...json.terraform.required_providers.aws, version };
  return { json: { ...json, terraform: { ...json.terraform, required_providers: { aws } }, resource }, removed };
}

/** A copy whose state is in its own folder, and whose provider has further settings; `undefined` removes one. */
export function withLocalState(json: StackJson, settings: Readonly<Record<string, unknown>>): StackJson {
  const { backend: _, cloud: _cloud, ...terraform } = json.terraform;
  const aws = json.provider.aws.map((own) => ({ ...own, ...settings }));
  return { ...json, terraform, provider: { aws } };
}
