import { invalidParameter } from "./ecr-error";
import { optionalList, RequestInput, required, text } from "./request-input";

/** How a registry scans, as ECR describes it. */
export interface ScanningConfiguration {
  readonly scanType: string;
  readonly rules: readonly {
    readonly scanFrequency: string;
    readonly repositoryFilters: readonly { readonly filter: string; readonly filterType: string }[];
  }[];
}

/** What a registry has before anybody configures it. */
export const DEFAULT_SCANNING: ScanningConfiguration = { scanType: "BASIC", rules: [] };

const FILTER = { min: 1, max: 255, pattern: /^[a-z0-9*](?:[._\-/a-z0-9*]?[a-z0-9*]+)*$/ };
const FREQUENCIES = ["SCAN_ON_PUSH", "CONTINUOUS_SCAN", "MANUAL"];
const FREQUENCIES_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  BASIC: ["SCAN_ON_PUSH", "MANUAL"],
  ENHANCED: ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"],
};

/** What a request says of scanning; it replaces all that was there. */
export function readScanningConfiguration(input: RequestInput): ScanningConfiguration {
  const scanType = text({ scanType: "BASIC", ...input }, "scanType", { values: ["BASIC", "ENHANCED"] });
  const rules = optionalList(input, "rules", readRule, { max: 2 }) ?? [];
  if (rules.some(({ scanFrequency }) => !FREQUENCIES_OF_TYPE[scanType]!.includes(scanFrequency))) {
    throw invalidParameter("rules", `Scan frequency must be one that ${scanType} scanning has`);
  }
  return { scanType, rules };
}

function readRule(rule: RequestInput) {
  const readFilter = (one: RequestInput) => ({
    filter: text(one, "filter", FILTER),
    filterType: text(one, "filterType", { values: ["WILDCARD"] }),
  });
  return {
    scanFrequency: text(rule, "scanFrequency", { values: FREQUENCIES }),
    repositoryFilters: required(optionalList(rule, "repositoryFilters", readFilter, { max: 100 }), "repositoryFilters"),
  };
}
