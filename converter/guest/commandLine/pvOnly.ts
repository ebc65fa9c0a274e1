/**
 * What only a Xen PV guest bears, or what stops a boot on HVM: taken out, each with its reason. A PV guest has no firmware,
 * no PCI bus and no emulated devices, so these words did nothing there. Nothing that the guest relied on is lost.
 * Measured with Linux 6.1 and 6.12 in QEMU (docs/guests.md has the table), or read in Linux' sources.
 */
import { fittingItems, PV_ONLY_RULES, type Rule } from "./argumentRules";
import type { ParameterChange } from "./changes";
import { argumentOf, kernelsOwn, withValue } from "./words";

/** The changes that take all of it out of a command line, or of any setting that becomes part of one. */
export const PV_ONLY: readonly ParameterChange[] = PV_ONLY_RULES.map((rule) => ({
  rewrite: (word) => without(word, rule),
  why: `${rule.what} goes: ${rule.harm}`,
}));

/** What is left of a word: itself where the rule does not fit it, nothing where it goes. */
function without(word: string, rule: Rule): string | undefined {
  const lost = fittingItems(word, rule);
  if (lost.length === 0) return word;
  if (rule.per === "word") return undefined;
  const kept = (argumentOf(word).value ?? "").split(",").filter((item) => !lost.includes(item));
  return kept.length === 0 ? undefined : withValue(word, kept.join(","));
}

/** What is left of an entry's words once all of it is taken out. */
export function bearable(given: string[]): string[] {
  return given.flatMap(
    (word) =>
      PV_ONLY_RULES.reduce<string | undefined>(
        (left, rule) => (left === undefined ? undefined : without(left, rule)),
        word,
      ) ?? [],
  );
}

/** An entry's words that HVM does not bear, each with what it does there. */
export function unbearables(given: string[]): { word: string; harm: string }[] {
  return PV_ONLY_RULES.flatMap((rule) =>
    kernelsOwn(given)
      .filter((word) => fittingItems(word, rule).length > 0)
      .map((word) => ({ word, harm: rule.harm })),
  );
}

/** The first of an entry's words that HVM does not bear, and what it does; `undefined` if there is none. */
export function unbearable(given: string[]): { word: string; harm: string } | undefined {
  return unbearables(given).at(0);
}
