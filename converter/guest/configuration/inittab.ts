import { appendLine, Reasons, splitLineEnd, splitLines, type Edited } from "../edit";

const WHY = {
  moved: "the login on Xen's console moves to ttyS0",
  removed: "the login on Xen's console goes: ttyS0 has one already",
  mingetty: "mingetty → agetty: mingetty knows virtual terminals alone",
  added: "a login on ttyS0, which EC2 shows as its console: there was none",
};

const PV_CONSOLE = /\b(?:hvc|xvc)0\b/g;

/** `id:runlevels:action:process`; a line that begins with `#` is none. */
const LINE = /^([^#:]*):([^:]*):([^:]*):(.*)$/s;

/**
 * inittab without Xen's console: a getty on hvc0 or xvc0 respawns for ever on HVM (`Id "…" respawning too fast`). It
 * moves to ttyS0, in its place and with its options, or goes where ttyS0 has a getty.
 *
 * @param login whether inittab starts the logins of this guest (sysvinit): then ttyS0 gets one in any case. Debian 6's
 *   images had every getty in comments, and nobody could log in anywhere.
 */
export function editInittab(text: string, login: boolean): Edited {
  const reasons = new Reasons();
  const entries = splitLines(text).map((line) => LINE.exec(line));
  const ids = new Set(entries.map((entry) => entry?.[1]));
  let hasSerial = entries.some((entry) => entry !== null && namesSerial(entry));
  const lines = splitLines(text).flatMap((line) => {
    const [body, lineEnd] = splitLineEnd(line);
    const entry = LINE.exec(body);
    if (!entry || !namesPvConsole(entry)) return [line];
    if (hasSerial) {
      reasons.note(line, "", WHY.removed);
      return [];
    }
    hasSerial = true;
    return [moveToSerial(entry, ids, isBusyBox(text), reasons) + lineEnd];
  });
  const moved = lines.join("");
  const edited = login && !hasSerial ? addLogin(moved, ids, reasons) : moved;
  return { text: edited, why: reasons.list() };
}

function namesSerial([, id, , action, process]: RegExpExecArray): boolean {
  return action !== "off" && (id === "ttyS0" || /\bttyS0\b/.test(process));
}

/** An entry that is off starts nothing. */
function namesPvConsole([, , , action, process]: RegExpExecArray): boolean {
  return action !== "off" && process.search(PV_CONSOLE) >= 0;
}

/** BusyBox's init takes the id for a terminal, and so knows entries without one. sysvinit demands an id. */
function isBusyBox(text: string): boolean {
  return splitLines(text).some((line) => LINE.exec(line)?.[1] === "");
}

function moveToSerial(
  [line, id, levels, action, process]: RegExpExecArray,
  ids: ReadonlySet<string | undefined>,
  busyBox: boolean,
  reasons: Reasons,
): string {
  const newId = /^(?:hvc|xvc)0$/.test(id) ? serialId(ids, busyBox) : id;
  const program = reasons.note(process, withoutMingetty(process), WHY.mingetty).replace(PV_CONSOLE, "ttyS0");
  return reasons.note(line, [newId, levels, action, program].join(":"), WHY.moved);
}

/** Its options mean nothing to agetty. 115200 is the speed at which EC2's console runs. */
function withoutMingetty(process: string): string {
  return process.replace(/^(\s*\S*\/)mingetty\b.*\b((?:hvc|xvc)0)\b.*$/s, "$1agetty -L $2 115200 vt100");
}

function addLogin(text: string, ids: ReadonlySet<string | undefined>, reasons: Reasons): string {
  const busyBox = isBusyBox(text);
  const id = serialId(ids, busyBox);
  const line = busyBox
    ? `${id}::respawn:/sbin/getty -L ttyS0 115200 vt100`
    : `${id}:2345:respawn:/sbin/${gettyIn(text)} -L ttyS0 115200 vt100`;
  return reasons.note(text, appendLine(text, line), WHY.added);
}

/** Debian's agetty is called getty, in comments too. */
function gettyIn(text: string): string {
  return /\/sbin\/getty\b/.test(text) ? "getty" : "agetty";
}

/** An id has at most four characters and is there once; Debian's own serial line has T0, Red Hat's and SUSE's S0. */
function serialId(ids: ReadonlySet<string | undefined>, busyBox: boolean): string {
  if (busyBox) return "ttyS0";
  const numbers = Array.from({ length: 100 }, (_, number) => String(number));
  return ["T0", "S0", ...numbers.map((number) => `hv${number}`)].find((id) => !ids.has(id)) ?? "hvm0";
}
