/** A unified diff of texts whose lines are known to belong together: in one pass, where a search grows with the square of the changes. */

/** A piece of a text, of one line or several, before and after an edit; empty if it was not there, or is not any more. */
export interface LinePair {
  before: string;
  after: string;
}

/** Lines of context around a change. */
const CONTEXT = 3;

interface DiffLine {
  sign: " " | "-" | "+";
  text: string;
}

/** The hunks, a line each, as `diff -u` writes them below the names of the files. */
export function alignedHunks(pairs: LinePair[]): string[] {
  const lines = diffLines(pairs);
  const hunks: string[] = [];
  let [oldLine, newLine] = [0, 0];
  let done = 0;
  for (const [from, to] of hunkRanges(lines)) {
    const before = lines.slice(done, from);
    oldLine += countOf(before, "+");
    newLine += countOf(before, "-");
    const hunk = lines.slice(from, to);
    const [oldCount, newCount] = [countOf(hunk, "+"), countOf(hunk, "-")];
    hunks.push(`@@ -${range(oldLine, oldCount)} +${range(newLine, newCount)} @@`, ...hunk.flatMap(print));
    oldLine += oldCount;
    newLine += newCount;
    done = to;
  }
  return hunks;
}

/** Of changes that follow each other, all lines that go come before those that come. */
function diffLines(pairs: LinePair[]): DiffLine[] {
  const lines: DiffLine[] = [];
  let added: DiffLine[] = [];
  const flush = () => {
    for (const line of added) lines.push(line);
    added = [];
  };
  for (const { before, after } of pairs) {
    if (before === after) {
      flush();
      for (const text of linesOf(before)) lines.push({ sign: " ", text });
    } else {
      for (const text of linesOf(before)) lines.push({ sign: "-", text });
      for (const text of linesOf(after)) added.push({ sign: "+", text });
    }
  }
  flush();
  return lines;
}

function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** From and to, in lines of the diff: each change with its context, and those that meet as one. */
function hunkRanges(lines: DiffLine[]): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === " ") continue;
    const [from, to] = [Math.max(0, index - CONTEXT), Math.min(lines.length, index + CONTEXT + 1)];
    const last = ranges.at(-1);
    if (last && from <= last[1]) last[1] = to;
    else ranges.push([from, to]);
  }
  return ranges;
}

/** Lines that the one side has: all without the other side's sign. */
function countOf(lines: DiffLine[], otherSign: "-" | "+"): number {
  return lines.filter(({ sign }) => sign !== otherSign).length;
}

/** Lines are counted from 1; no lines stand behind the one before them. */
function range(line: number, count: number): string {
  return `${count === 0 ? line : line + 1},${count}`;
}

function print({ sign, text }: DiffLine): string[] {
  return text.endsWith("\n") ? [sign + text.slice(0, -1)] : [sign + text, "\\ No newline at end of file"];
}
