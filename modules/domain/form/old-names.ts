import { diagnostic, Path } from "../basics";
import { FormProblem } from "./form-problem";

/** Fields of earlier versions, with what is written today. */
const FIELDS: Readonly<Record<string, string>> = {
  acceptedFindings: "acknowledged",
  adopt: "importExisting",
  defaults: "repositories",
  exclusive: "denyOthers",
  lifecyclePolicy: "lifecycle",
};

/** Values of earlier versions by their field, with what is written today. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  code: { "unused-acceptance": "unused-acknowledgement" },
  type: { "managed-secret": "new-secret" },
  valueFrom: { elsewhere: "outside-terraform" },
};

/** Fields whose keys are the user's own. */
const MAPS = ["additionalRegions", "conditions", "resourceTags", "secrets", "tags"];

/** Finds the names of earlier versions, wherever they stand. */
export function checkOldNames(value: unknown, path: Path = []): FormProblem[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((one: unknown, index) => checkOldNames(one, [...path, index]));
  const isMap = MAPS.includes(String(path.at(-1)));
  return Object.entries(value).flatMap(([field, inner]: [string, unknown]) => {
    const at = [...path, field];
    const today = isMap ? undefined : own(FIELDS, field);
    if (today !== undefined) return [renamed(at, `is now called ${today}`, undefined, `write ${today}`)];
    const values = isMap ? undefined : own(VALUES, field);
    const other = typeof inner === "string" && values ? own(values, inner) : undefined;
    if (other === undefined) return checkOldNames(inner, at);
    return [renamed(at, "is not a known value", inner, `write ${JSON.stringify(other)}, as it is called now`)];
  });
}

function renamed(path: Path, message: string, value: unknown, fix: string): FormProblem {
  return { ...diagnostic({ path, message, value, fix }), unusable: true };
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
