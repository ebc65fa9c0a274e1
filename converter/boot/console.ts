/** Makes lines out of what a machine writes to its serial port, as a person would read them. */

/** A line is cut here: one over 64 KiB hangs `pulumi up`, and nobody reads the end of a long one. */
const LONGEST_LINE = 400;
const LONGEST_REST = 16_384;
/** More than any report shows. */
const LINES_KEPT = 500;

const CURSOR_MOVES = /\x1b\[[0-9;]*[Hf]/g;
const ESCAPES = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>78cDEHMZ])/g;
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f]/g;

/** Plain text: colours and cursor movements taken off, a jump to another place of the screen made a new line. */
export function plainText(text: string): string {
  return text
    .replace(CURSOR_MOVES, "\n")
    .replace(ESCAPES, "")
    .replace(/\r+\n?/g, "\n")
    .replace(CONTROLS, "");
}

/** Collects a console's output, piece by piece. */
export class Console {
  private seen: string[] = [];
  private rest = "";

  /** Takes the next piece; returns the lines that it completed, empty ones left out. */
  feed(piece: string): string[] {
    const text = this.rest + piece;
    const end = Math.max(text.lastIndexOf("\n"), text.length > LONGEST_REST ? text.length - 1 : -1) + 1;
    this.rest = text.slice(end);
    const lines = readableLines(text.slice(0, end));
    this.seen = [...this.seen, ...lines].slice(-LINES_KEPT);
    return lines;
  }

  /** The line that is not ended yet: a prompt stands in such a one. */
  get unfinished(): string {
    return readableLines(this.rest).at(-1) ?? "";
  }

  /** The last lines, the unfinished one among them. */
  tail(count: number): string[] {
    return [...this.seen, ...readableLines(this.rest)].slice(-count);
  }
}

function readableLines(text: string): string[] {
  return plainText(text)
    .split("\n")
    .map((line) => line.trimEnd().slice(0, LONGEST_LINE))
    .filter((line) => line.trim() !== "");
}
