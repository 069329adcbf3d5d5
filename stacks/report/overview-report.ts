import { registryWarnings, registryHost, resolveRegistry } from "../../modules/domain";
import { RegionalEnvironment } from "../environment-regions";
import { compareEnvironments } from "./compare-environments";
import { code, document, table, text } from "./markdown";

/** More columns than these nobody reads side by side. */
const MOST_COLUMNS = 6;

/**
 * All stacks in one table, and what differs between them.
 *
 * @param environments in which `checkEnvironments` finds no error
 */
export function reportOverview(environments: readonly RegionalEnvironment[]): string {
  const rows = environments.map((environment) => {
    const findings = registryWarnings(environment);
    const { caches, templates } = resolveRegistry(environment);
    const accepted = findings.filter((finding) => finding.acknowledged !== undefined).length;
    return [
      `[${text(environment.name)}](stacks/${environment.name}/report.md)`,
      code(registryHost(environment)),
      caches.map(({ prefix }) => code(prefix)).join(", ") || "none",
      String(templates.length),
      `${findings.length - accepted} open, ${accepted} accepted`,
    ];
  });
  return document(
    "# Registries",
    table(["Stack", "Registry", "Caches", "Templates", "Findings"], rows),
    ...aboutDifferences(environments),
  );
}

function aboutDifferences(environments: readonly RegionalEnvironment[]): string[] {
  if (environments.length < 2) return [];
  if (environments.length > MOST_COLUMNS) {
    const [one, other] = environments;
    return ["## Differences", `Of any two: ${code(`npm run diff-env -- ${one!.name} ${other!.name}`)}.`];
  }
  const rows = compareEnvironments(environments).map(({ topic, name, values }) => {
    return [`${text(topic)}: ${text(name)}`, ...values.map((value) => (value === undefined ? "—" : text(value)))];
  });
  if (rows.length === 0) return ["## Differences", "None."];
  return ["## Differences", table(["", ...environments.map(({ name }) => text(name))], rows)];
}
