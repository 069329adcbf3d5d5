import { Diagnostic, diagnostic, Path } from "./diagnostic";
import { WarningCode } from "./diagnostic-code";

/** A warning that is known and meant to be as it is. */
export interface Acknowledgement {
  /** The name of the check. */
  readonly code: Exclude<WarningCode, "unused-acknowledgement">;
  /**
   * The construct for which it is acknowledged, e.g. `templates/docker-hub`.
   *
   * @default - wherever it shows
   */
  readonly construct?: string;
  /** The reason, for those who read the report. */
  readonly reason: string;
}

/** Checks a list of acknowledgements. */
export function checkAcknowledgements(acknowledgements: readonly Acknowledgement[], path: Path): Diagnostic[] {
  return acknowledgements.flatMap(({ reason }, index) => {
    if (typeof reason !== "string" || reason.trim() !== "") return [];
    const fix = "say in a sentence why it is meant to be so";
    return [diagnostic({ path: [...path, index, "reason"], message: "must not be empty", value: reason, fix })];
  });
}

/** Adds to warnings the reasons for which they are acknowledged, and a warning for each acknowledgement of nothing. */
export function acknowledge(
  warnings: readonly Diagnostic[],
  acknowledgements: readonly Acknowledgement[],
): Diagnostic[] {
  const used = new Set<Acknowledgement>();
  const judged = warnings.map((warning) => {
    const found = acknowledgements.find(({ code, construct }) => {
      return code === warning.code && (construct === undefined || warning.constructs?.includes(construct));
    });
    if (found === undefined) return warning;
    used.add(found);
    return { ...warning, acknowledged: found.reason };
  });
  const unused = acknowledgements.flatMap((one, index): Diagnostic[] => {
    if (used.has(one)) return [];
    return [
      diagnostic({
        code: "unused-acknowledgement",
        path: ["acknowledged", index],
        message: `acknowledges ${one.code}${one.construct === undefined ? "" : ` for ${one.construct}`}, which is not found`,
        effect: "should it come back, nobody would see it",
        fix: "remove it",
      }),
    ];
  });
  return [...judged, ...unused];
}
