/* eslint-disable no-console -- this is the only place where text leaves the commands */
import { isatty } from "node:tty";
import { createColors } from "picocolors";
import { printable, printableJson } from "../modules/domain/basics/printable";

type Stream = NodeJS.WriteStream & { readonly fd: number };

/**
 * Colours for what goes to a stream: none where it is no terminal (there `stream.isTTY` would be undefined, which
 * picocolors takes as a wish to guess, and it guesses colours where `CI` is set), or where the user asks for none.
 */
export function colorsFor(stream: { readonly fd: number }) {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  return createColors(isatty(stream.fd) && !NO_COLOR && FORCE_COLOR !== "0" && TERM !== "dumb");
}

/** Prints lines of the result. */
export function print(text: string): void {
  console.log(safe(text, process.stdout));
}

/** Prints lines about the work, such as warnings and errors, to the error stream. */
export function printError(text: string): void {
  console.error(safe(text, process.stderr));
}

/** Prints a value as JSON, which every parser reads as the same value. */
export function printJson(value: unknown): void {
  console.log(printableJson(JSON.stringify(value, null, 2)));
}

/** Lines that neither a terminal nor a CI system takes for anything but text, whatever is in them. */
export function safe(text: string, stream: Stream): string {
  const safeLine = colorsFor(stream).isColorSupported ? printableInColor : printable;
  return text.split("\n").map(safeLine).join("\n");
}

/** The colours of `colorsFor`, and nothing else that a terminal obeys. */
const COLOR = /(\u001b\[\d{1,2}m)/;

function printableInColor(line: string): string {
  // Every second part is one of the colours that the line is split at.
  return line
    .split(COLOR)
    .map((part, index) => (index % 2 === 1 ? part : printable(part)))
    .join("");
}
