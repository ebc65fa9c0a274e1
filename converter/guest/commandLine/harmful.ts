/** What a PV guest never felt and hardware may not bear: the word stays, since its owner may have had a reason, and is told. */
import type { Advice } from "../../types";
import { fittingItems, HARMFUL_RULES } from "./argumentRules";
import { bearable } from "./pvOnly";
import { kernelsOwn } from "./words";

/** A word that may do harm, and what it may do. */
export interface Suspect {
  word: string;
  harm: string;
}

/** Those of an entry's words that may do harm on HVM. */
export function suspects(given: string[]): Suspect[] {
  return kernelsOwn(given).flatMap((word) => {
    const found = HARMFUL_RULES.find((rule) => fittingItems(word, rule).length > 0);
    return found === undefined ? [] : [{ word, harm: found.harm }];
  });
}

/** What the owner should know of the command line of the entry that boots, as the conversion leaves it. */
export function warnArguments(subject: string, given: string[]): Advice[] {
  return [...suspects(bearable(given)).map((one) => adviceOn(subject, one)), ...warnQuotes(subject, given)];
}

function adviceOn(subject: string, { word, harm }: Suspect): Advice {
  return {
    subject,
    found: `the entry that boots has ${word}: ${harm}.`,
    advice: "Left as it is. Take it out of the menu in the source where nothing needs it.",
  };
}

/** GRUB 2 puts a backslash before each quote and each backslash that it hands to Linux, so neither arrives as it stands. */
function warnQuotes(subject: string, given: string[]): Advice[] {
  const word = kernelsOwn(given).find((one) => /[ \t"'\\]/.test(one));
  if (word === undefined) return [];
  const found = `the entry that boots has an argument with quotes or a backslash in it (${word}): GRUB 2 puts a backslash before each of them, and Linux reads another value.`;
  return [{ subject, found, advice: "Write it without them in the source, where it is to count." }];
}
