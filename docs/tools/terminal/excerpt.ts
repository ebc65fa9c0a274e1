/** The report's diff for the front page, out of the same run. Pure. */
import type { Line } from "./recording";
import { CUT } from "./shorten";

/** Columns that a code block has on a page before it has to be scrolled. */
const COLUMNS = 104;

/** Which hunk of which file; of a long hunk the lines around its first changes. */
const HUNKS: [path: string, from: RegExp, lines: number][] = [
  ["/boot/grub/menu.lst", /^ title/, 6],
  ["/etc/fstab", /^-/, 4],
];

/**
 * Hunks of the boot menu and of fstab, as a fenced block that GitHub colours. A line that is too long is cut where a mark
 * stands. Throws where the run has no such change.
 */
export function reportDiff(run: Line[]): string {
  const texts = run.map(({ text }) => text.replace(/^ {4}/, ""));
  const hunks = HUNKS.flatMap(([path, from, lines]) => hunkOf(texts, path, from, lines));
  return ["```diff", ...hunks.map(cut), "```"].join("\n");
}

function hunkOf(texts: string[], path: string, from: RegExp, lines: number): string[] {
  const file = texts.lastIndexOf(`--- a${path}`);
  const first = texts.findIndex((text, index) => index > file + 1 && from.test(text));
  if (file < 0 || first < 0) throw new Error(`The recorded run changes no ${path}: record it again.`);
  return [texts[file], texts[file + 1], ...texts.slice(first, first + lines)];
}

function cut(text: string): string {
  return text.length > COLUMNS ? `${text.slice(0, COLUMNS - 1)}${CUT}` : text;
}
