import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** A service as its vendor describes it to machines: what its actions take, what they answer, and how they fail. */
export interface ServiceModel {
  /** What is wrong with a request, each with its place. */
  request(action: string, input: unknown): string[];
  /** What is wrong with an answer, each with its place. */
  response(action: string, output: unknown): string[];
  /** Whether an action can fail with an error of this name. */
  hasError(action: string, name: string): boolean;
}

/** Errors that every AWS service can answer and that no model lists. */
const COMMON_ERRORS = [
  "AccessDeniedException",
  "ExpiredTokenException",
  "ThrottlingException",
  "UnknownOperationException",
  "UnrecognizedClientException",
];

/** Several models as one: nothing may be wrong according to any of them. */
export function allOf(models: readonly ServiceModel[]): ServiceModel {
  return {
    request: (action, input) => models.flatMap((model) => model.request(action, input)),
    response: (action, output) => models.flatMap((model) => model.response(action, output)),
    hasError: (action, name) => models.every((model) => model.hasError(action, name)),
  };
}

type SdkSchema = number | readonly unknown[] | (() => SdkSchema);

/**
 * The model that ships with a client of the SDK, as the schemas that it exports. They have the shapes and the required
 * members; lengths, patterns and the values of enumerations are not in them.
 *
 * @param client what the client's package exports
 */
export function sdkModel(client: Readonly<Record<string, unknown>>): ServiceModel {
  const schemaOf = (name: string) => client[`${name}$`] as readonly unknown[] | undefined;
  const check = (action: string, value: unknown, index: 4 | 5) => {
    const operation = schemaOf(action);
    return operation === undefined
      ? [`there is no action ${action}`]
      : checkSdk(operation[index] as SdkSchema, value, action);
  };
  return {
    request: (action, input) => check(action, input, 4),
    response: (action, output) => check(action, output, 5),
    hasError: (_, name) => COMMON_ERRORS.includes(name) || Number(schemaOf(name)?.[0]) === -3,
  };
}

const LIST_OF = 64;
const MAP_OF = 128;
const SIMPLE: Readonly<Record<number, (value: unknown) => boolean>> = {
  0: (value) => typeof value === "string",
  1: (value) => typeof value === "number",
  2: (value) => typeof value === "boolean",
  // A time is a number of seconds in the protocol.
  4: (value) => typeof value === "number",
  // Bytes are Base64 in the protocol.
  21: (value) => typeof value === "string",
};

function checkSdk(schema: SdkSchema, value: unknown, place: string): string[] {
  if (typeof schema === "function") return checkSdk(schema(), value, place);
  if (typeof schema === "number") {
    if (schema >= MAP_OF) return checkMap(value, place, (one, at) => checkSdk(schema - MAP_OF, one, at));
    if (schema >= LIST_OF) return checkList(value, place, (one, at) => checkSdk(schema - LIST_OF, one, at));
    return SIMPLE[schema]?.(value) === true ? [] : [`${place} has the wrong type`];
  }
  const [kind, , , , names, members, required = 0] = schema as [number, string, string, unknown, never, never, number?];
  if (kind === 1) return checkList(value, place, (one, at) => checkSdk(names, one, at));
  if (kind === 2) return checkMap(value, place, (one, at) => checkSdk(members, one, at));
  const memberNames = names as readonly string[];
  return checkStructure(value, place, memberNames.slice(0, required), (name) => {
    const index = memberNames.indexOf(name);
    return index < 0 ? undefined : (one, at) => checkSdk((members as readonly SdkSchema[])[index]!, one, at);
  });
}

type Check = (value: unknown, place: string) => string[];

function checkList(value: unknown, place: string, check: Check): string[] {
  if (!Array.isArray(value)) return [`${place} is not a list`];
  return value.flatMap((one: unknown, index) => check(one, `${place}[${index}]`));
}

function checkMap(value: unknown, place: string, check: Check): string[] {
  if (typeof value !== "object" || value === null) return [`${place} is not a map`];
  return Object.entries(value).flatMap(([key, one]) => check(one, `${place}.${key}`));
}

function checkStructure(
  value: unknown,
  place: string,
  required: readonly string[],
  memberOf: (name: string) => Check | undefined,
): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [`${place} is not a structure`];
  const entries = Object.entries(value).filter(([, one]) => one !== undefined && one !== null);
  const names = entries.map(([name]) => name);
  return [
    ...required.filter((name) => !names.includes(name)).map((name) => `${place}.${name} is missing`),
    ...entries.flatMap(([name, one]) => memberOf(name)?.(one, `${place}.${name}`) ?? [`${place}.${name} is unknown`]),
  ];
}

