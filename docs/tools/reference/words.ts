/** Small pieces of the reference's Markdown. Pure. */
import type { Declared, Property } from "./docstrings";

/** A cell of a table: one line, and no bar that would end it. */
export function cell(text: string): string {
  return text.replace(/\s+/g, " ").replace(/\|/g, "\\|");
}

/** The first sentence of a text. */
export function firstSentence(text: string): string {
  return /^.*?[.?](?= |\n|$)/s.exec(text)?.[0] ?? text;
}

/** What holds where nothing is given. A literal stands as one; `needed` where something has to be. */
export function defaultWords({ isOptional, default: value }: Property): string {
  if (!isOptional) return "needed";
  if (value === undefined) return "none";
  const text = /^"([^"]*)"$/.exec(value)?.[1];
  if (text !== undefined) return `\`${text}\``;
  return /^(\[.*\]|\d+|true|false)$/.test(value) ? `\`${value}\`` : value;
}

/** A type in words: an enumeration by its values, a group by a link to its section. */
export function typeWords(
  type: string,
  declared: Map<string, Declared>,
  link: (type: string) => string,
): string {
  const item = /^(\w+)\[\]$/.exec(type)?.[1];
  if (item) return `a list of ${typeWords(item, declared, link)}`;
  if (/^\{ \[\w+: string\]: string;? \}$/.test(type)) return "a map of strings";
  const known = declared.get(type);
  if (!known) return `\`${type}\``;
  return known.values.length > 0 ? oneOf(known) : link(type);
}

function oneOf({ values }: Declared): string {
  return values.map(({ value }) => `\`${value}\``).join(", ");
}

/** The anchor that GitHub gives a heading. */
export function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-");
}
