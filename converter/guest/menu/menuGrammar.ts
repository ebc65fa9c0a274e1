/**
 * How GRUB legacy 0.97 reads a menu's bytes: lines, commands, numbers, devices (stage2/stage2.c, cmdline.c, char_io.c; PV-GRUB
 * is the same code). White space is blank and tab; a byte order mark and a no-break space are characters like any other.
 */

/** So many bytes of a line are kept, the rest is dropped (`NEW_HEAPSIZE`). */
const MOST_LINE_BYTES = 1500;

/** The largest number that it reads (`MAXINT`). */
const LARGEST = 0x7fffffff;

/** One command: its name, and what follows it. */
export interface Command {
  /** Up to the first blank or `=`, in the case that it has. */
  name: string;
  /** Without the blanks and `=` before it. Blanks at its end count: `default saved ` is not `saved`. */
  rest: string;
}

/** A piece of a menu, with every byte that it has in the file. */
export interface MenuLine {
  /** Line ends included; a continued command has several. */
  raw: string;
  /** What it says to GRUB legacy; absent for blank lines and comments. */
  command?: Command;
  /** A comment's line that begins as none: a backslash at the end of the line before makes it a part of that one. */
  swallowed?: boolean;
}

/** A text cut into the lines that GRUB legacy puts together. Joined, their bytes are the text. */
export function readLines(text: string): MenuLine[] {
  const lines: MenuLine[] = [];
  for (let at = 0; at < text.length;) {
    const end = endOfLine(text, at);
    lines.push(...readLine(text.slice(at, end)));
    at = end;
  }
  return lines;
}

/** After the first line end that no backslash hides. */
function endOfLine(text: string, start: number): number {
  let end = text.indexOf("\n", start);
  while (end >= 0 && isContinued(text, start, end)) end = text.indexOf("\n", end + 1);
  return end < 0 ? text.length : end + 1;
}

/** Carriage returns are dropped before anything else is looked at. */
function isContinued(text: string, start: number, lineEnd: number): boolean {
  let before = lineEnd - 1;
  while (before >= start && text[before] === "\r") before--;
  return before >= start && text[before] === "\\";
}

function readLine(raw: string): MenuLine[] {
  const text = textOf(raw);
  if (text !== "" && !text.startsWith("#")) return [{ raw, command: commandOf(text) }];
  // Tools read comments line by line, and so do those who look for settings in them.
  return raw
    .split(/(?<=\n)/)
    .map((line, index) =>
      index > 0 && !/^[ \t\r]*(?:#|$|\n)/.test(line) ? { raw: line, swallowed: true } : { raw: line },
    );
}

/** What GRUB legacy keeps of a line: continued lines are one, with a blank between them. */
function textOf(raw: string): string {
  const whole = raw
    .replace(/\r/g, "")
    .replace(/\n$/, "")
    .replace(/\\\n/g, " ")
    .replace(/\t/g, " ")
    .replace(/^ +/, "");
  return firstBytes(whole, MOST_LINE_BYTES);
}

function firstBytes(text: string, most: number): string {
  if (text.length * 3 <= most) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** A NUL ends a text for GRUB legacy. */
function commandOf(text: string): Command {
  const [, name, rest] = /^([^ =\0]*)[ =]*([^\0]*)/.exec(text) as RegExpExecArray;
  return { name, rest };
}

/** Whether GRUB 2, which knows no continued lines and no limit, would read a command otherwise than as it is kept here. */
export function isReadOtherwise({ raw, command }: MenuLine): boolean {
  return command !== undefined && (/\\\r*\n/.test(raw) || textOf(raw) !== textWithoutLimit(raw));
}

function textWithoutLimit(raw: string): string {
  return raw
    .replace(/[\r\n]/g, "")
    .replace(/\t/g, " ")
    .replace(/^ +/, "");
}

/** A command's line as one line that both read alike, tabs and line end as they were. */
export function asOneLine({ raw }: MenuLine): string {
  const lineEnd = /\r*\n?$/.exec(raw)?.[0] ?? "";
  const body = raw.slice(0, raw.length - lineEnd.length).replace(/\\\r*\n/g, " ");
  const indent = /^[ \t\r]*/.exec(body)?.[0] ?? "";
  return indent + firstBytes(body.slice(indent.length).replace(/\r/g, ""), MOST_LINE_BYTES) + lineEnd;
}

/** A command line of words separated by blanks, as GRUB legacy goes from one to the next. */
export function wordsOf(rest: string): string[] {
  return rest.split(/[ \t]+/).filter((word) => word !== "");
}

/**
 * The number that a text begins with, and what follows it: `0x` for hexadecimal, else decimal (`010` is ten, `1x` is 1).
 * `undefined` if it begins with none, or with one too large: a setting then stays as it was.
 */
export function readNumber(text: string): { value: number; after: string } | undefined {
  const isHexadecimal = /^0[xX]/.test(text);
  const digits = (isHexadecimal ? /^0[xX]([0-9a-fA-F]+)/ : /^(\d+)/).exec(text)?.[1];
  if (digits === undefined) return undefined;
  const value = Number.parseInt(digits, isHexadecimal ? 16 : 10);
  return value > LARGEST ? undefined : { value, after: text.slice(digits.length + (isHexadecimal ? 2 : 0)) };
}

/** A file named with a GRUB device before it, taken apart: `(hd0,0)/boot/vmlinuz`. */
export function splitDevice(file: string): { device?: string; path: string } {
  const [, device, path] = /^(\([^)]*\))?(.*)$/s.exec(file) as RegExpExecArray;
  return device === undefined ? { path } : { device, path };
}

/** The partition number, as the kernel counts, of `(hd0,N)`; 0 for `(hd0)`; `undefined` for any other device. */
export function partOfDevice(device: string): number | undefined {
  const [whole, digits] = /^\(hd0(?:,(\d+))?\)$/.exec(device) ?? [];
  if (whole === undefined) return undefined;
  return digits === undefined ? 0 : Number(digits) + 1;
}

/** GRUB legacy's name for a partition of the converted disk; a bare filesystem (0) becomes its first one. */
export function deviceOfPart(part: number): string {
  return `(hd0,${Math.max(part, 1) - 1})`;
}
