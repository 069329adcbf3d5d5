import { invalidParameter } from "./ecr-error";

/** What a request says, of which nothing is promised. */
export type RequestInput = Readonly<Record<string, unknown>>;

/** What ECR's API model says of a text. */
export interface TextConstraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: RegExp;
  readonly values?: readonly string[];
}

/** What ECR's API model says of the length of a list. */
export interface ListConstraint {
  readonly min?: number;
  readonly max?: number;
}

/** A text that must be there. */
export function text(input: RequestInput, name: string, constraint: TextConstraint = {}): string {
  const value = optionalText(input, name, constraint);
  if (value === undefined) throw invalidParameter(name, "Member must not be null");
  return value;
}

/** A text, if it is there. */
export function optionalText(input: RequestInput, name: string, constraint: TextConstraint = {}): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw invalidParameter(name, "Member must be a string");
  const { min = 0, max = Infinity, pattern, values } = constraint;
  if (value.length < min) throw invalidParameter(name, `Member must have length greater than or equal to ${min}`);
  if (value.length > max) throw invalidParameter(name, `Member must have length less than or equal to ${max}`);
  if (pattern && !pattern.test(value)) {
    throw invalidParameter(name, `Member must satisfy regular expression pattern: ${pattern.source}`);
  }
  if (values && !values.includes(value)) {
    throw invalidParameter(name, `Member must satisfy enum value set: [${values.join(", ")}]`);
  }
  return value;
}

/** A list of whatever `read` makes of each element, if it is there. */
export function optionalList<T>(
  input: RequestInput,
  name: string,
  read: (element: RequestInput) => T,
  { min = 0, max = Infinity }: ListConstraint = {},
): T[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw invalidParameter(name, "Member must be a list");
  if (value.length < min || value.length > max) {
    throw invalidParameter(name, `Member must have length between ${min} and ${max}`);
  }
  return value.map((element: unknown) => read(typeof element === "object" ? (element as RequestInput) : { element }));
}

/** A list of texts, if it is there. */
export function optionalTexts(
  input: RequestInput,
  name: string,
  constraint: TextConstraint = {},
  length: ListConstraint = {},
): string[] | undefined {
  return optionalList(input, name, (element) => text(element, "element", constraint), length);
}

/** A list that must be there. */
export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw invalidParameter(name, "Member must not be null");
  return value;
}

/** A structure, if it is there. */
export function optionalStructure(input: RequestInput, name: string): RequestInput | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "object" || Array.isArray(value)) throw invalidParameter(name, "Member must be a structure");
  return value as RequestInput;
}
