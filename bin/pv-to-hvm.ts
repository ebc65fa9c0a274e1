/**
 * The command `pv-to-hvm`: the programs beside this one. `sweep` and `preview-report` run where Pulumi does; all else is
 * the converter, which is copied to helpers as it is.
 */
import { runMain } from "node:module";
import path from "node:path";

const PROGRAMS: { [command: string]: string } = {
  sweep: "sweep.cjs",
  "preview-report": "preview-report.cjs",
};

process.argv[1] = path.join(__dirname, PROGRAMS[process.argv[2]] ?? "pv-to-hvm.cjs");
runMain();
