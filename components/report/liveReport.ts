import type { LiveReport } from "../../live/types";
import { visibleError } from "../checks/problems";
import { visibleValue } from "../visible";
import type { LiveSourceReport } from "./reportedSource";

/**
 * Reads what the program on a live source printed. Throws where that is not its record: another version of this package
 * has left another program there.
 */
export function parseLiveReport(command: LiveReport["command"], stdout: string): LiveSourceReport {
  const report = parsed(stdout);
  if (report?.format === 1 && report.command === command) return withoutFormat(report);
  throw visibleError(
    `source-${command === "inspect" ? "inspection" : "preparation"}: the record of \`${command}\` was expected on its ` +
      `standard output, found ${JSON.stringify(stdout.slice(0, 80))}. Set a new revision to ask the source anew.`,
  );
}

function parsed(stdout: string): LiveReport | undefined {
  try {
    return visibleValue(JSON.parse(stdout) as LiveReport);
  } catch {
    return undefined;
  }
}

function withoutFormat({ format: _, ...report }: LiveReport): LiveSourceReport {
  return report;
}
