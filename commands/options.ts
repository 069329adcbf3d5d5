import { UserMistake } from "./command-line";

/** Collects the values of an option that can be passed several times. */
export function several(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/**
 * Reads a whole number from 1.
 *
 * @throws UserMistake if it is not one
 */
export function toCount(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new UserMistake(`must be a whole number from 1, got "${text}"`);
}

/**
 * Reads a number of days, with or without `d` after it.
 *
 * @throws UserMistake if it is not a whole number from 1
 */
export function toDays(text: string): number {
  const days = Number(/^(\d+)d?$/.exec(text)?.[1]);
  if (days >= 1) return days;
  throw new UserMistake(`an age must be a whole number of days from 1, e.g. 90, got "${text}"`);
}

/**
 * Reads a price.
 *
 * @throws UserMistake if it is not a number from 0
 */
export function toPrice(text: string): number {
  const price = Number(text);
  if (text.trim() !== "" && price >= 0) return price;
  throw new UserMistake(`a price must be a number from 0, e.g. 0.10, got "${text}"`);
}
