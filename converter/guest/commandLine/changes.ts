/** Changes to a command line's parameters, each with its reason. */
import type { Reasons } from "../edit";
import { appendWords, argumentOf, editWords, hasOpenQuote, isNamed, type Quotes, ownWords } from "./words";

/** One change to a kernel's command line. */
export interface ParameterChange {
  /** `name=value` or `name`, added where no parameter of that name is given, whatever its value: the owner's word counts. */
  add?: string;
  /** The name of a parameter that goes, with any value. */
  remove?: string;
  /** What takes a word's place: the word itself where it is not concerned, nothing where it goes. */
  rewrite?: (word: string) => string | undefined;
  /** One sentence. */
  why: string;
}

/** Makes the changes to a command line, or to a setting that every entry gets once. White space that is not concerned stays. */
export function changeParameters(
  text: string,
  changes: ParameterChange[],
  reasons: Reasons,
  quotes?: Quotes,
): string {
  return changes.reduce(
    (line, change) => reasons.note(line, changeOne(line, change, quotes), change.why),
    text,
  );
}

/** Those of the changes that take something away: for a setting that stands beside another one, which has the additions. */
export function removals(changes: ParameterChange[]): ParameterChange[] {
  return changes.map(({ add: _, ...rest }) => rest);
}

/**
 * Quotes around what has no white space go: PV-GRUB handed them to Linux as they stood, GRUB 2 puts a backslash before each,
 * and `root="LABEL=/"` would be looked for with it. A quote that keeps words together stays.
 */
export const WITHOUT_QUOTES: ParameterChange = {
  rewrite: (word) => (hasOpenQuote(word) || /[ \t\n\v\f\r]/.test(word) ? word : word.replaceAll('"', "")),
  why: "quotes go: GRUB 2 puts a backslash before each, and Linux would read it as a part of the value",
};

function changeOne(text: string, { add, remove, rewrite }: ParameterChange, quotes?: Quotes): string {
  const rewritten = rewrite === undefined ? text : editWords(text, (word) => listOf(rewrite(word)), quotes);
  const kept = remove === undefined ? rewritten : withoutParameter(rewritten, remove, quotes);
  return add === undefined || isGiven(kept, add, quotes) ? kept : appendWords(kept, [add], quotes);
}

function listOf(word: string | undefined): string[] {
  return word === undefined ? [] : [word];
}

function isGiven(text: string, parameter: string, quotes?: Quotes): boolean {
  return ownWords(text, quotes).some((word) => isNamed(word, argumentOf(parameter).name));
}

function withoutParameter(text: string, name: string, quotes?: Quotes): string {
  return editWords(text, (word) => (isNamed(word, name) ? [] : [word]), quotes);
}
