import type { Validate } from "./check-form";

/** Whether a value has the form of a registry. `npm run schema` compiles it: that takes longer than a synthesis. */
declare const validate: Validate;
export default validate;
