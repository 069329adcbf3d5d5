import Ajv from "ajv";
import schema from "../../help/output.schema.json";

const isOutput = new Ajv({ allErrors: true, strict: false }).compile(schema);

/** The JSON that a command printed, which must be as help/output.schema.json describes it. */
export function jsonOf(stdout: string): Readonly<Record<string, unknown>> {
  const output = JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  isOutput(output);
  expect({ output, errors: isOutput.errors }).toEqual({ output, errors: null });
  expect(output.schemaVersion).toBe(1);
  return output;
}
