import { moduleKey } from "../../kernel/drivers";
import { appendLine, type Edited } from "../../edit";

/** The last assignment of the variable that is no comment: `NAME="a b"`, `NAME='a b'`, `NAME=(a b)` or `NAME=a`. */
function assignment(name: string): RegExp {
  return new RegExp(`^([ \\t]*${name}=)(?:"([^"\\n]*)"|'([^'\\n]*)'|\\(([^)]*)\\)|([^\\s#"'(]*))`, "gm");
}

/**
 * Adds words to a list in a file that a shell reads, in the form in which it is written there: SUSE's
 * `INITRD_MODULES="…"`, Arch's `MODULES=(…)`. Words that are there stay where they are; dashes and underscores are alike.
 */
export function addToShellList(text: string, name: string, words: string[], why: string): Edited {
  const found = [...text.matchAll(assignment(name))].at(-1);
  if (!found) return { text: appendLine(text, `${name}="${words.join(" ")}"`), why: [why] };
  const [all, start, , , list] = found;
  const before = valueOf(found);
  const known = new Set(before.split(/\s+/).map(moduleKey));
  const added = words.filter((word) => !known.has(moduleKey(word)));
  if (added.length === 0) return { text, why: [] };
  const value = [before.trim(), ...added].filter((word) => word !== "").join(" ");
  const written = list === undefined ? `"${value}"` : `(${value})`;
  return {
    text: text.slice(0, found.index) + start + written + text.slice(found.index + all.length),
    why: [why],
  };
}

/** The words of the list, by its last assignment; those of a variable are left out. */
export function shellList(text: string, name: string): string[] {
  const found = [...text.matchAll(assignment(name))].at(-1);
  return found === undefined ? [] : wordsOf(found);
}

/** The words of every assignment, where each adds to the ones before (`NAME+=`). */
export function shellLists(text: string, name: string): string[] {
  return [...text.matchAll(assignment(name))].flatMap(wordsOf);
}

function wordsOf(found: RegExpMatchArray): string[] {
  return valueOf(found)
    .split(/\s+/)
    .filter((word) => /^[\w-]+$/.test(word));
}

function valueOf([, , double, single, list, bare]: RegExpMatchArray): string {
  return double ?? single ?? list ?? bare ?? "";
}
