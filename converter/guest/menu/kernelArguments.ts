/**
 * Edits of a kernel's command line, or of a piece of one: the text after `kernel FILE`, after `# kopt=`, or between the
 * quotes of `GRUB_CMDLINE_LINUX`. White space stays as it is.
 */

/** The words of a command line; quotes end a word, so that a shell's assignment can be given as it stands. */
const WORD = /[^\s"']+/g;

export function words(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * The words whose value is a device of the guest's. Gentoo's genkernel has `root=/dev/ram0 real_root=/dev/xvda3`: the
 * first one is its initramfs, and stays.
 */
const DEVICE_WORD = /^((?:real_)?root|resume)=(?!\/dev\/ram\d*$)(.+)$/;

/** Names each device of the text anew: `root=/dev/xvda1` becomes `root=UUID=…`. */
export function nameDevices(text: string, name: (device: string, word: "root" | "resume") => string): string {
  return text.replace(WORD, (word) => {
    const [, option, device] = DEVICE_WORD.exec(word) ?? [];
    return option === undefined ? word : `${option}=${name(device, option === "resume" ? "resume" : "root")}`;
  });
}

/** Whether it says which device the root is. */
export function hasRoot(text: string): boolean {
  return words(text).some((word) => word.startsWith("root="));
}

const PV_CONSOLE = /^(?:console=(?:hvc|xvc)\d|xencons=)/;
const CONSOLE = /^(?:console=|xencons=)/;
const SERIAL = /^console=ttyS0\b/;

/** Whether it names a console, of whatever kind. */
export function hasConsole(text: string): boolean {
  return words(text).some((word) => CONSOLE.test(word));
}

/**
 * The consoles of HVM: Xen's are taken away, and ttyS0 comes last (the last one is /dev/console, and ttyS0 is what EC2's
 * console output shows), with the speed that its owner gave it. `console=tty1` goes before it where no other console
 * is named. A line that ends so already stays as it is.
 */
export function serialConsole(text: string): string {
  const consoles = words(text).filter((word) => CONSOLE.test(word));
  const kept = consoles.filter((word) => !PV_CONSOLE.test(word));
  const endsWell = SERIAL.test(kept.at(-1) ?? "");
  if (endsWell && kept.length === consoles.length) return text;
  if (endsWell) return replaceConsoles(text, consoles.length, [], (word) => !PV_CONSOLE.test(word));
  const serial = kept.findLast((word) => SERIAL.test(word)) ?? "console=ttyS0";
  const added = [...(kept.length === 0 ? ["console=tty1"] : []), serial];
  if (consoles.length === 0) return appendWords(text, added);
  return replaceConsoles(
    text,
    consoles.length,
    added,
    (word) => !PV_CONSOLE.test(word) && !SERIAL.test(word),
  );
}

/** The same edit for a setting that need not name a console at all: only where it names one of Xen's. */
export function withoutPvConsole(text: string): string {
  return words(text).some((word) => PV_CONSOLE.test(word)) ? serialConsole(text) : text;
}

/**
 * Takes away the consoles that are not kept, each with the space before it, and puts `added` where the last of the
 * `count` consoles stood. At the beginning of the text the space after it goes instead.
 */
function replaceConsoles(
  text: string,
  count: number,
  added: string[],
  keep: (word: string) => boolean,
): string {
  let seen = 0;
  let opening: string | undefined;
  return text.replace(/(\s*)([^\s"']+)/g, (_, space: string, word: string, at: number) => {
    const isConsole = CONSOLE.test(word);
    if (isConsole) seen++;
    const here = [...(isConsole && !keep(word) ? [] : [word]), ...(isConsole && seen === count ? added : [])];
    const before: string = at === 0 ? space : (opening ?? space);
    opening = here.length === 0 && (at === 0 || opening !== undefined) ? before : undefined;
    return here.length === 0 ? "" : before + here.join(" ");
  });
}

/** Adds words at the end, before white space that ends the text. */
export function appendWords(text: string, added: string[]): string {
  if (added.length === 0) return text;
  const end = /\s*$/.exec(text)?.[0] ?? "";
  const body = text.slice(0, text.length - end.length);
  return [...(body === "" ? [] : [body]), ...added].join(" ") + end;
}
