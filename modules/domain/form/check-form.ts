import { diagnostic, formatDiagnostic, formatPath, Path } from "../basics";
import { FormProblem } from "./form-problem";
import { checkOldNames } from "./old-names";
import { checkTokens } from "./whole-tokens";
import { without } from "./without";

/** Each role that is created here has it, so it is no setting of one. */
const WHERE_BOUNDARIES_ARE =
  'write it for all roles of the environment: roles: { permissionsBoundaryArn: "arn:aws:iam::…" }';

/** How to write a value of each JSON type. */
const HOW_TO_WRITE: Readonly<Record<string, string>> = {
  array: "write a list: [ … ]",
  boolean: "write true or false",
  integer: "write a whole number, without quotes",
  number: "write a number, without quotes",
  object: "write an object: { … }",
  string: 'write text in quotes: "…"',
};

/** What a compiled JSON Schema finds wrong: of Ajv's errors what is read here. */
export interface SchemaError {
  /** The keyword of the schema that the value breaks: `required`. */
  readonly keyword: string;
  /** What the keyword asks for. */
  readonly params: object;
  /** The place of the value, as a JSON Pointer. */
  readonly instancePath: string;
  /** The value. */
  readonly data?: unknown;
  /** The value of the keyword in the schema. */
  readonly schema?: unknown;
  /** The schema that has the keyword. */
  readonly parentSchema?: Readonly<Record<string, unknown>>;
}

/** A compiled JSON Schema. */
export interface Validate {
  (value: unknown): boolean;
  /** What the last value breaks. */
  readonly errors?: SchemaError[] | null;
}

/**
 * Checks the form of a description: fields that are unknown, missing or of another type. The form is a JSON Schema that
 * `npm run schema` generates from the description's type, so that YAML and JavaScript users are told what the compiler
 * tells TypeScript users.
 */
export function checkForm(validate: Validate, description: unknown): FormProblem[] {
  const tokens = checkTokens(description);
  if (tokens.length > 0) return tokens;
  const old = checkOldNames(description);
  const known = old.reduce<unknown>((rest, { path }) => without(rest, path), description);
  const places = new Set(old.map(({ path }) => formatPath(path)));
  return [...old, ...checkSchema(validate, known).filter(({ path }) => !places.has(formatPath(path)))];
}

function checkSchema(validate: Validate, description: unknown): FormProblem[] {
  if (validate(description)) return [];
  const problems = ofTakenBranches(validate.errors ?? []).map(toProblem);
  // Branches that agree on what is wrong say it once each.
  return [...new Map(problems.map((problem) => [formatDiagnostic(problem), problem])).values()];
}

/**
 * An error inside a union says only why one branch of it was not taken: the union's own error stands for them. So
 * does the error that the field which chooses the branch is missing. But where only one branch is an object or a list,
 * and so is the value, that branch was meant, and what is wrong inside says more.
 */
function ofTakenBranches(errors: readonly SchemaError[]): SchemaError[] {
  const meant = errors.filter(isAboutOneBranch).map(({ instancePath }) => instancePath);
  const unions = errors.filter(({ keyword, parentSchema, instancePath }) => {
    if (keyword === "anyOf") return !meant.includes(instancePath);
    return keyword === "required" && parentSchema?.allOf !== undefined;
  });
  return errors.filter((error) => {
    const { keyword, instancePath } = error;
    if (keyword === "if") return false;
    if (meant.includes(instancePath) && ["anyOf", "type", "const", "enum"].includes(keyword)) return false;
    return !unions.some((union) => union !== error && isInside(union.instancePath, instancePath));
  });
}

function isAboutOneBranch({ keyword, schema: branches, data }: SchemaError): boolean {
  if (keyword !== "anyOf" || typeof data !== "object" || data === null) return false;
  const structured = (branches as { $ref?: string; type?: string }[]).filter(({ $ref, type }) => {
    return Array.isArray(data) ? type === "array" : $ref !== undefined || type === "object";
  });
  return structured.length === 1;
}

function isInside(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`);
}

function toProblem({ keyword, params, data, schema, parentSchema, instancePath }: SchemaError): FormProblem {
  const path = toPath(instancePath);
  if (isAddition(parentSchema) && ["required", "additionalProperties"].includes(keyword)) {
    const fix = "write a list: [ … ], or { add: [ … ] } to append to the inherited one";
    return { ...diagnostic({ path, message: "must be a list", value: data, fix }), unusable: true };
  }
  const detail = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case "required": {
      const field = String(detail.missingProperty);
      const allowed = (parentSchema?.properties as Record<string, { enum?: unknown[] }> | undefined)?.[field]?.enum;
      const fix = allowed === undefined ? "add it" : `write ${oneOf(allowed)}`;
      return { ...diagnostic({ path: [...path, field], message: "is missing", fix }), unusable: false };
    }
    case "additionalProperties": {
      const known = Object.keys(parentSchema?.properties ?? {}).join(", ");
      const name = String(detail.additionalProperty);
      const fix = /permissions?boundary/i.test(name) ? WHERE_BOUNDARIES_ARE : `use one of ${known}`;
      return { ...diagnostic({ path: [...path, name], message: "is not a known field", fix }), unusable: false };
    }
    case "type": {
      const type = String(detail.type);
      const fix = HOW_TO_WRITE[type] ?? `write a value of type ${type}`;
      return { ...diagnostic({ path, message: `must be of type ${type}`, value: data, fix }), unusable: true };
    }
    case "const":
    case "enum": {
      const allowed = (detail.allowedValues as unknown[] | undefined) ?? [detail.allowedValue];
      const fix = `write ${oneOf(allowed)}`;
      return { ...diagnostic({ path, message: "is not a known value", value: data, fix }), unusable: false };
    }
    default: {
      const fix = "compare it with its type, or with the JSON Schema";
      const message = "has none of the forms that are known here";
      return { ...diagnostic({ path, message, value: data, fix }), unusable: !isOfKnownType(data, schema) };
    }
  }
}

/** Whether a schema is that of `{ add: [...] }`. */
function isAddition(schema: SchemaError["parentSchema"]): boolean {
  return Object.keys(schema?.properties ?? {}).join() === "add";
}

/** Whether a value has the type of a branch of a union, so that what reads it can at least look at it. */
function isOfKnownType(value: unknown, branches: unknown): boolean {
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return (branches as { $ref?: string; type?: string; anyOf?: unknown[] }[]).some((branch) => {
    return branch.$ref !== undefined ? type === "object" : branch.type === type;
  });
}

function oneOf(values: readonly unknown[]): string {
  return values.map((value) => JSON.stringify(value)).join(" or ");
}

/** A JSON pointer as a path: positions in lists become numbers. */
function toPath(pointer: string): Path {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));
}
