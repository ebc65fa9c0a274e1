/** A run of `npm run demo` as it is kept: each line with the seconds since the first. Pure. */

export interface Line {
  /** Since the first line. */
  seconds: number;
  text: string;
}

// A terminal's colours and movements begin with the escape character.
const ESCAPES = /\x1b\[[0-9;]*[A-Za-z]/g;
const FIRST = "pulumi preview";

/**
 * What is kept of a log: from the first preview on, without colours. What comes before is the set-up, which differs from
 * machine to machine. Throws where the log has no preview, as that of a demo which had been migrated before.
 */
export function keep(log: Line[]): Line[] {
  const plain = log.map(({ seconds, text }) => ({ seconds, text: text.replace(ESCAPES, "").trimEnd() }));
  const first = plain.findIndex(({ text }) => text === FIRST);
  if (first < 0) {
    throw new Error(
      `The run shows no ${FIRST}: the demo was migrated before. npm run demo -- destroy first.`,
    );
  }
  const begun = plain[first].seconds;
  return plain.slice(first).map(({ seconds, text }) => ({ seconds: seconds - begun, text }));
}

/** One line of the file a line of the run: seconds with two decimals, a tab, the text. */
export function formatRecording(lines: Line[]): string {
  return lines.map(({ seconds, text }) => `${seconds.toFixed(2)}\t${text}\n`).join("");
}

export function parseRecording(file: string): Line[] {
  const lines = file.split("\n").slice(0, -1);
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    return { seconds: Number(line.slice(0, tab)), text: line.slice(tab + 1) };
  });
}
