/** What runs left that were killed, told by the process in its name from what is of runs that still go on. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const PREFIX = "pv-to-hvm-root-";
const NOTE_PREFIX = "pv-to-hvm-loop-";

/** Where this process mounts filesystems: its number and when it began are in the name. `mkdtemp` adds the rest. */
export function mountFolderPrefix(): string {
  return path.join(os.tmpdir(), `${PREFIX}${process.pid}-${startOf(process.pid)}-`);
}

/** Whether a mount is one of this program's, by a process that is gone. */
export function isLeftover(folder: string): boolean {
  const [, pid, start] = new RegExp(`^${path.join(os.tmpdir(), PREFIX)}(\\d+)-(\\d+)-`).exec(folder) ?? [];
  return pid !== undefined && startOf(Number(pid)) !== start;
}

/** Whether a folder was made by `mkdtemp`, and is not one of the guest's in it. */
export function isMountFolder(folder: string): boolean {
  return path.dirname(folder) === os.tmpdir() && path.basename(folder).startsWith(PREFIX);
}

/** Notes that a loop device is about to show a file, until nothing can leave it behind. Gives the note's own name. */
export function noteLoop(device: string, file: string): string {
  const owner = `${process.pid}-${startOf(process.pid)}`;
  const note = path.join(os.tmpdir(), `${NOTE_PREFIX}${owner}-${path.basename(device)}`);
  fs.writeFileSync(note, file, { mode: 0o600 });
  return note;
}

export function forgetLoop(note: string): void {
  fs.rmSync(note, { force: true });
}

/** The notes of processes that are gone, with the device and the file that each is about. */
export function leftLoops(): { note: string; device: string; file: string }[] {
  const names = fs.readdirSync(os.tmpdir());
  return names.flatMap((name) => {
    const [, pid, start, loop] = new RegExp(`^${NOTE_PREFIX}(\\d+)-(\\d+)-(loop\\d+)$`).exec(name) ?? [];
    if (pid === undefined || startOf(Number(pid)) === start) return [];
    const note = path.join(os.tmpdir(), name);
    return [{ note, device: `/dev/${loop}`, file: fs.readFileSync(note, "utf8") }];
  });
}

/** When a process began, in clock ticks since the machine did (proc(5), field 22); undefined where there is none. */
export function startOf(pid: number): string | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2 is the program's name, which may hold blanks and brackets.
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
