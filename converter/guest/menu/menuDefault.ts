/** Which entry of a menu boots: `default`, as GRUB 2 reads it. */
import { lineEndOf, type Reasons } from "../edit";
import { parseMenu } from "./bootFile";
import type { MenuTarget } from "./menuTarget";

/** The entry that GRUB 2 starts: it has no saved one, and takes the first for a number past the end. */
export function grub2Default(text: string): number {
  const { default: asked, entries } = parseMenu(text);
  return asked === "saved" || asked < 0 || asked >= entries.length ? 0 : asked;
}

const DEFAULT = /^([ \t]*default[ \t=]+)(\S+)/;

/**
 * The menu with `default` naming the entry that boots, where GRUB 2 would start another one: a saved default, a fallback
 * for a kernel that is gone, a PV-only kernel.
 */
export function sayDefault(text: string, target: MenuTarget, reasons: Reasons): string {
  const { defaultEntry, defaultWhy } = target;
  if (grub2Default(text) === defaultEntry) return text;
  const at = /^[ \t]*title\b/m.exec(text)?.index ?? text.length;
  const [head, entries] = [text.slice(0, at), text.slice(at)];
  const lines = head.split(/(?<=\n)/);
  const edited = lines.map((line) => line.replace(DEFAULT, (_, start: string) => `${start}${defaultEntry}`));
  const hasLine = lines.some((line) => DEFAULT.test(line));
  const said = hasLine ? edited.join("") : `default ${defaultEntry}${lineEndOf(text)}${head}`;
  return reasons.note(text, said + entries, `default ${defaultEntry}: ${defaultWhy}`);
}
