import { Reasons, splitLineEnd, splitLines, type Edited } from "./edit";

const WHY = {
  moved: "the login on Xen's console moves to ttyS0",
  removed: "the login on Xen's console goes: ttyS0 has one already",
};

const PV_CONSOLE = /\b(?:hvc|xvc)0\b/g;

/** `id:runlevels:action:process`; a line that begins with `#` is none. */
const LINE = /^([^#:][^:]*):([^:]*):([^:]*):(.*)$/s;

/**
 * sysvinit's inittab without Xen's console: a getty on hvc0 or xvc0 respawns for ever on HVM (`Id "…" respawning too
 * fast`). It moves to ttyS0, in its place and with its options, or goes where ttyS0 has a getty.
 */
export function editInittab(text: string): Edited {
  const reasons = new Reasons();
  const entries = splitLines(text).map((line) => LINE.exec(line));
  const ids = new Set(entries.map((entry) => entry?.[1]));
  let hasSerial = entries.some((entry) => entry !== null && /\bttyS0\b/.test(entry[4]));
  const lines = splitLines(text).flatMap((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    const entry = LINE.exec(body);
    if (!entry || entry[4].search(PV_CONSOLE) < 0) return [line];
    if (hasSerial) {
      reasons.note(line, "", WHY.removed);
      return [];
    }
    hasSerial = true;
    return [reasons.note(body, moveToSerial(entry, ids), WHY.moved) + lineEnd];
  });
  return { text: lines.join(""), why: reasons.list() };
}

function moveToSerial(
  [, id, levels, action, process]: RegExpExecArray,
  ids: ReadonlySet<string | undefined>,
): string {
  const newId = /^(?:hvc|xvc)0$/.test(id) ? freeId(ids) : id;
  return [newId, levels, action, process.replace(PV_CONSOLE, "ttyS0")].join(":");
}

/** An id has at most four characters and is there once; Debian's own serial line has T0, Red Hat's S0. */
function freeId(ids: ReadonlySet<string | undefined>): string {
  return ["T0", "S0"].find((id) => !ids.has(id)) ?? "hvm0";
}
