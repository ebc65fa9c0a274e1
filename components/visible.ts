/** Makes a text of a guest's, or of EC2's tags, fit for people and for what shows it to them. Pure. */
import { masked, maskedLines } from "./masked";

/**
 * What is not seen, or does something to whoever shows it: control characters but newline and tab (terminals take them for
 * commands, C1 among them), marks that turn the direction of a line, separators of lines that only some programs know, and
 * characters without a width. Built from numbers: in the source they would not be seen either.
 */
const HIDDEN = new RegExp(
  `[${[
    ...[
      [0x00, 0x08],
      [0x0b, 0x1f],
      [0x7f, 0x9f],
      [0xad, 0xad],
      [0x061c, 0x061c],
      [0x180e, 0x180e],
    ],
    ...[
      [0x200b, 0x200f],
      [0x2028, 0x202e],
      [0x2060, 0x206f],
      [0xfeff, 0xfeff],
      [0xfff9, 0xfffb],
    ],
    ...[[0xe0000, 0xe007f]],
  ]
    .map(([first, last]) => `\\u{${first.toString(16)}}-\\u{${last.toString(16)}}`)
    .join("")}]`,
  "gu",
);

/** A colour's beginning in the words of Pulumi's engine, which ends in a panic at one that it does not know (pulumi/pulumi#10351). */
const ENGINE_COLOUR = /<\{%/g;
/** A command to the runner of GitHub Actions: at the beginning of a line, and in its older form anywhere. */
const RUNNER_COMMAND = /^([ \t]*):(?=:)/gm;
const OLD_RUNNER_COMMAND = /##(?=\[)/g;

/** The same text with all of that shown: `\u{1b}` for an escape, `<{ %` for what the engine would take for a colour. */
export function visible(text: string): string {
  return text
    .replace(HIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replace(ENGINE_COLOUR, "<{ %")
    .replace(RUNNER_COMMAND, "$1: ")
    .replace(OLD_RUNNER_COMMAND, "## ");
}

/**
 * A text that a guest may have a part in, as people are shown it: its secrets masked, and then made visible. In this order, since
 * what is broken visibly could break a secret in two; and masked once more, since what was not seen may have hidden one.
 */
export function shown(text: string): string {
  return masked(visible(masked(text)));
}

/** The same for every text in a value that is JSON; names of properties are made visible. A list of texts is a text's lines. */
export function visibleValue<T>(value: T): T {
  if (typeof value === "string") return shown(value) as T;
  if (isLines(value)) return maskedLines(maskedLines(value).map(visible)) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => visibleValue(each)) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [visible(key), visibleValue(each as unknown)]);
  return Object.fromEntries(entries) as T;
}

function isLines(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
