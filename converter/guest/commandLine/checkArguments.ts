/** What must be true of the command line that boots a converted guest. Pure. */
import { consoleFault, consolesOf } from "./consoles";
import { rootOf } from "./devices";
import { unbearable } from "./pvOnly";

/** How an entry's words are judged: each fault as a clause, and what was seen. */
export interface ArgumentsJudged {
  root?: string;
  /** Absent: the last console is ttyS0, and none is Xen's. */
  consoleFault?: string;
  /** The consoles as they stand, or what there is instead. */
  consoles: string;
  /** A word that HVM does not bear. */
  unbearable?: { word: string; harm: string };
}

/** Judges an entry's words, by the rules that also edit them. */
export function judgeArguments(given: string[]): ArgumentsJudged {
  return {
    root: rootOf(given),
    consoleFault: consoleFault(given),
    consoles: consolesOf(given).join(" ") || "no console=",
    unbearable: unbearable(given),
  };
}
