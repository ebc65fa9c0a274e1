/** Which engine a migration needs, and which one is fetched or built where there is none. */

/**
 * That of the SDK, and what Pulumi.yaml requires. `replacementTrigger`, on which a conversion hangs, came with 3.215.0
 * (source: Pulumi's blog): an older engine ignores the option without a word, and would keep a stale image.
 */
export const MINIMUM_VERSION = "3.248.0";

/** What everything here was measured on. */
export const ENGINE_VERSION = "3.259.0";

/** Whether `version` (with or without a leading v, and with whatever follows its three numbers) is `minimum` or newer. */
export function isAtLeast(version: string, minimum: string): boolean {
  const [found, needed] = [numbersOf(version), numbersOf(minimum)];
  if (!found || !needed) return false;
  const place = found.findIndex((number, index) => number !== needed[index]);
  return place < 0 || found[place] > needed[place];
}

/** The first `1.2.3` (or `1.2`) in a text; undefined if there is none. */
export function numbersOf(text: string): number[] | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : undefined;
}
