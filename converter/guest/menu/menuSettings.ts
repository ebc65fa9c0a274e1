/** The settings of Debian's and Ubuntu's update-grub, which stand in comments of the menu itself. */
import { lineEndOf, Reasons } from "../edit";
import { hasConsole, serialConsole, withoutPvConsole } from "../commandLine/consoles";
import { changeParameters, type ParameterChange, removals } from "../commandLine/changes";
import type { Menu } from "./menu";
import { MENU_WHY, moveDevice, nameRoot, type MenuEdit } from "./menuLine";
import type { EditedLine } from "./menuLst";

/** A setting in a comment; only this exact form is one (`## e.g. kopt=…` explains it). A backslash at its end is no part of it. */
const SETTING =
  /^(# (groot|kopt(?:_\w+)?|defoptions|nonaltoptions|altoptions|indomU|lockalternative|lockold|savedefault)=)([^\r\n]*?)(\\?\r*\n?)$/;

/** Where update-grub looks for them (the same in all versions of Debian's, Ubuntu's and update-grub-legacy-ec2). */
const BLOCK = {
  begin: "### BEGIN AUTOMAGIC KERNELS LIST",
  start: "## ## Start Default Options ##",
  end: "## ## End Default Options ##",
};

/** What the menu's settings say. */
export interface MenuSettings {
  names: Set<string>;
  /**
   * Whether the consoles stand in `# kopt=`, which every entry gets. Else they stand in `# defoptions=` and `# altoptions=`, which
   * come after it in the ordinary and in the recovery entries: in both, they would be there twice.
   */
  consoleInKopt: boolean;
}

export function readSettings(menu: Menu): MenuSettings {
  const comments = menu.sections.flatMap(({ lines }) =>
    lines.flatMap(({ raw, command }) => (command === undefined ? [raw] : [])),
  );
  const found = inBlock(comments).flatMap((raw) => {
    const [, , name, value] = SETTING.exec(raw) ?? [];
    return name === undefined ? [] : [{ name, value }];
  });
  const names = new Set(found.map(({ name }) => name));
  const kopts = found.filter(({ name }) => name.startsWith("kopt"));
  const hasOptions = names.has("defoptions") || names.has("nonaltoptions");
  const consoleInKopt = kopts.some(({ value }) => hasConsole(value)) || (kopts.length > 0 && !hasOptions);
  return { names, consoleInKopt };
}

/** What update-grub reads: settings in its own block alone. All of them in a menu without one, which it has yet to take over. */
function inBlock(comments: string[]): string[] {
  const markers = comments.map(markerOf);
  const begin = markers.indexOf(BLOCK.begin);
  if (begin < 0) return comments;
  const start = markers.indexOf(BLOCK.start, begin);
  const end = markers.indexOf(BLOCK.end, start);
  return start < 0 ? [] : comments.slice(start, end < 0 ? undefined : end);
}

const WHY = {
  domU: "indomU=true: outside Xen, `detect` leaves every kernel out that Xen can start, and so all that are here",
  groot: "# groot= added: without it update-grub-legacy-ec2 writes (hd0)",
  kopt: "# kopt= added: update-grub would guess the root",
  defoptions: "# defoptions= added: without it update-grub-legacy-ec2 puts console=hvc0 into new entries",
  unread: "no lock and no savedefault in new entries: GRUB 2 would not start them",
};

/** A comment's line with its setting changed; as it is where it is none. */
export function editSetting(raw: string, settings: MenuSettings, edit: MenuEdit): string {
  const found = SETTING.exec(raw);
  if (!found) return raw;
  const [, start, name, value, end] = found;
  return start + editValue(name, value, settings, edit) + end;
}

function editValue(name: string, value: string, settings: MenuSettings, edit: MenuEdit): string {
  const { reasons } = edit;
  switch (name) {
    case "groot":
      return moveDevice(value, edit);
    case "defoptions":
    case "nonaltoptions":
    // The recovery entries are made of kopt and altoptions: without a console they would stay silent.
    case "altoptions":
      return editOptions(value, settings, edit);
    case "indomU":
      return reasons.note(value, value.replace(/^detect\b/, "true"), WHY.domU);
    case "lockalternative":
    case "lockold":
    case "savedefault":
      return reasons.note(value, value.replace(/^true\b/, "false"), WHY.unread);
    default:
      return editKopt(value, settings, edit);
  }
}

/** Settings that stand beside `# kopt=` in an entry: what that one adds they need not say again. */
function editOptions(value: string, { consoleInKopt }: MenuSettings, { target, reasons }: MenuEdit): string {
  const consoled = consoleInKopt ? withoutConsoles(value) : serialConsole(value);
  return changeParameters(
    reasons.note(value, consoled, MENU_WHY.console),
    removals(target.changes()),
    reasons,
  );
}

const NO_CONSOLE: ParameterChange[] = ["console", "xencons"].map((remove) => ({ remove, why: "" }));

/** Where Xen's console is named: the consoles of HVM stand in `# kopt=`. */
function withoutConsoles(value: string): string {
  return withoutPvConsole(value) === value ? value : changeParameters(value, NO_CONSOLE, new Reasons());
}

function editKopt(value: string, { consoleInKopt }: MenuSettings, edit: MenuEdit): string {
  const { target, reasons } = edit;
  const rooted = nameRoot(value, edit).trimStart();
  const consoled = consoleInKopt ? reasons.note(rooted, serialConsole(rooted), MENU_WHY.console) : rooted;
  return changeParameters(consoled, target.changes(), reasons);
}

/**
 * Adds the settings without which update-grub falls back to what was right for PV alone. A menu that no update-grub
 * writes has no such block and stays as it is.
 */
export function completeSettings(lines: EditedLine[], settings: MenuSettings, edit: MenuEdit): EditedLine[] {
  const begin = indexOfComment(lines, BLOCK.begin, 0);
  if (begin < 0) return lines;
  const start = indexOfComment(lines, BLOCK.start, begin);
  const added = missingSettings(settings, edit);
  if (added.length === 0) return lines;
  const block = start < 0 ? [BLOCK.start, ...added, BLOCK.end] : added;
  const at = (start < 0 ? begin : start) + 1;
  const lineEnd = lineEndOf(lines.map(({ before }) => before).join(""));
  const { isHead } = lines[at - 1];
  return [
    ...lines.slice(0, at),
    ...block.map((text) => ({ before: "", after: text + lineEnd, isHead })),
    ...lines.slice(at),
  ];
}

/** A line that update-grub's sed takes for a marker; one without a line end has nothing behind it to be completed. */
function indexOfComment(lines: EditedLine[], marker: string, from: number): number {
  return lines.findIndex(
    ({ before, line }, index) =>
      index >= from && line !== undefined && before.endsWith("\n") && markerOf(before) === marker,
  );
}

function markerOf(raw: string): string {
  return raw.replace(/[ \t\r\n]+$/, "");
}

function missingSettings(settings: MenuSettings, { target, reasons }: MenuEdit): string[] {
  const { names, consoleInKopt } = settings;
  // Its reasons are those of the line as a whole.
  const kopt = () => editKopt("ro", settings, { target, reasons: new Reasons() });
  const console = consoleInKopt ? "" : serialConsole("");
  const wanted: [missing: boolean, why: string, text: () => string][] = [
    [!names.has("kopt") && target.missingRoot !== undefined, WHY.kopt, () => `# kopt=${kopt()}`],
    [!names.has("groot"), WHY.groot, () => `# groot=${target.device}`],
    [
      !names.has("defoptions") && !names.has("nonaltoptions"),
      WHY.defoptions,
      () => `# defoptions=${console}`,
    ],
  ];
  return wanted.flatMap(([missing, why, text]) => (missing ? [reasons.note("", text(), why)] : []));
}
