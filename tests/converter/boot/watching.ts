import {
  type BootProgress,
  type Observation,
  NOT_STARTED,
  advance,
} from "../../../converter/boot/bootProgress";

export const GRUB = "GRUB: booting from /boot/grub/menu.lst on (hd0,msdos1)";
export const KERNEL = "[    0.000000] Linux version 3.2.0-4-amd64 (debian-kernel@lists.debian.org)";
export const INIT = "Loading, please wait...";

/** What stands there without an end of line, as it was recorded. */
const PROMPT = /login: ?$|^\(initramfs\)|^grub|^dracut:\/#|\): ?$/;

/** A console's lines, one a second, taken in one after the other; then what else was seen, a second each. */
export function watch(
  lines: string[],
  more: Partial<Observation>[] = [],
): { state: BootProgress; second: number } {
  const observations: Observation[] = [
    ...lines.map((line, second) => ({ second, lines: PROMPT.test(line) ? [] : [line], prompt: line })),
    ...more.map((one, index) => ({ second: lines.length + index, lines: [], prompt: "", ...one })),
  ];
  return { state: observations.reduce(advance, NOT_STARTED), second: observations.at(-1)?.second ?? 0 };
}
