/**
 * The kernel's command line, or a piece of one: the text after `kernel FILE`, after `# kopt=`, or between the quotes of
 * `GRUB_CMDLINE_LINUX`. Read once into words by Linux' own rules (`next_arg`): double quotes alone keep white space
 * together, dashes and underscores in a name are the same, and ` -- ` ends what is the kernel's own. White space and quotes are
 * kept, so that what is printed unchanged is the text, byte for byte.
 */

/** Whose quotes: Linux' own, or a shell's around a whole line of a script, where a quote of either kind ends a word. */
export type Quotes = "linux" | "shell";

/** One word as it stands in the text. */
interface Word {
  /** `shell`: quotes before it, with the white space before them. They stay where the word goes. */
  before: string;
  space: string;
  text: string;
}

interface Line {
  words: Word[];
  end: string;
}

/** What Linux takes for white space. JavaScript's `\s` knows more: a byte order mark is part of a word. */
const PATTERNS: Record<Quotes, RegExp> = {
  linux: /()([ \t\n\v\f\r]*)((?:"[^"]*(?:"|$)|[^ \t\n\v\f\r"])+)/g,
  shell: /((?:[ \t\n\v\f\r]*["'])*)([ \t\n\v\f\r]*)([^ \t\n\v\f\r"']+)/g,
};

function parse(text: string, quotes: Quotes): Line {
  const found = [...text.matchAll(PATTERNS[quotes])];
  const words = found.map(([, before, space, word]) => ({ before, space, text: word }));
  return { words, end: text.slice(found.reduce((sum, [all]) => sum + all.length, 0)) };
}

function print({ words, end }: Line): string {
  return words.map(({ before, space, text }) => before + space + text).join("") + end;
}

/** A word as Linux understands it: its name, as it is spelled, and its value without quotes. */
export interface Argument {
  name: string;
  value?: string;
}

/** Takes a word apart. */
export function argumentOf(word: string): Argument {
  const bare = unquoted(word);
  const at = bare.indexOf("=");
  return at < 0 ? { name: bare } : { name: bare.slice(0, at), value: unquoted(bare.slice(at + 1)) };
}

/** A quote that nothing closes stays, so that it is seen. */
function unquoted(text: string): string {
  return /^"([^"]*)"$/.exec(text)?.[1] ?? text;
}

/** A name as Linux compares it: a dash is an underscore. */
export function nameKey(name: string): string {
  return name.replaceAll("-", "_");
}

/** Whether a word gives the parameter of that name. */
export function isNamed(word: string, name: string): boolean {
  return nameKey(argumentOf(word).name) === nameKey(name);
}

/** The word with another value, its quotes kept. */
export function withValue(word: string, value: string): string {
  const { value: old } = argumentOf(word);
  const at = word.indexOf("=") + 1;
  if (old === undefined || old === "") return word;
  return word.slice(0, at) + word.slice(at).replace(old, () => value);
}

/** How many words are the kernel's own: those after ` -- ` are init's (Linux 3.16 and later). */
function ownCount(words: Word[]): number {
  const end = words.findIndex(({ text }) => text === "--");
  return end < 0 ? words.length : end;
}

/** All words as Linux understands them: `root="LABEL=/"` is `root=LABEL=/`. */
export function words(text: string, quotes: Quotes = "linux"): string[] {
  return parse(text, quotes).words.map((word) => {
    const { name, value } = argumentOf(word.text);
    return value === undefined ? name : `${name}=${value}`;
  });
}

/** Those of the words that are the kernel's own: what follows `--` is init's. */
export function kernelsOwn(given: string[]): string[] {
  const end = given.indexOf("--");
  return end < 0 ? given : given.slice(0, end);
}

/** The kernel's own words of a text. */
export function ownWords(text: string, quotes?: Quotes): string[] {
  return kernelsOwn(words(text, quotes));
}

/**
 * The text with each of the kernel's own words changed to what `edit` gives for it; nothing for a word that goes. It goes
 * with the space before it; at the beginning the space after it goes instead.
 */
export function editWords(
  text: string,
  edit: (word: string, index: number) => string[],
  quotes: Quotes = "linux",
): string {
  const line = parse(text, quotes);
  const own = ownCount(line.words);
  const kept: Word[] = [];
  let lost: Pick<Word, "before" | "space"> | undefined;
  line.words.forEach((word, index) => {
    const [first, ...others] = index < own ? edit(word.text, index) : [word.text];
    const opens = kept.length === 0 || word.before !== "";
    if (first === undefined) {
      const space = lost === undefined || word.before !== "" ? word.space : lost.space;
      lost = opens || lost ? { before: (lost?.before ?? "") + word.before, space } : undefined;
      return;
    }
    const start =
      lost === undefined ? word : { before: lost.before + word.before, space: spaceAfter(lost, word) };
    kept.push({ ...start, text: first }, ...others.map((one) => ({ before: "", space: " ", text: one })));
    lost = undefined;
  });
  return print({ words: kept, end: (lost?.before ?? "") + line.end });
}

function spaceAfter(lost: Pick<Word, "before" | "space">, word: Word): string {
  return word.before === "" ? lost.space : word.space;
}

/** Adds words at the end of the kernel's own, before white space that ends the text. */
export function appendWords(text: string, added: string[], quotes: Quotes = "linux"): string {
  if (added.length === 0) return text;
  const own = quotes === "linux" ? placeToAppend(text) : text.length;
  const [head, tail] = [text.slice(0, own), text.slice(own)];
  const end = /[ \t\n\v\f\r]*$/.exec(head)?.[0] ?? "";
  const body = head.slice(0, head.length - end.length);
  const joined = [...(body === "" ? [] : [body]), ...added].join(" ");
  return joined + (end === "" && tail !== "" ? " " : end) + tail;
}

/** Before ` -- `, and before a quote that nothing closes: Linux takes all that follows it for one word. */
function placeToAppend(text: string): number {
  const { words: all } = parse(text, "linux");
  const stop = all.findIndex(({ text: word }) => word === "--" || hasOpenQuote(word));
  if (stop < 0) return text.length;
  return (
    all.slice(0, stop).reduce((sum, { space, text: word }) => sum + space.length + word.length, 0) +
    all[stop].space.length
  );
}

/** Whether a quote in it is never closed. */
export function hasOpenQuote(text: string): boolean {
  return (text.match(/"/g) ?? []).length % 2 === 1;
}
