import { Reasons, type Edited } from "../edit";
import { serialConsole } from "../commandLine/consoles";
import { changeParameters } from "../commandLine/changes";
import { commandsForBoth, judged, whyItGoes } from "./menuAgreement";
import { parseMenu } from "./menu";
import { setDefaultEntry } from "./menuDefault";
import { splitKernel } from "./menuEntry";
import { splitDevice, type MenuLine } from "./menuGrammar";
import { afterFile, deviceIn, MENU_WHY, moveDevice, nameRoot, type MenuEdit } from "./menuLine";
import { completeSettings, editSetting, readSettings } from "./menuSettings";
import type { MenuTarget } from "./menuTarget";

/** A line of the menu, before and after the edit. */
export interface EditedLine {
  /** Empty for a line that is added. */
  before: string;
  after: string;
  line?: MenuLine;
  /** Whether it is before the first `title`. */
  isHead: boolean;
}

/**
 * A menu of GRUB legacy for the converted disk: its commands, and the settings in Debian's and Ubuntu's comments
 * (`# groot=`, `# kopt=`, `# defoptions=` …) from which update-grub and update-grub-legacy-ec2 write it anew. What GRUB 2 would
 * read otherwise than GRUB legacy is written so that both mean the same. Everything else stays byte for byte.
 */
export function editMenuLst(text: string, target: MenuTarget): Edited {
  const menu = parseMenu(text);
  const edit = { target, reasons: new Reasons() };
  const settings = readSettings(menu);
  const lines = menu.sections.map(judged).flatMap((section, index) =>
    section.lines.map((line, place): EditedLine => {
      const after = line.command
        ? editCommandLine(line, section.entry, whyItGoes(section, place, menu), edit)
        : editSetting(commandsForBoth(line, edit.reasons), settings, edit);
      return { before: line.raw, after, line, isHead: index === 0 };
    }),
  );
  const complete = completeSettings(lines, settings, edit);
  const said = menu.entries.length === 0 ? complete : setDefaultEntry(complete, menu, edit);
  return { text: said.map(({ after }) => after).join(""), why: edit.reasons.list(), lines: said };
}

function editCommandLine(
  line: MenuLine,
  entry: number | undefined,
  why: string | undefined,
  edit: MenuEdit,
): string {
  const raw = commandsForBoth(line, edit.reasons);
  if (why !== undefined) return edit.reasons.note(raw, `#${raw}`, why);
  const parts = /^([ \t]*[^ \t=\0]+[ \t=]*)([^\0]*?)((?:\0.*)?\n?)$/s.exec(raw.replace(/\r/g, ""));
  if (!parts) return raw;
  const [, start, rest, end] = parts;
  const edited = editRest({ name: line.command?.name ?? "", rest }, entry, edit);
  return edited === rest ? raw : start + edited + (raw.endsWith("\r\n") ? `${end.slice(0, -1)}\r\n` : end);
}

function editRest(
  { name, rest }: { name: string; rest: string },
  entry: number | undefined,
  edit: MenuEdit,
): string {
  if (name === "uuid") return editUuid(rest, edit);
  const found = deviceIn({ name, rest });
  const moved = found ? found.before + moveDevice(found.device, edit) + found.after : rest;
  return name === "kernel" ? editKernel(moved, entry, edit) : moved;
}

function editUuid(rest: string, { target, reasons }: MenuEdit): string {
  const named = rest.replace(/^LABEL=([^ \t]+)/, (all, label: string) => target.uuidOfLabel(label) ?? all);
  return reasons.note(rest, named, MENU_WHY.label);
}

function editKernel(rest: string, entry: number | undefined, edit: MenuEdit): string {
  const { options, file, commandLine } = splitKernel(rest);
  const { target, reasons } = edit;
  if (file === "" || !target.startsLinux(splitDevice(file).path, entry)) return rest;
  const rooted = nameRoot(commandLine, edit, entry);
  const consoled = reasons.note(rooted, afterFile(rooted, serialConsole), MENU_WHY.console);
  const changed = afterFile(consoled, (text) => changeParameters(text, target.changes(entry), reasons));
  return options + file + changed;
}
