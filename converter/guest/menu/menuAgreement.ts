/** What GRUB 2 reads otherwise than GRUB legacy, written so that both mean the same. */
import type { Reasons } from "../edit";
import { countsBeforeEntries, isKnownToGrub2, isWithoutModule, makesEntry } from "./menuCommands";
import { asOneLine, isReadOtherwise, type MenuLine } from "./menuGrammar";
import { commandsOf, type Menu, type MenuSection } from "./menu";

const WHY = {
  continued: "a continued line made whole: GRUB 2 takes its second half for a command",
  continuedComment: "the rest of a continued comment made a comment: GRUB 2 takes it for a command",
  noEntry:
    "a title without a command made a comment: GRUB legacy gives its place to the next title, and GRUB 2 would count it",
  tooEarly: (name: string) =>
    `${name} before the first title made a comment: GRUB legacy passes over it there, and GRUB 2 would run it`,
  lock: "lock is left out: without a password it asks for nothing, and GRUB 2 would not read the entry",
  password:
    "password is left out: GRUB 2 would ask for it before it starts an entry, and nobody is there to answer",
  noModule: (name: string) =>
    `${name} is left out: it does nothing for Linux, and GRUB 2 on this disk would stop at it`,
  replaced:
    "a kernel or initrd before the entry's last kernel is left out: GRUB legacy starts the last one, and GRUB 2 none",
  lockOfPassword: "lock is left out, as the password is: GRUB 2 would not read the entry",
};

/** The line's bytes, as one line where GRUB 2 would read it in pieces. */
export function commandsForBoth(line: MenuLine, reasons: Reasons): string {
  if (line.swallowed) return reasons.note(line.raw, `#${line.raw}`, WHY.continuedComment);
  return isReadOtherwise(line) ? reasons.note(line.raw, asOneLine(line), WHY.continued) : line.raw;
}

/** A section of the menu, with what its lines are judged by. */
export interface JudgedSection extends MenuSection {
  /** Where its last `kernel` stands that is reached; -1 where none is. */
  lastKernel: number;
  /** Whether it has a command besides `lock`: a title that loses its only one would be no entry any more, and the others would move. */
  isMoreThanLock: boolean;
}

/** `boot` starts what is loaded by then: what follows it is never reached. */
export function judged(section: MenuSection): JudgedSection {
  let lastKernel = -1;
  for (const [index, { command }] of section.lines.entries()) {
    if (command?.name === "boot" && lastKernel >= 0) break;
    if (command?.name === "kernel") lastKernel = index;
  }
  const isMoreThanLock = commandsOf(section).some(({ name }) => name !== "lock" && makesEntry(name));
  return { ...section, lastKernel, isMoreThanLock };
}

/** Why the command at a place of a section must not be there for GRUB 2; `undefined` if it may. */
export function whyItGoes(
  { lines, title, entry, lastKernel, isMoreThanLock }: JudgedSection,
  index: number,
  { hasPassword }: Pick<Menu, "hasPassword">,
): string | undefined {
  const name = lines[index].command?.name ?? "";
  if (!isKnownToGrub2(name)) return undefined;
  if (title === undefined) return whyNotBeforeEntries(name);
  if (entry === undefined) return WHY.noEntry;
  if (name === "lock" && isMoreThanLock) return hasPassword ? WHY.lockOfPassword : WHY.lock;
  if (lastKernel < 0) return undefined;
  if (isWithoutModule(name)) return WHY.noModule(name);
  return FILES.includes(name) && index < lastKernel ? WHY.replaced : undefined;
}

/** What an entry's next `kernel` takes the place of. */
const FILES = ["kernel", "initrd", "module", "modulenounzip"];

function whyNotBeforeEntries(name: string): string | undefined {
  if (!countsBeforeEntries(name)) return WHY.tooEarly(name);
  return name === "password" ? WHY.password : undefined;
}
