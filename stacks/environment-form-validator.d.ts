import type { Validate } from "../modules/domain/form";

/** Whether a value has the form of an environment. `npm run schema` compiles it: that takes longer than a synthesis. */
declare const validate: Validate;
export default validate;
