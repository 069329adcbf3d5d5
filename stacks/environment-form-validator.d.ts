import type { ErrorObject } from "ajv";

/** Whether a value has the form of an environment. `npm run schema` compiles it: that takes longer than a synthesis. */
declare const validate: {
  (value: unknown): boolean;
  readonly errors?: ErrorObject[] | null;
};
export default validate;
