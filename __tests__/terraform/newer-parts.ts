import { ResourceSchemas, unknownNames } from "./resource-schema";

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

/** Something in a stack that an older provider cannot know. */
export interface NewerPart {
  /** The resource's address. */
  readonly address: string;
  /** The resource's type. */
  readonly type: string;
  /** The name of the argument or block. */
  readonly name: string;
  /** What the stack says there. */
  readonly value: unknown;
  /** What the older provider was given instead, if anything. */
  readonly replacedBy?: string;
}

/** Values of arguments that the older provider knows, but not with these values. */
const NEWER_VALUES: readonly { type: string; name: string; value: string; olderValue: string }[] = [
  {
    type: "aws_ecr_repository_creation_template",
    name: "image_tag_mutability",
    value: "IMMUTABLE_WITH_EXCLUSION",
    olderValue: "IMMUTABLE",
  },
  {
    type: "aws_ecr_repository_creation_template",
    name: "image_tag_mutability",
    value: "MUTABLE_WITH_EXCLUSION",
    olderValue: "MUTABLE",
  },
];

/** Resources without what the provider of the given schemas cannot know, and what that was. */
export function removeNewerParts(
  resource: Resources,
  schemas: ResourceSchemas,
): { resource: Resources; removed: NewerPart[] } {
  const removed: NewerPart[] = [];
  const kept = mapValues(resource, (byName, type) =>
    mapValues(byName, (block, name) => {
      const schema = schemas[type]?.block;
      const unknown = schema === undefined ? [] : unknownNames(schema, block);
      const entries = Object.entries(block).flatMap(([argument, value]) => {
        const newer = NEWER_VALUES.find((one) => one.type === type && one.name === argument && one.value === value);
        if (newer === undefined && !unknown.includes(argument)) return [[argument, value]];
        removed.push({ address: `${type}.${name}`, type, name: argument, value, replacedBy: newer?.olderValue });
        return newer === undefined ? [] : [[argument, newer.olderValue]];
      });
      return Object.fromEntries(entries) as Record<string, unknown>;
    }),
  );
  return { resource: kept, removed };
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T, key: string) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}
