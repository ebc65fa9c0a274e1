/** Texts of others, put into Markdown so that they stay texts: no link, no mention, no table's end. Pure. */

/** The longest text that is shown whole: names of EC2 have 255 characters at most. */
const LONGEST = 300;

/**
 * A text as inline code. Nothing in it is read as Markdown, but for what ends a cell, a line or the code itself. GitHub
 * makes no mention and no reference of what is code.
 */
export function code(text: string): string {
  const line = cut(text.replace(/\s+/g, " ").trim(), LONGEST).replaceAll("|", "\\|");
  if (line === "") return "`(empty)`";
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `\`${line}\`` : `${fence} ${line} ${fence}`;
}

/** Names as code, and of how many more they are. */
export function named(names: string[], most: number): string {
  const more = names.length - most;
  return [...names.slice(0, most).map(code), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

/** A text as plain words in a line or a cell. */
export function plain(text: string): string {
  return (
    text
      .replace(/\s+/g, " ")
      .trim()
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replace(/[\\`*_{}[\]|~]/g, "\\$&")
      // As entities GitHub shows them just so, and calls nobody, links no issue and finds no address. Theirs come last.
      .replace(/#(?=\w)/g, "&#35;")
      .replace(/\bGH-(?=\d)/gi, "GH&#45;")
      .replace(/@/g, "&#64;")
      .replace(/:\/\//g, "&#58;//")
      .replace(/\bwww\./gi, "www&#46;")
  );
}

/** A text of several lines as it is, behind a fence that it cannot end. */
export function block(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, "\n")}\n${fence}`;
}

/** Something folded away; `summary` is HTML, in which Markdown is not read. */
export function folded(summary: string, content: string): string {
  return `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** A table; the cells are Markdown of one line. */
export function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

/** Inline code as HTML, for where Markdown is not read. */
export function htmlCode(text: string): string {
  const line = cut(text.replace(/\s+/g, " ").trim(), LONGEST);
  const escaped = line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  return `<code>${escaped.replaceAll("@", "&#64;")}</code>`;
}

/** Not in the middle of a character that takes two code units. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
