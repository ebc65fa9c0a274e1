/**
 * How GRUB 2's `legacy_configfile` reads a menu (2.06 and 2.12: commands/legacycfg.c, lib/legacy_parse.c, normal/menu.c): line by
 * line, each title an entry, numbers as C writes them. What is written to the converted disk has to mean the same to both.
 */

/** What GRUB 2 makes of the menu's settings and titles. */
export interface Grub2Reading {
  /** The entry that it starts. */
  default: number;
  fallback: number[];
  /** Seconds; absent: it waits for a key for ever. */
  timeout?: number;
  titles: string[];
}

export function readAsGrub2(text: string): Grub2Reading {
  const titles: string[] = [];
  const settings = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, name, rest] = /^ *([^ =\0]*)[ =]*([^\0]*)/.exec(
      line.replaceAll("\r", "").replaceAll("\t", " "),
    ) as RegExpExecArray;
    const value = rest.replace(/ +$/, "");
    if (name === "title") titles.push(value);
    else if (titles.length === 0) settings.set(name, value);
  }
  const [asked, fallback, timeout] = ["default", "fallback", "timeout"].map((name) => settings.get(name));
  return {
    default: defaultOf(asked, titles),
    fallback: fallback === undefined ? [] : numbersIn(fallback),
    ...(timeout === undefined ? {} : { timeout: readCNumber(timeout)?.value ?? 0 }),
    titles,
  };
}

/** A number past the end is the first entry; what is no number is looked up among the titles. */
function defaultOf(asked: string | undefined, titles: string[]): number {
  if (asked === undefined) return 0;
  const number = readCNumber(asked)?.value ?? titles.indexOf(asked);
  return number >= 0 && number < titles.length ? number : 0;
}

function numbersIn(text: string): number[] {
  const numbers: number[] = [];
  for (let number = readCNumber(text); number !== undefined; number = readCNumber(number.after))
    numbers.push(number.value);
  return numbers;
}

/** As C reads it (`strtoul` with base 0): `0x` hexadecimal, `0` octal. */
function readCNumber(text: string): { value: number; after: string } | undefined {
  const [whole, hexadecimal, octal, decimal] = /^[ \t]*(?:0x([0-9a-fA-F]+)|(0[0-7]+)|(\d+))/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const value = hexadecimal
    ? Number.parseInt(hexadecimal, 16)
    : octal
      ? Number.parseInt(octal, 8)
      : Number(decimal);
  return { value, after: text.slice(whole.length) };
}
