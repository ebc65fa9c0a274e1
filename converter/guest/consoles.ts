import type { FileEdit } from "../types";
import { appendLine, fileEdit, fileRemoval, type Edited } from "./edit";
import { editInittab } from "./inittab";

type Read = (path: string) => string | undefined;

/** Files of the console that may have to change, besides systemd's links. */
export const CONSOLE_FILES = [
  "/etc/inittab",
  "/etc/securetty",
  "/etc/init/hvc0.conf",
  "/etc/init/xvc0.conf",
  "/etc/init/ttyS0.conf",
];

/** systemd's links that start a getty on Xen's console, wherever below /etc/systemd/system they lie. */
export function isPvGettyLink(name: string): boolean {
  return /getty@(?:hvc|xvc)0\.service$/.test(name);
}

/** All edits that take the login from Xen's console to ttyS0. `files`: those that exist in the guest. */
export function planConsoles(files: string[], read: Read): FileEdit[] {
  const edits = [
    editOf("/etc/inittab", read, editInittab),
    editOf("/etc/securetty", read, editSecuretty),
    ...["/etc/init/hvc0.conf", "/etc/init/xvc0.conf"].flatMap((path) => moveUpstartJob(path, read)),
    ...files.filter(isPvGettyLink).map((path) => fileRemoval(path, SYSTEMD_WHY)),
  ];
  return edits.filter((edit) => edit !== undefined);
}

/** systemd's getty generator starts one on ttyS0 by itself: it follows `console=`. */
const SYSTEMD_WHY = "no getty on Xen's console: systemd would wait 90 s for the device";

/** root may log in on ttyS0 too, where the guest lists the terminals on which it may. */
export function editSecuretty(text: string): Edited {
  if (/^ttyS0\s*$/m.test(text)) return { text, why: [] };
  return { text: appendLine(text, "ttyS0"), why: ["root may log in on ttyS0 as it may on Xen's console"] };
}

/** upstart names a job by its file (Ubuntu's cloud images: hvc0.conf), so the job moves to a file of the new name. */
function moveUpstartJob(path: string, read: Read): FileEdit[] {
  const job = read(path);
  if (job === undefined) return [];
  const why = "no getty on Xen's console: upstart would start it again and again";
  const removal = fileRemoval(path, why, job);
  if (read(UPSTART_SERIAL) !== undefined) return [removal];
  const moved = {
    text: job.replace(/\b(?:hvc|xvc)0\b/g, "ttyS0"),
    why: [`the login of ${path} moves to ttyS0`],
  };
  return [fileEdit(UPSTART_SERIAL, undefined, moved), removal].filter((edit) => edit !== undefined);
}

const UPSTART_SERIAL = "/etc/init/ttyS0.conf";

function editOf(path: string, read: Read, edit: (text: string) => Edited): FileEdit | undefined {
  const text = read(path);
  return text === undefined ? undefined : fileEdit(path, text, edit(text));
}
