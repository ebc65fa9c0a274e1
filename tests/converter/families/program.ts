/** The whole program, run as from a shell. */
import { main } from "../../../converter/main";
import type { StepReport } from "../../../converter/types";

export interface Ended {
  status: number;
  /** What it printed with `--json`. */
  report: StepReport;
  /** Its lines on standard error. */
  lines: string[];
  last: string;
}

/** Runs a command line with `--json`. Throws where it ends without a report: the command line was wrong. */
export async function run(...argv: string[]): Promise<Ended> {
  let out = "";
  const lines: string[] = [];
  const status = await main([...argv, "--json"], {
    out: (text) => (out += text),
    log: (line) => lines.push(line),
  });
  return { status, report: JSON.parse(out) as StepReport, lines, last: lines.at(-1) ?? "" };
}
