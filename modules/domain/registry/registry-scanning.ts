import { isUnresolved, Path, Diagnostic, diagnostic } from "../basics";
import { repositoriesUnder } from "../naming";

/**
 * How a registry scans images for vulnerabilities. A creation template cannot say it: scanning is configured once for
 * the whole registry, by filters on repository names.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 */
export interface RegistryScanning {
  /**
   * `BASIC` scans operating system packages and is free of charge; `ENHANCED` is Amazon Inspector's, scans language
   * packages too, and is charged by the image.
   *
   * @default "BASIC"
   */
  readonly type?: "BASIC" | "ENHANCED";
  /**
   * When an image is scanned. `CONTINUOUS_SCAN` scans again whenever a vulnerability becomes known, and needs
   * `ENHANCED`.
   *
   * @default "SCAN_ON_PUSH"
   */
  readonly frequency?: "SCAN_ON_PUSH" | "CONTINUOUS_SCAN";
  /**
   * Repositories to scan beside those under the caches' and templates' prefixes, e.g. `team-a/*`. `*` stands for any
   * characters. Repositories that no filter matches are scanned only when somebody asks for it.
   *
   * @default - only the repositories under the caches' and templates' prefixes
   */
  readonly additionalFilters?: readonly string[];
}

const MOST_FILTERS = 100;
const LONGEST_FILTER = 255;
/** As in ECR's API model, written so that each text can match in one way only. */
const FILTER = /^[a-z0-9*]+(?:[._/-][a-z0-9*]+)*$/;

/** What is wrong with a scanning configuration of a registry with the given prefixes. */
export function checkRegistryScanning(
  scanning: RegistryScanning,
  prefixes: readonly string[],
  path: Path,
): Diagnostic[] {
  const { type = "BASIC", frequency = "SCAN_ON_PUSH", additionalFilters = [] } = scanning;
  const problems: Diagnostic[] = additionalFilters.flatMap((filter, index) =>
    checkFilter(filter, [...path, "additionalFilters", index]),
  );
  if (!["BASIC", "ENHANCED"].includes(type) && !isUnresolved(type)) {
    problems.push(
      diagnostic({
        path: [...path, "type"],
        message: "must be BASIC or ENHANCED",
        value: type,
        fix: 'write "BASIC" or "ENHANCED"',
      }),
    );
  }
  if (!["SCAN_ON_PUSH", "CONTINUOUS_SCAN"].includes(frequency) && !isUnresolved(frequency)) {
    const message = "must be SCAN_ON_PUSH or CONTINUOUS_SCAN";
    problems.push(
      diagnostic({ path: [...path, "frequency"], message, value: frequency, fix: 'leave it out for "SCAN_ON_PUSH"' }),
    );
  } else if (type === "BASIC" && frequency === "CONTINUOUS_SCAN") {
    problems.push(
      diagnostic({
        path: [...path, "frequency"],
        message: "must be SCAN_ON_PUSH with BASIC scanning",
        value: frequency,
        fix: 'write type: "ENHANCED", or leave the frequency out',
      }),
    );
  }
  const count = scanningFilters(scanning, prefixes).length;
  if (count > MOST_FILTERS) {
    problems.push(
      diagnostic({
        path: [...path, "additionalFilters"],
        message: `must leave the registry with at most ${MOST_FILTERS} filters, but it has ${count} with those of the prefixes`,
        fix: 'name fewer, wider filters, e.g. "*"',
      }),
    );
  }
  return problems;
}

/** All filters, those of the prefixes and the additional ones, sorted and without repeats; `*` alone where it is among them, since it matches everything. */
export function scanningFilters(scanning: RegistryScanning, prefixes: readonly string[]): string[] {
  const filters = new Set([...prefixes.map(repositoriesUnder), ...(scanning.additionalFilters ?? [])]);
  return filters.has("*") ? ["*"] : [...filters].sort();
}

function checkFilter(filter: string, path: Path): Diagnostic[] {
  if (isUnresolved(filter) || (filter.length <= LONGEST_FILTER && FILTER.test(filter))) return [];
  return [
    diagnostic({
      path,
      message: `must be a repository name of at most ${LONGEST_FILTER} characters in which '*' stands for any characters`,
      value: filter,
      fix: 'write e.g. "team-a/*"',
    }),
  ];
}
