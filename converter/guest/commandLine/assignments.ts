/** Command lines in shell variables: `GRUB_CMDLINE_LINUX="…"`, `DEFAULT_APPEND='…'`. */
import { Reasons, splitLineEnd, splitLines, type Edited } from "../edit";

/** `NAME=`, then one value: in double quotes (over more lines than one, too), in single ones, or one plain word. */
const ASSIGNMENT =
  /^([ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=)("(?:[^"\\]|\\[^])*"|'[^']*'|[^\s"'#;]*)(?=[ \t\r]*(?:[#;]|$))/gm;

/** One variable with its value, without the quotes. */
export interface Assignment {
  name: string;
  value: string;
}

/** The variables that a text sets, in its order. Comments set none. */
export function readAssignments(text: string): Assignment[] {
  return [...text.matchAll(ASSIGNMENT)].map(([, , name, given]) => ({ name, value: split(given).value }));
}

/** The text with values changed, each in the quotes that it had. Comments, line ends and everything else stay. */
export function editAssignments(text: string, edit: (given: Assignment, reasons: Reasons) => string): Edited {
  const reasons = new Reasons();
  const edited = text.replace(ASSIGNMENT, (all, start: string, name: string, given: string) => {
    const { quote, value } = split(given);
    const changed = edit({ name, value }, reasons);
    return changed === value ? all : start + inQuotes(changed, quote);
  });
  return { text: edited, why: reasons.list() };
}

function split(given: string): { quote: string; value: string } {
  const quote = /^["']/.exec(given)?.[0] ?? "";
  return { quote, value: given.slice(quote.length, given.length - quote.length) };
}

/** A plain word needs none. */
function inQuotes(value: string, quote: string): string {
  const around = quote === "" && /[^\w=.,:/@%+-]/.test(value) ? '"' : quote;
  return around + value + around;
}

/** A text with each of its lines edited, line ends kept. */
export function editLines(text: string, edit: (line: string, reasons: Reasons) => string): Edited {
  const reasons = new Reasons();
  const lines = splitLines(text).map((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    return edit(body, reasons) + lineEnd;
  });
  return { text: lines.join(""), why: reasons.list() };
}
