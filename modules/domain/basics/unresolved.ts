/**
 * Values that only Terraform knows. A user may hand in a CDKTF token (`key.arn`) or a Terraform expression
 * (`${var.account}`) wherever a string is wanted. Nothing can be said about such a value at synth, so every
 * check skips it and every renderer passes it through.
 *
 * This file knows the text form of CDKTF's tokens rather than importing `cdktf`, so that the domain stays free of
 * the framework; a test compares it with `Token.isUnresolved`.
 */

/** `${…}` or `%{…}` that is not escaped by doubling its first character: an expression, or a string token. */
const EXPRESSION = /(?<!\$)\$\{|(?<!%)%\{/;
/** The text that stands for a whole list or map in CDKTF. */
const COLLECTION_TOKEN = /[#&]\{TfToken\[/;
/** CDKTF encodes number tokens as negative doubles of this size; no count, day or version comes near it. */
const NUMBER_TOKEN_BELOW = -1e280;

/** Whether a value is, or holds anywhere inside, something that only Terraform can resolve. */
export function isUnresolved(value: unknown): boolean {
  if (typeof value === "string") return value.includes("{") && (EXPRESSION.test(value) || COLLECTION_TOKEN.test(value));
  if (typeof value === "number") return value < NUMBER_TOKEN_BELOW;
  if (Array.isArray(value)) return value.some(isUnresolved);
  // A CDKTF `IResolvable`: an object that Terraform's text is asked from only at synth.
  if (typeof value === "object" && value !== null) {
    return (
      typeof (value as { resolve?: unknown }).resolve === "function" || Object.entries(value).flat().some(isUnresolved)
    );
  }
  return false;
}
