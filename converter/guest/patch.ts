import { applyPatch } from "diff";
import type { FileEdit } from "../types";

/**
 * The text after an edit's diff; `false` where the diff is not for this text. Applied to the letter: no fuzz, and line ends as
 * they are. Whoever foresees a change and whoever makes it read the diff by this.
 */
export function patch(text: string, diff: string[]): string | false {
  return applyPatch(text, `${diff.join("\n")}\n`, { fuzzFactor: 0, autoConvertLineEndings: false });
}

/** What an edit makes of a file's text: `undefined` if it goes, `false` where the diff does not fit. */
export function textAfter(
  { action, diff }: Pick<FileEdit, "action" | "diff">,
  before: string | undefined,
): string | undefined | false {
  return action === "remove" ? undefined : patch(action === "create" ? "" : (before ?? ""), diff);
}
