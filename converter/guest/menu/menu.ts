/** A menu of GRUB legacy as a model: read once, by the rules of 0.97, with every byte of the file in it. */
import { countsBeforeEntries, makesEntry } from "./menuCommands";
import { readEntry, type MenuEntry } from "./menuEntry";
import { readLines, readNumber, type Command, type MenuLine } from "./menuGrammar";

export type { MenuEntry } from "./menuEntry";

/** What stands before the first `title`, or a `title` with all that follows it. */
export interface MenuSection {
  lines: MenuLine[];
  /** Absent before the first one. */
  title?: string;
  /** Its number, as `default` counts; absent for a title without a command, whose place the next one takes. */
  entry?: number;
}

/** A menu in the syntax of GRUB legacy. */
export interface Menu {
  /** The whole file, in its order. */
  sections: MenuSection[];
  default: number | "saved";
  /** Entries to try, in order, where the default one cannot be started; those that there are. */
  fallback: number[];
  /** Seconds until the default starts. Without it GRUB legacy waits for a key for ever. */
  timeout?: number;
  /** Asks for one before a locked entry. */
  hasPassword?: boolean;
  /** What can be started. None: GRUB legacy stays at its prompt (an empty file, one that is no text). */
  entries: MenuEntry[];
}

/** Reads a menu. What GRUB legacy does not know is kept and decides nothing. */
export function parseMenu(text: string): Menu {
  const sections = sectionsOf(readLines(text));
  const entries = sections.filter(({ entry }) => entry !== undefined).map(readEntry);
  const [head] = sections;
  const menu: Menu = { sections, default: 0, fallback: [], entries };
  const fallbacks: Fallbacks = { slots: [-1, 0, 0, 0, 0, 0, 0, 0], isSet: false };
  for (const command of commandsOf(head)) readSetting(menu, fallbacks, command);
  menu.fallback = fallbacksIn(fallbacks).filter((index) => index < entries.length);
  return menu;
}

/** The file's own bytes. */
export function printMenu({ sections }: Pick<Menu, "sections">): string {
  return sections.flatMap(({ lines }) => lines.map(({ raw }) => raw)).join("");
}

/** The commands of a section, its title left out. */
export function commandsOf({ lines }: MenuSection): Command[] {
  return lines.flatMap(({ command }) => (command === undefined || command.name === "title" ? [] : [command]));
}

function sectionsOf(lines: MenuLine[]): MenuSection[] {
  const sections: MenuSection[] = [{ lines: [] }];
  for (const line of lines) {
    if (line.command?.name === "title") sections.push({ lines: [line], title: line.command.rest });
    else sections[sections.length - 1].lines.push(line);
  }
  let entry = 0;
  for (const section of sections.slice(1))
    if (commandsOf(section).some(({ name }) => makesEntry(name))) section.entry = entry++;
  return sections;
}

function readSetting(menu: Menu, fallbacks: Fallbacks, { name, rest }: Command): void {
  if (!countsBeforeEntries(name)) return;
  if (name === "default") menu.default = rest === "saved" ? rest : (readNumber(rest)?.value ?? menu.default);
  else if (name === "timeout") menu.timeout = readNumber(rest)?.value ?? menu.timeout;
  else if (name === "fallback") readFallback(fallbacks, rest);
  else if (name === "password") menu.hasPassword = true;
}

/** GRUB legacy's array of entries to try (`fallback_entries`); a number below zero ends it. */
interface Fallbacks {
  slots: number[];
  isSet: boolean;
}

/**
 * A line that is wrong somewhere sets nothing, but what stood before the fault is in the array by then. A repeated number is
 * left out, and is such a fault where another one follows it.
 */
function readFallback(fallbacks: Fallbacks, rest: string): void {
  const { slots } = fallbacks;
  let count = 0;
  for (let left = rest; left !== "" && count < slots.length;) {
    const number = readNumber(left);
    if (number === undefined) return;
    const isRepeated = slots.slice(0, count).includes(number.value);
    if (!isRepeated) slots[count++] = number.value;
    left = isRepeated ? number.after : number.after.replace(/^[^ ]* */, "");
  }
  if (count < slots.length) slots[count] = -1;
  fallbacks.isSet = count > 0;
}

function fallbacksIn({ slots, isSet }: Fallbacks): number[] {
  const end = slots.findIndex((index) => index < 0);
  return isSet ? slots.slice(0, end < 0 ? undefined : end) : [];
}

/** What `savedefault` keeps beside the menu, in a file `default`: a number at its very beginning, then text for people. */
export function savedNumber(text: string | undefined): number {
  return readNumber((text ?? "").slice(0, 9))?.value ?? 0;
}

/** The menu's choice before any entry is tried: for a number past the end the first fallback, and entry 0 where there is none. */
export function firstChoice(
  { default: asked, fallback, entries }: Pick<Menu, "default" | "fallback"> & { entries: unknown[] },
  saved: number,
): number {
  const number = asked === "saved" ? saved : asked;
  return number < entries.length ? number : (fallback[0] ?? 0);
}

/**
 * The entry that GRUB legacy starts, and why, in words.
 * @param saved the entry that `savedefault` last wrote (`/boot/grub/default`)
 * @param fault why an entry cannot be started; `undefined` if it can. One that `waits` for somebody leaves no other a turn.
 */
export function chooseEntry<Entry extends { title: string; waits?: boolean }>(
  menu: Pick<Menu, "default" | "fallback"> & { entries: Entry[] },
  saved: number,
  fault: (entry: Entry) => string | undefined,
): { index: number; why: string } {
  const { entries } = menu;
  const fallback = menu.fallback.filter((index) => index < entries.length);
  const first = firstChoice({ ...menu, fallback }, saved);
  const asked = menu.default === "saved" ? saved : menu.default;
  const said = menu.default === "saved" ? `the saved default is ${saved}` : `default is ${menu.default}`;
  const isThere = asked < entries.length || entries.length === 0;
  const why = isThere ? said : `${said}, past the last entry: ${first} is taken`;
  const problem = first < entries.length ? fault(entries[first]) : undefined;
  if (problem === undefined) return { index: first, why };
  const tried = [first, ...fallback];
  const end = tried.findIndex((index) => fault(entries[index]) === undefined || entries[index].waits);
  const second = end > 0 && !entries[tried[end]].waits ? tried[end] : undefined;
  return second === undefined
    ? { index: first, why: `${why}, although ${problem}` }
    : { index: second, why: `${why}, where ${problem}, and fallback is ${second}` };
}