interface BotocoreShape {
  readonly type: string;
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly required?: readonly string[];
  readonly member?: { readonly shape: string };
  readonly value?: { readonly shape: string };
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

interface BotocoreModel {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly input?: { readonly shape: string };
        readonly output?: { readonly shape: string };
        readonly errors?: readonly { readonly shape: string }[];
      }
    >
  >;
  readonly shapes: Readonly<Record<string, BotocoreShape>>;
}

/** Where Python's botocore is; `undefined` if it is not installed. */
function botocoreFolder(): string | undefined {
  const program =
    "import importlib.util as u; s = u.find_spec('botocore'); print(s.submodule_search_locations[0] if s else '')";
  const { status, stdout } = spawnSync("python3", ["-c", program], { encoding: "utf8" });
  return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
}

/**
 * The model that ships with botocore, where it is installed and knows what we need. It also has lengths, patterns, the
 * values of enumerations and the errors of each action.
 *
 * @param version a folder of the service's versions
 * @param action an action that releases that are too old do not have
 */
export function botocoreModel(service: string, version: string, action: string): ServiceModel | undefined {
  const folder = botocoreFolder();
  const file = folder && join(folder, "data", service, version, "service-2.json");
  const text =
    file === undefined
      ? undefined
      : existsSync(file)
        ? readFileSync(file)
        : existsSync(`${file}.gz`)
          ? gunzipSync(readFileSync(`${file}.gz`))
          : undefined;
  if (text === undefined) return undefined;
  const model = JSON.parse(text.toString("utf8")) as BotocoreModel;
  return action in model.operations ? fromBotocore(model) : undefined;
}

type BotocoreCheck = (shape: string | undefined, value: unknown, place: string) => string[];

function fromBotocore({ operations, shapes }: BotocoreModel): ServiceModel {
  const request: BotocoreCheck = (shape, value, place) =>
    shape === undefined ? [] : checkBotocore(shapes[shape]!, value, place, request);
  // Lengths are about requests: an answer can have an empty list of what a request must name at least one of.
  const response: BotocoreCheck = (shape, value, place) => {
    return shape === undefined ? [] : checkBotocore({ ...shapes[shape]!, min: undefined }, value, place, response);
  };
  return {
    request: (action, input) => request(operations[action]?.input?.shape, input, action),
    response: (action, output) => response(operations[action]?.output?.shape, output, action),
    hasError(action, name) {
      const { errors = [] } = operations[action] ?? {};
      return COMMON_ERRORS.includes(name) || errors.some(({ shape }) => shape === name);
    },
  };
}

function checkBotocore(
  { type, members = {}, required = [], member, value: mapValue, enum: values, pattern, min, max }: BotocoreShape,
  value: unknown,
  place: string,
  check: BotocoreCheck,
): string[] {
  const outOf = (size: number, what: string) => {
    if (min !== undefined && size < min) return [`${place} has ${size} ${what}, fewer than ${min}`];
    return max !== undefined && size > max ? [`${place} has ${size} ${what}, more than ${max}`] : [];
  };
  switch (type) {
    case "structure":
      return checkStructure(value, place, required, (name) => {
        const shape = members[name]?.shape;
        return shape === undefined ? undefined : (one, at) => check(shape, one, at);
      });
    case "list":
      return [
        ...checkList(value, place, (one, at) => check(member?.shape, one, at)),
        ...outOf((value as unknown[]).length, "elements"),
      ];
    case "map":
      return checkMap(value, place, (one, at) => check(mapValue?.shape, one, at));
    case "string": {
      if (typeof value !== "string") return [`${place} is not a string`];
      if (values !== undefined && !values.includes(value))
        return [`${place} is "${value}", not one of ${values.join(", ")}`];
      if (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value))
        return [`${place} does not match ${pattern}`];
      return outOf(value.length, "characters");
    }
    case "integer":
    case "long":
      if (!Number.isInteger(value)) return [`${place} is not an integer`];
      if ((min !== undefined && Number(value) < min) || (max !== undefined && Number(value) > max)) {
        return [`${place} is ${String(value)}, not from ${min ?? "-"} to ${max ?? "-"}`];
      }
      return [];
    case "timestamp":
    case "double":
    case "float":
      return typeof value === "number" ? [] : [`${place} is not a number`];
    case "boolean":
      return typeof value === "boolean" ? [] : [`${place} is not a boolean`];
    default:
      return [];
  }
}
