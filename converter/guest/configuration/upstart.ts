import type { FileEdit, GuestFacts } from "../../types";
import { fileEdit, fileRemoval } from "../edit";
import type { Read } from "../planEdits";

/** Where upstart's jobs lie: from Ubuntu 9.10 and Red Hat 6 on, and before (Ubuntu 6.10, Fedora 9). */
export const UPSTART_FOLDERS = ["/etc/init", "/etc/event.d"];

const WHY = {
  removed: "no getty on Xen's console: upstart would start it again and again",
  edited: "the login on Xen's console moves to ttyS0",
  added: "a login on ttyS0, which EC2 shows as its console: there was none",
};

const PV_CONSOLE = /\b(?:hvc|xvc)0\b/g;
/** A getty on Xen's console, in the line that starts it. */
const PV_GETTY = /^[ \t]*exec[ \t].*getty.*\b(?:hvc|xvc)0\b/m;

/**
 * Logins of upstart's jobs: those on Xen's console move to ttyS0, and where no job serves ttyS0 one is made. Red Hat 6 and
 * Amazon Linux bring serial.conf, which follows `console=`.
 */
export function planUpstart(guest: Pick<GuestFacts, "init" | "files">, read: Read): FileEdit[] {
  const jobs = guest.files.filter(isJob);
  const serving = jobs.filter((path) => servesSerial(path, read(path) ?? ""));
  const gettys = jobs.filter((path) => PV_GETTY.test(read(path) ?? ""));
  const [first, ...rest] = gettys;
  const needsLogin = guest.init === "upstart" && serving.length === 0 && jobs.length > 0;
  if (first === undefined) return needsLogin ? [newJob(jobs, read)] : [];
  const moved = serving.length > 0 ? [remove(first, read)] : move(first, read);
  return [...moved, ...rest.map((path) => remove(path, read))];
}

function isJob(path: string): boolean {
  return UPSTART_FOLDERS.some((folder) => path.startsWith(`${folder}/`));
}

function servesSerial(path: string, job: string): boolean {
  return /\/serial\.conf$/.test(path) || /^[ \t]*exec[ \t].*\bttyS0\b/m.test(job);
}

function remove(path: string, read: Read): FileEdit {
  return fileRemoval(path, WHY.removed, read(path));
}

/** A job is named by its file (Ubuntu's cloud images: hvc0.conf), so one of the console's name gets a file of the new name. */
function move(path: string, read: Read): FileEdit[] {
  const job = read(path) ?? "";
  const edited = { text: job.replace(PV_CONSOLE, "ttyS0"), why: [WHY.edited] };
  const newPath = path.replace(PV_CONSOLE, "ttyS0");
  const edits =
    newPath === path
      ? [fileEdit(path, job, edited)]
      : [fileEdit(newPath, read(newPath), edited), remove(path, read)];
  return edits.filter((edit) => edit !== undefined);
}

function newJob(jobs: string[], read: Read): FileEdit {
  const inEvents = jobs[0].startsWith("/etc/event.d/");
  const getty = ["/sbin/agetty", "/sbin/getty"].find((path) => read(path) !== undefined) ?? "/sbin/getty";
  const text = [
    "# A login on ttyS0, which EC2 shows as its console.",
    inEvents ? "start on stopped rc2\nstart on stopped rc3" : "start on stopped rc RUNLEVEL=[2345]",
    inEvents ? "stop on runlevel 0\nstop on runlevel 6" : "stop on runlevel [!2345]",
    `respawn\nexec ${getty} -L ttyS0 115200 vt100\n`,
  ].join("\n");
  const path = inEvents ? "/etc/event.d/ttyS0" : "/etc/init/ttyS0.conf";
  return fileEdit(path, undefined, { text, why: [WHY.added] }) as FileEdit;
}
