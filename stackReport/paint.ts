/** Colours for a terminal. */

export interface Paint {
  bold(text: string): string;
  added(text: string): string;
  removed(text: string): string;
  dim(text: string): string;
}

/** With ANSI's codes, or with nothing. */
export function paint(coloured: boolean): Paint {
  const code = (number: number) => (text: string) => (coloured ? `\x1b[${number}m${text}\x1b[0m` : text);
  return { bold: code(1), added: code(32), removed: code(31), dim: code(2) };
}

/** Whether there is somebody to see colours: a terminal, and no wish against it (https://no-color.org). */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? "") === "";
}
