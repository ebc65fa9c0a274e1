/**
 * The command `pv-to-hvm`: two programs beside this one. `sweep` runs where Pulumi does and carries the AWS SDK; all else
 * is the converter, which is copied to helpers as it is.
 */
import { runMain } from "node:module";
import path from "node:path";

const program = process.argv[2] === "sweep" ? "sweep.cjs" : "pv-to-hvm.cjs";
process.argv[1] = path.join(__dirname, program);
runMain();
