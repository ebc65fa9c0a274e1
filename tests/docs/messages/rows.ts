/** The rows of docs/troubleshooting.md, and which messages they are about. */
import { read } from "../documents";
import type { Message } from "./collect";
import { VARIES, wordsIn } from "./texts";

/** Words in a row that are enough to know a message by; a shorter message is known by all of its own. */
const ENOUGH_WORDS = 3;

export interface Row {
  /** From 1 on. */
  line: number;
  /** The messages' unchanging words, as they stand in the first cell. */
  quotes: string[];
  cause: string;
  cure: string;
}

/** The rows of the tables whose first column is `message`: others quote what is not this program's. */
export function readRows(page = read("docs/troubleshooting.md")): Row[] {
  let isOurs = false;
  return page.split("\n").flatMap((text, index) => {
    if (!text.startsWith("|")) isOurs = false;
    if (text.startsWith("| message |")) isOurs = true;
    if (!isOurs || /^\| (message \||---)/.test(text)) return [];
    const [first, cause = "", cure = ""] = text
      .split(/(?<!\\)\|/)
      .slice(1)
      .map((cell) => cell.trim());
    return [
      { line: index + 1, quotes: [...first.matchAll(/`([^`]+)`/g)].map(([, quote]) => quote), cause, cure },
    ];
  });
}

/** Whether the quote is a piece of the message, with `…` where that varies, and enough of it to be known by. */
export function isQuoteOf(quote: string, { text }: Message): boolean {
  const piece = plainly(quote).replace(/^[… ]+|[… ]+$/g, "");
  return wordsIn(piece) >= Math.min(ENOUGH_WORDS, wordsIn(text)) && plainly(text).includes(piece);
}

/** Two that vary, one right after the other, are one. */
function plainly(text: string): string {
  return text.replace(new RegExp(`${VARIES}(?: ?${VARIES})+`, "g"), VARIES);
}
