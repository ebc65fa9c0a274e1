/** The consoles of a command line: Xen's are not there on HVM, and the last one is /dev/console. */
import { appendWords, editWords, kernelsOwn, type Quotes, ownWords } from "./words";

const PV_CONSOLE = /^(?:console=(?:hvc|xvc)|xencons=)/;
const CONSOLE = /^(?:console=|xencons=)/;
const SERIAL = /^console=ttyS0\b/;

/** Whether it names a console, of whatever kind. */
export function hasConsole(text: string): boolean {
  return ownWords(text).some((word) => CONSOLE.test(word));
}

/**
 * The consoles of HVM: Xen's are taken away, and ttyS0 comes last (the last one is /dev/console, and ttyS0 is what EC2's
 * console output shows), with the speed that its owner gave it. `console=tty1` goes before it where no other console
 * is named. A line that ends so already stays as it is.
 */
export function serialConsole(text: string, quotes?: Quotes): string {
  const consoles = ownWords(text, quotes).filter((word) => CONSOLE.test(word));
  const kept = consoles.filter((word) => !PV_CONSOLE.test(word));
  const endsWell = SERIAL.test(kept.at(-1) ?? "");
  if (endsWell && kept.length === consoles.length) return text;
  if (endsWell) return replaceConsoles(text, consoles.length, [], (word) => !PV_CONSOLE.test(word), quotes);
  const serial = kept.findLast((word) => SERIAL.test(word)) ?? "console=ttyS0";
  const added = [...(kept.length === 0 ? ["console=tty1"] : []), serial];
  if (consoles.length === 0) return appendWords(text, added, quotes);
  const keep = (word: string) => !PV_CONSOLE.test(word) && !SERIAL.test(word);
  return replaceConsoles(text, consoles.length, added, keep, quotes);
}

/** The same edit for a setting that need not name a console at all: only where it names one of Xen's. */
export function withoutPvConsole(text: string, quotes?: Quotes): string {
  return ownWords(text, quotes).some((word) => PV_CONSOLE.test(word)) ? serialConsole(text, quotes) : text;
}

/** Takes away the consoles that are not kept, and puts `added` where the last of the `count` consoles stood. */
function replaceConsoles(
  text: string,
  count: number,
  added: string[],
  keep: (word: string) => boolean,
  quotes?: Quotes,
): string {
  let seen = 0;
  const edit = (word: string) => {
    if (!CONSOLE.test(word)) return [word];
    seen++;
    return [...(keep(word) ? [word] : []), ...(seen === count ? added : [])];
  };
  return editWords(text, edit, quotes);
}

/** What is wrong with an entry's consoles on HVM, as a clause; `undefined` where EC2's console output shows the boot. */
export function consoleFault(given: string[]): string | undefined {
  const consoles = kernelsOwn(given).filter((word) => CONSOLE.test(word));
  const pv = consoles.find((word) => PV_CONSOLE.test(word));
  if (pv !== undefined) return `${pv} is Xen's`;
  if (!SERIAL.test(consoles.at(-1) ?? ""))
    return consoles.length === 0 ? "no console=" : `${consoles.at(-1)} is the last one`;
  return undefined;
}

/** An entry's consoles, as they stand. */
export function consolesOf(given: string[]): string[] {
  return kernelsOwn(given).filter((word) => CONSOLE.test(word));
}
