import fs from "node:fs";
import { FailedError } from "../errors";
import type { FileEdit, Plan } from "../types";
import { BACKUP_FOLDER, backUp, backUpAndRemove } from "./backup";
import { patch } from "./patch";
import type { GuestTree } from "./tree";

export { BACKUP_FOLDER } from "./backup";

/**
 * Does what the plan says to the guest's files and decides nothing. Each file that it touches is backed up first, once:
 * the backup that is there is the original. Can be run again after any interruption. Returns what was really
 * written; throws a `FailedError` where a file is not the one that the plan was made for.
 */
export function applyEdits(tree: GuestTree, plan: Plan): FileEdit[] {
  return plan.edits.filter((edit) =>
    edit.action === "remove" ? backUpAndRemove(tree, edit.path) : writeFile(tree, edit),
  );
}

function writeFile(tree: GuestTree, edit: FileEdit): boolean {
  const after = editedText(tree, edit);
  if (tree.read(edit.path) === after) return false;
  if (edit.action === "edit") backUp(tree, edit.path, tree.hostPath(edit.path));
  const written = tree.write(edit.path, after);
  if (edit.mode !== undefined) fs.chmodSync(tree.hostPath(edit.path), edit.mode);
  return written;
}

/**
 * Takes back what a killed run wrote in part, so that the guest can be read again: a file with a backup gets its original
 * back, one that was to be made goes. Files that are whole, before or after their change, stay as they are.
 */
export function restoreHalfWritten(tree: GuestTree, edits: FileEdit[]): void {
  for (const { action, path: file, diff } of edits) {
    const original = action === "create" ? "" : tree.read(BACKUP_FOLDER + file);
    const [now, whole] = [tree.read(file), original === undefined ? false : patch(original, diff)];
    if (action === "remove" || now === undefined || whole === false || now === whole) continue;
    if (action === "edit") tree.write(file, original ?? "");
    else if (whole.startsWith(now)) tree.remove(file);
  }
}

/** The text that the file must end up with: made from the backup where there is one, since a run that was interrupted may have left half of it. */
function editedText(tree: GuestTree, edit: FileEdit): string {
  const originals =
    edit.action === "create" ? [""] : [tree.read(BACKUP_FOLDER + edit.path), tree.read(edit.path)];
  for (const original of originals) {
    const edited = original === undefined ? false : patch(original, edit.diff);
    if (edited !== false) return edited;
  }
  throw new FailedError(
    `${edit.path}: it is not the file that the plan was made for, so its change does not fit. Start again with a blank destination.`,
  );
}
