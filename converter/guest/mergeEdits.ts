import type { FileEdit } from "../types";
import { fileEdit, fileRemoval } from "./edit";
import { patch } from "./patch";
import type { Read } from "./planEdits";

/** Plans edits of the files as the planners before it leave them. */
type Planner = (read: Read) => FileEdit[];

/**
 * The edits of several planners, one for each file. If two planners change the same file, the second sees the first one's
 * result, and the diff is from the original to the last result.
 */
export function composeEdits(read: Read, planners: Planner[]): FileEdit[] {
  const merged = new Map<string, FileEdit>();
  const now: Read = (path) => textAfter(merged.get(path), read(path));
  for (const planner of planners) {
    for (const edit of planner(now)) {
      const both = mergeEdits(merged.get(edit.path), edit, read(edit.path));
      if (both) merged.set(edit.path, both);
      else merged.delete(edit.path);
    }
  }
  return [...merged.values()];
}

function mergeEdits(first: FileEdit | undefined, second: FileEdit, original?: string): FileEdit | undefined {
  if (!first) return second;
  const why = [...new Set([...first.why, ...second.why])];
  const text = textAfter(second, textAfter(first, original));
  if (text !== undefined) return fileEdit(second.path, original, { text, why });
  return original === undefined ? undefined : fileRemoval(second.path, second.why[0], original);
}

function textAfter(edit: FileEdit | undefined, before: string | undefined): string | undefined {
  if (!edit) return before;
  if (edit.action === "remove") return undefined;
  const after = patch(before ?? "", edit.diff);
  return after === false ? before : after;
}
