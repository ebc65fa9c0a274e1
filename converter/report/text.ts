/** The shapes of a report for people: sections, entries with a name before them, tables. No line of prose over 100 columns. */

export const WIDTH = 100;
const INDENT = "  ";
/** Where an entry's text begins, behind its name. */
const NAME_WIDTH = 13;

/** What the text of an entry has room for. */
export const ENTRY_WIDTH = WIDTH - INDENT.length - NAME_WIDTH;

/** A title, and the lines below it. */
export function section(title: string, lines: string[]): string[] {
  return [title, ...indent(lines)];
}

export function indent(lines: string[]): string[] {
  return lines.map((line) => (line === "" ? line : INDENT + line));
}

/** Lines with a name before the first one. Texts are wrapped; rows of tables come as they are. */
export function entry(name: string, text: string, rows: string[] = []): string[] {
  const lines = [...wrap(text, ENTRY_WIDTH), ...rows];
  return lines.map((line, index) => (index === 0 ? name : "").padEnd(NAME_WIDTH) + line);
}

/** Breaks a text between its words. A word that is longer than a line stays whole: it may be a path to be copied. */
export function wrap(text: string, width: number): string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, Math.max(width, 20)));
}

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of line.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}

/** A list's entry: a dash before its first line. */
export function item(text: string, width: number): string[] {
  return wrap(text, width - 2).map((line, index) => (index === 0 ? "- " : "  ") + line);
}

/** Columns side by side, the last one wrapped to what is left of the width. */
export function table(rows: string[][], width: number = ENTRY_WIDTH): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column].length)),
  );
  return rows.flatMap((row) => {
    const before = row.slice(0, columns).map((cell, column) => cell.padEnd(widths[column] + 2));
    const start = before.join("");
    return wrap(row[columns], width - start.length).map((line, index) =>
      ((index === 0 ? start : " ".repeat(start.length)) + line).trimEnd(),
    );
  });
}
