/** The settings of Debian's and Ubuntu's update-grub, which stand in comments of the menu itself. */
import { lineEndOf, type Reasons } from "../edit";
import { serialConsole, withoutPvConsole } from "./kernelArguments";
import { changeParameters } from "./kernelParameters";
import { MENU_WHY, moveDevice, nameRoot, type Line } from "./menuLine";
import type { MenuTarget } from "./menuTarget";

/** A setting in a comment; only this exact form is one (`## e.g. kopt=…` explains it). */
const SETTING = /^(# (groot|kopt(?:_\w+)?|defoptions|nonaltoptions|altoptions|indomU)=)(.*)$/s;

/** The names of the settings that a menu has. */
export function settingsOf(text: string): Set<string> {
  return new Set(text.split(/\r?\n/).flatMap((line) => SETTING.exec(line)?.[2] ?? []));
}

const WHY = {
  domU: "indomU=true: outside Xen, `detect` leaves every kernel out that Xen can start, and so all that are here",
  groot: "# groot= added: without it update-grub-legacy-ec2 writes (hd0)",
  kopt: "# kopt= added: update-grub would guess the root",
  defoptions: "# defoptions= added: update-grub's entries get their console from it",
};

/** The line with its setting changed; `undefined` where it is no setting. */
export function editSetting(body: string, line: Line): string | undefined {
  const found = SETTING.exec(body);
  if (!found) return undefined;
  const [, start, name, value] = found;
  return start + editValue(name, value, line);
}

function editValue(name: string, value: string, line: Line): string {
  const { reasons, settings } = line;
  switch (name) {
    case "groot":
      return moveDevice(value, line);
    case "defoptions":
    case "nonaltoptions":
    // The recovery entries are made of kopt and altoptions: without a console they would stay silent.
    case "altoptions":
      return reasons.note(value, serialConsole(value), MENU_WHY.console);
    case "indomU":
      return reasons.note(value, value.replace(/^detect\b/, "true"), WHY.domU);
    default:
      return editKopt(value, line, settings.has("defoptions") || settings.has("nonaltoptions"));
  }
}

/** @param consoleElsewhere defoptions names the console: here only one of Xen's is taken out */
function editKopt(value: string, line: Line, consoleElsewhere: boolean): string {
  const { target, reasons } = line;
  const rooted = nameRoot(value, line).trimStart();
  const consoleOf = consoleElsewhere ? withoutPvConsole : serialConsole;
  const consoled = reasons.note(rooted, consoleOf(rooted), MENU_WHY.console);
  return changeParameters(consoled, target.changes(), reasons);
}

const BEGIN = /^### BEGIN AUTOMAGIC KERNELS LIST[ \t]*\r?\n/m;
const START = /^## ## Start Default Options ##[ \t]*\r?\n/m;

/**
 * Adds the settings without which update-grub falls back to what was right for PV alone. A menu that no update-grub
 * writes has no such block and stays as it is.
 */
export function completeSettings(text: string, target: MenuTarget, reasons: Reasons): string {
  const begin = BEGIN.exec(text);
  if (!begin) return text;
  const start = START.exec(text);
  const after = start ?? begin;
  const lines = missingSettings(settingsOf(text), target, reasons);
  if (lines.length === 0) return text;
  const block = start ? lines : ["## ## Start Default Options ##", ...lines, "## ## End Default Options ##"];
  const at = after.index + after[0].length;
  const lineEnd = lineEndOf(text);
  return text.slice(0, at) + block.map((line) => line + lineEnd).join("") + text.slice(at);
}

function missingSettings(settings: Set<string>, target: MenuTarget, reasons: Reasons): string[] {
  const line = { target, reasons, settings, entry: -1 };
  // A kopt that was there without a defoptions has the console itself.
  const hasConsole = ["defoptions", "nonaltoptions", "kopt"].some((name) => settings.has(name));
  const wanted: [missing: boolean, why: string, text: string][] = [
    [
      !settings.has("kopt") && target.missingRoot !== undefined,
      WHY.kopt,
      `# kopt=${editKopt("ro", line, true)}`,
    ],
    [!settings.has("groot"), WHY.groot, `# groot=${target.device}`],
    [!hasConsole, WHY.defoptions, `# defoptions=${serialConsole("")}`],
  ];
  return wanted.flatMap(([missing, why, text]) => (missing ? [reasons.note("", text, why)] : []));
}
