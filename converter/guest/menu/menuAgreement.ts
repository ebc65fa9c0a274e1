/** What GRUB 2 reads otherwise than GRUB legacy, written so that both mean the same. */
import type { Reasons } from "../edit";
import { countsBeforeEntries, isKnownToGrub2 } from "./menuCommands";
import { asOneLine, isReadOtherwise, type MenuLine } from "./menuGrammar";
import type { Menu, MenuSection } from "./menu";

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
  lockOfPassword: "lock is left out, as the password is: GRUB 2 would not read the entry",
};

/** The line's bytes, as one line where GRUB 2 would read it in pieces. */
export function commandsForBoth(line: MenuLine, reasons: Reasons): string {
  if (line.swallowed) return reasons.note(line.raw, `#${line.raw}`, WHY.continuedComment);
  return isReadOtherwise(line) ? reasons.note(line.raw, asOneLine(line), WHY.continued) : line.raw;
}

/** Why a command must not be there for GRUB 2; `undefined` where it may. */
export function whyItGoes(
  { command }: MenuLine,
  { title, entry }: MenuSection,
  { hasPassword }: Pick<Menu, "hasPassword">,
): string | undefined {
  const name = command?.name ?? "";
  if (!isKnownToGrub2(name)) return undefined;
  if (title !== undefined && entry === undefined) return WHY.noEntry;
  if (title === undefined && !countsBeforeEntries(name)) return WHY.tooEarly(name);
  if (title === undefined) return name === "password" ? WHY.password : undefined;
  if (name === "lock") return hasPassword ? WHY.lockOfPassword : WHY.lock;
  return undefined;
}
