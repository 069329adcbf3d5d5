import { EcrError, invalidParameter } from "./ecr-error";
import { optionalText, RequestInput } from "./request-input";

/** A part of a list, and what to send for the next one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken: string | undefined;
}

const MOST_RESULTS = 1000;
const DEFAULT_RESULTS = 100;

/** The page of a list that a request asks for by `maxResults` and `nextToken`. */
export function pageOf<T>(all: readonly T[], input: RequestInput): Page<T> {
  const size = pageSize(input.maxResults);
  const start = startOf(optionalText(input, "nextToken"));
  const end = start + size;
  return { items: all.slice(start, end), nextToken: end < all.length ? tokenOf(end) : undefined };
}

/** ECR does not page a list of things that are named. */
export function refusePaging(input: RequestInput, named: string): void {
  for (const field of ["maxResults", "nextToken"]) {
    if (input[field] !== undefined) throw invalidParameter(field, `Member must be null where ${named} is given`);
  }
}

function pageSize(maxResults: unknown): number {
  if (maxResults === undefined || maxResults === null) return DEFAULT_RESULTS;
  if (Number.isInteger(maxResults) && Number(maxResults) >= 1 && Number(maxResults) <= MOST_RESULTS) {
    return Number(maxResults);
  }
  throw invalidParameter("maxResults", `Member must have value between 1 and ${MOST_RESULTS}`);
}

function tokenOf(start: number): string {
  return Buffer.from(`start=${start}`).toString("base64");
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = /^start=(\d+)$/.exec(Buffer.from(token, "base64").toString())?.[1];
  if (start === undefined) throw new EcrError("InvalidParameterException", "Invalid parameter at 'nextToken'");
  return Number(start);
}
