import type { FileEdit, GuestFacts } from "../../types";
import { appendLine, editIfThere, fileRemoval, Reasons, type Edited } from "../edit";
import { editInittab } from "./inittab";
import type { Read } from "../planEdits";
import { planUpstart } from "./upstart";

/** Files of the console that may have to change, besides upstart's jobs and systemd's links. */
export const CONSOLE_FILES = ["/etc/inittab", "/etc/securetty", "/etc/sysconfig/init"];

/** systemd's links that start a getty on Xen's console, wherever below /etc/systemd/system they lie. */
export function isPvGettyLink(name: string): boolean {
  return /getty@(?:hvc|xvc)0\.service$/.test(name);
}

/**
 * All edits that take the login from Xen's console to ttyS0. systemd starts one there by itself, following `console=`; a
 * guest of sysvinit or upstart that had no login on a serial line gets one, since it is all that EC2 shows of it.
 */
export function planConsoles(guest: GuestFacts, read: Read): FileEdit[] {
  return [
    ...editIfThere("/etc/inittab", read, (text) => editInittab(text, guest.init === "sysvinit")),
    ...editIfThere("/etc/securetty", read, editSecuretty),
    ...editIfThere("/etc/sysconfig/init", read, editActiveConsoles),
    ...planUpstart(guest, read),
    ...guest.files.filter(isPvGettyLink).map((path) => fileRemoval(path, SYSTEMD_WHY)),
  ];
}

const SYSTEMD_WHY = "no getty on Xen's console: systemd would wait 90 s for the device";

/** A securetty that lists no terminal says that root logs in nowhere: it stays so. */
export function editSecuretty(text: string): Edited {
  const terminals = text.split(/\r?\n/).filter((line) => /^\s*[^#\s]/.test(line));
  if (terminals.length === 0 || terminals.some((line) => /^\s*ttyS0\s*(?:#|$)/.test(line)))
    return { text, why: [] };
  return { text: appendLine(text, "ttyS0"), why: ["root may log in on ttyS0 as it may on other terminals"] };
}

/** Red Hat 6 and Amazon Linux start a mingetty on each of these; ttyS0's login has a job of its own. */
const ACTIVE_CONSOLES = /^([ \t]*ACTIVE_CONSOLES=)(.*)$/gm;

/** `ACTIVE_CONSOLES` of /etc/sysconfig/init without Xen's console. */
export function editActiveConsoles(text: string): Edited {
  const reasons = new Reasons();
  const why = "ACTIVE_CONSOLES without Xen's console: its getty would be started again and again";
  const edited = text.replace(ACTIVE_CONSOLES, (line: string, name: string, value: string) => {
    if (!PV_CONSOLE.test(value)) return line;
    const kept = value.replace(/(?:\/dev\/)?(?:hvc|xvc)0\b/g, "").replace(/[ \t]{2,}/g, " ");
    return name + kept.replace(/(["'])[ \t]+|[ \t]+(["'])/g, "$1$2").replace(/^[ \t]+|[ \t]+$/g, "");
  });
  return { text: reasons.note(text, edited, why), why: reasons.list() };
}

const PV_CONSOLE = /\b(?:hvc|xvc)0\b/;
