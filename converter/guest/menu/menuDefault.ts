/** The settings before the first entry that decide what starts, written so that both GRUBs read them in the same way. */
import { lineEndOf } from "../edit";
import { readAsGrub2, type Grub2Reading } from "./grub2Reading";
import type { Menu } from "./menu";
import type { MenuEdit } from "./menuLine";
import type { EditedLine } from "./menuLst";

/** Seconds. GRUB 2's own default, and what Debian's update-grub writes into a new menu. */
const TIMEOUT = 5;

const WHY = {
  default: (entry: number, why: string) => `default ${entry}: ${why}`,
  fallback: (entries: number[]) =>
    `fallback ${entries.join(" ")}: the entries that GRUB legacy would try; GRUB 2 reads the line otherwise`,
  noFallback: "fallback is left out: GRUB legacy takes nothing from it, and GRUB 2 would",
  timeout: `timeout ${TIMEOUT}: the menu has none that GRUB can read, so GRUB would wait for a key for ever`,
  sameTimeout: (seconds: number) => `timeout ${seconds}: GRUB 2 reads the number otherwise`,
};

/** Sets `default`, `fallback` and `timeout` so that both GRUBs read the same; missing lines are added at the top. */
export function setDefaultEntry(lines: EditedLine[], menu: Menu, edit: MenuEdit): EditedLine[] {
  const withFallback = setFallback(lines, menu.fallback, edit);
  const withTimeout = setMenuTimeout(withFallback, menu.timeout, edit);
  const { defaultEntry, defaultWhy } = edit.target;
  const last = settingsNamed(lines, "default").at(-1)?.line?.command?.rest;
  if (last === undefined ? defaultEntry === 0 : last.trimEnd() === String(defaultEntry)) return withTimeout;
  return setSetting(
    withTimeout,
    "default",
    String(defaultEntry),
    WHY.default(defaultEntry, defaultWhy),
    edit,
  );
}

function setFallback(lines: EditedLine[], fallback: number[], edit: MenuEdit): EditedLine[] {
  const named = settingsNamed(lines, "fallback");
  if (fallback.join() === readByGrub2(lines).fallback.join()) return lines;
  if (fallback.length > 0)
    return setSetting(lines, "fallback", fallback.join(" "), WHY.fallback(fallback), edit);
  return lines.map((line) =>
    named.includes(line)
      ? { ...line, after: edit.reasons.note(line.after, `#${line.after}`, WHY.noFallback) }
      : line,
  );
}

function setMenuTimeout(lines: EditedLine[], timeout: number | undefined, edit: MenuEdit): EditedLine[] {
  if (timeout === undefined) return setSetting(lines, "timeout", String(TIMEOUT), WHY.timeout, edit);
  if (readByGrub2(lines).timeout === timeout) return lines;
  return setSetting(lines, "timeout", String(timeout), WHY.sameTimeout(timeout), edit);
}

function readByGrub2(lines: EditedLine[]): Grub2Reading {
  return readAsGrub2(lines.map(({ after }) => after).join(""));
}

function settingsNamed(lines: EditedLine[], name: string): EditedLine[] {
  return lines.filter(({ line, isHead }) => isHead && line?.command?.name === name);
}

/** Changes the last line of that name, which both GRUBs obey; if there is none, adds a line before all others. */
function setSetting(
  lines: EditedLine[],
  name: string,
  value: string,
  why: string,
  { reasons }: MenuEdit,
): EditedLine[] {
  const last = settingsNamed(lines, name).at(-1);
  if (last === undefined) {
    const lineEnd = lineEndOf(lines.map(({ after }) => after).join(""));
    return [
      { before: "", after: reasons.note("", `${name} ${value}${lineEnd}`, why), isHead: true },
      ...lines,
    ];
  }
  const [lineEnd] = /\r*\n?$/.exec(last.after) ?? [""];
  const [, start, space] = /^([ \t]*[a-z]+)([ \t=]*)/.exec(last.after.replaceAll("\r", "")) ?? [];
  const after = reasons.note(last.after, `${start}${space || " "}${value}${lineEnd}`, why);
  return lines.map((line) => (line === last ? { ...line, after } : line));
}
