import { visibleValue } from "../../components/visible";
import { formatReport } from "../report";
import type { FileEdit, StepReport } from "../types";
import { listChangedFiles, makeStateFolder, STATE_FOLDER } from "../guest/backup";
import type { GuestTree } from "../guest/tree";

/**
 * Leaves in the guest, for its owner, what was done to it: as text, as JSON, and as the list that `restore` goes by. To be
 * called when nothing more will be changed: what the list says of each file is what it is now. Secrets are masked in the two reports,
 * which its owner may well hand on; the backups beside them are the files as they were.
 */
export function leaveReports(tree: GuestTree, report: StepReport, edits: FileEdit[]): void {
  makeStateFolder(tree);
  const shown = visibleValue(report);
  tree.write(`${STATE_FOLDER}/report.txt`, formatReport(shown));
  tree.write(`${STATE_FOLDER}/report.json`, `${JSON.stringify(shown, null, 2)}\n`);
  listChangedFiles(tree, edits);
}
