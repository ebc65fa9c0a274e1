/**
 * The language of `menu.lst`, as far as GRUB legacy 0.97 and `legacy_configfile` of GRUB 2 agree on it: command names in
 * lower case, ended by white space or `=`; a `#` only at a line's beginning makes a comment.
 */

/** One command: its name, and what follows it without the white space around. */
export interface Command {
  name: string;
  rest: string;
}

/** The command on a line; `undefined` for an empty line, a comment, and what begins as no command does. */
export function parseCommand(line: string): Command | undefined {
  const found = /^\s*([a-z]\w*)(?:[ \t=]+(.*?))?\s*$/.exec(line);
  return found ? { name: found[1], rest: found[2] ?? "" } : undefined;
}

/**
 * A text whose continued lines are whole: GRUB legacy reads a backslash before the line end as a space, in comments too;
 * GRUB 2 since 2.00 takes the rest for a command of its own.
 */
export function joinContinued(text: string): string {
  return text.replace(/\\(?:\r?\n|$)/g, " ");
}

/** A file named with a GRUB device before it, taken apart: `(hd0,0)/boot/vmlinuz`. */
export function splitDevice(file: string): { device?: string; path: string } {
  const [, device, path] = /^(\([^)]*\))?(.*)$/s.exec(file) as RegExpExecArray;
  return device === undefined ? { path } : { device, path };
}

/** The partition number, as the kernel counts, of `(hd0,N)`; 0 for `(hd0)`; `undefined` for any other device. */
export function partOfDevice(device: string): number | undefined {
  const [whole, digits] = /^\(hd0(?:,(\d+))?\)$/.exec(device) ?? [];
  if (whole === undefined) return undefined;
  return digits === undefined ? 0 : Number(digits) + 1;
}

/** GRUB legacy's name for a partition of the converted disk; a bare filesystem (0) becomes its first one. */
export function deviceOfPart(part: number): string {
  return `(hd0,${Math.max(part, 1) - 1})`;
}
