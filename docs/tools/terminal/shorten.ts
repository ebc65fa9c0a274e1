/** What of a recorded run is drawn: few enough lines for one screen, each of them as it was printed. Pure. */
import type { Line } from "./recording";

/** What stands for lines that were left out, and for the rest of a line. */
export const GAP = "⋮";
export const CUT = "…";

/** Columns of the drawn terminal. */
export const COLUMNS = 118;

/** Lines that are shown. Of the engine's lines the column of the resource's type gives way to what the step says. */
const SHOWN: RegExp[] = [
  /^pulumi (preview|up)$/,
  /^ +\+ \d+ to create$/,
  /^ \+ +aws:\S+ sample-(image|instance) created /,
  /^ \+ +command:remote:Command sample-(inspect|partition|copy|configure|install-grub|verify|rehearse) created /,
  /^ \+ +command:remote:Command sample-rehearse creating .* rehearsal: (grub|root-written|login) /,
  /^ \+ +command:remote:Command sample-boot-proof created /,
  /^Duration:/,
  /^ +boot proof, read from/,
  /^ +(virtualization|kernel|root device) {2,}[^:]+$/,
];

/** Lines that only tell of progress: the engine prints a resource anew each time that it has something to say. */
const PROGRESS = [/^@ updating/, /^ \+ .* creating \(/, /^$/];

/** The lines to draw, with a mark wherever something else than progress was left out. */
export function shorten(run: Line[]): Line[] {
  const kept: Line[] = [{ seconds: 0, text: "$ npm run demo" }];
  let isGap = false;
  for (const line of run) {
    if (SHOWN.some((pattern) => pattern.test(line.text))) {
      if (isGap) kept.push({ seconds: line.seconds, text: ` ${GAP}` });
      kept.push({ ...line, text: cut(line.text) });
      isGap = false;
    } else if (!PROGRESS.some((pattern) => pattern.test(line.text))) {
      isGap = true;
    }
  }
  return kept;
}

/** A line that fits, with a mark where something of it is missing. */
function cut(text: string): string {
  const short = text.replace(/^( \+ +)[a-z]\S+:\S+ (sample-\S+)/, `$1${CUT} $2`);
  return short.length > COLUMNS ? `${short.slice(0, COLUMNS - 1)}${CUT}` : short;
}
