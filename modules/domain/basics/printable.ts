import { hideCredentials } from "./credential-text";

/**
 * Characters that readers do not see, or that change how others are shown: control characters, format characters such
 * as those that reverse the direction of a text, halves of surrogate pairs, and line separators.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const SHORT: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
/** What Azure Pipelines, GitHub and TeamCity read as a command, anywhere in a line of a log. */
const COMMAND = /#(?=#(?:vso|teamcity)?\[)/g;
/** What GitHub reads as a command at the start of a line. */
const COMMAND_AT_START = /^(\s*)::/;

/**
 * A text as one line that is safe to show anywhere: in a terminal, in the log of a CI system, in a report. Characters
 * that cannot be seen are escaped, credentials are replaced by `…`, and no part of it is a command for a CI system.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 * @see https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
 */
export function printable(text: string): string {
  return hideCredentials(text)
    .replace(UNSEEN, (character) => SHORT[character] ?? `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(COMMAND, "\\u{23}")
    .replace(COMMAND_AT_START, "$1\\u{3a}:");
}

/** The text of a JSON document in which characters that cannot be seen are escaped. Its meaning stays the same. */
export function printableJson(json: string): string {
  return json.replace(/[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu, (character) => {
    const codes = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return codes.map((code) => `\\u${code.toString(16).padStart(4, "0")}`).join("");
  });
}
