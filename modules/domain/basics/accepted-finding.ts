import { DiagnosticCode } from "./check-code";
import { Path, Diagnostic } from "./problem";
import { Diagnostic } from "./finding";

/** A finding that is known and meant to be as it is. */
export interface Acknowledgement {
  /** The finding's code. */
  readonly code: Exclude<DiagnosticCode, "unused-acceptance">;
  /**
   * The construct that it is accepted for, e.g. `templates/docker-hub`.
   *
   * @default - wherever it shows
   */
  readonly construct?: string;
  /** Why, for those who read the report. */
  readonly reason: string;
}

/** What is wrong with a list of accepted findings. */
export function checkAcknowledgements(accepted: readonly Acknowledgement[], path: Path): Diagnostic[] {
  return accepted.flatMap(({ reason }, index) => {
    if (typeof reason !== "string" || reason.trim() !== "") return [];
    const fix = "say in a sentence why it is meant to be so";
    return [{ path: [...path, index, "reason"], what: "must not be empty", value: reason, fix }];
  });
}

/** The findings with the reasons for which they are accepted, and the acceptances of what was not found. */
export function acknowledge(findings: readonly Diagnostic[], accepted: readonly Acknowledgement[]): Diagnostic[] {
  const used = new Set<Acknowledgement>();
  const judged = findings.map((finding) => {
    const acceptance = accepted.find(({ code, construct }) => {
      return code === finding.code && (construct === undefined || finding.constructs.includes(construct));
    });
    if (acceptance === undefined) return finding;
    used.add(acceptance);
    return { ...finding, acknowledged: acceptance.reason };
  });
  const unused = accepted.flatMap((acceptance, index): Diagnostic[] => {
    if (used.has(acceptance)) return [];
    return [
      {
        code: "unused-acceptance",
        path: ["acknowledged", index],
        constructs: [],
        message: `accepts ${acceptance.code}${acceptance.construct === undefined ? "" : ` for ${acceptance.construct}`}, which is not found`,
        effect: "should it come back, nobody would see it",
        fix: "remove it",
      },
    ];
  });
  return [...judged, ...unused];
}
