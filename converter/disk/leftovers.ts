/** What runs left that were killed, told by the process in its name from what is of runs that still go on. */
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Folders that hold nothing but files of this program's, and what each is for. */
const SCRATCH_KINDS = ["boot", "check", "grub", "trial", "unpack"] as const;
export type ScratchKind = (typeof SCRATCH_KINDS)[number];

const PREFIX = "pv-to-hvm-";
const MOUNT_PREFIX = `${PREFIX}root-`;
const NOTE_PREFIX = `${PREFIX}loop-`;
const CLAIM_PREFIX = `${PREFIX}claim-`;
const HOLD_PREFIX = `${PREFIX}readonly-`;

/** The process that a name speaks of: its number and when it began. */
function ownerOf(name: string, before: string): { pid: number; start: string; rest: string } | undefined {
  const found = new RegExp(`^${before}(\\d+)-(\\d+)-(.+)$`).exec(name);
  return found ? { pid: Number(found[1]), start: found[2], rest: found[3] } : undefined;
}

function isGone({ pid, start }: { pid: number; start: string }): boolean {
  return startOf(pid) !== start;
}

function me(): string {
  return `${process.pid}-${startOf(process.pid)}`;
}

/** Where this process mounts filesystems: its number and when it began are in the name. `mkdtemp` adds the rest. */
export function mountFolderPrefix(): string {
  return path.join(os.tmpdir(), `${MOUNT_PREFIX}${me()}-`);
}

/** Where this process lays down files for a while, in that folder. `mkdtemp` adds the rest. */
export function scratchPrefix(kind: ScratchKind, folder: string): string {
  return path.join(folder, `${PREFIX}${kind}-${me()}-`);
}

/** Whether a mount is one of this program's, by a process that is gone. */
export function isLeftover(folder: string): boolean {
  if (!folder.startsWith(`${os.tmpdir()}/`)) return false;
  const owner = ownerOf(path.relative(os.tmpdir(), folder), MOUNT_PREFIX);
  return owner !== undefined && isGone(owner);
}

/** Whether a folder was made by `mkdtemp`, and is not one of the guest's in it. */
export function isMountFolder(folder: string): boolean {
  return path.dirname(folder) === os.tmpdir() && path.basename(folder).startsWith(MOUNT_PREFIX);
}

/** The folders of processes that are gone in which nothing was ever mounted, and half-made claims. */
export function leftScratch(folders: string[]): string[] {
  return [...new Set(folders)].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => isLeftScratch(name) || isLeftClaim(folder, name))
      .map((name) => path.join(folder, name)),
  );
}

function isLeftScratch(name: string): boolean {
  const owner = ownerOf(name, `${PREFIX}(?:${SCRATCH_KINDS.join("|")})-`);
  return owner !== undefined && isGone(owner);
}

/** A claim under the name that it has until it is whole. */
function isLeftClaim(folder: string, name: string): boolean {
  const pid = new RegExp(`^${CLAIM_PREFIX}[0-9a-f]+\\.(\\d+)$`).exec(name)?.[1];
  if (pid === undefined) return false;
  const [, start] = readOrEmpty(path.join(folder, name)).split(" ");
  const runs = startOf(Number(pid));
  // Empty for the moment in which a living process writes it.
  return runs === undefined || (start !== undefined && start !== runs);
}

/** The claim on the disk of that name. */
export function claimFile(name: string): string {
  return path.join(os.tmpdir(), `${CLAIM_PREFIX}${name}`);
}

/** Notes that a loop device is about to show a file, until nothing can leave it behind. Gives the note's own name. */
export function noteLoop(device: string, file: string): string {
  const note = path.join(os.tmpdir(), `${NOTE_PREFIX}${me()}-${path.basename(device)}`);
  fs.writeFileSync(note, file, { mode: 0o600 });
  return note;
}

export function forgetLoop(note: string): void {
  fs.rmSync(note, { force: true });
}

/** The notes of processes that are gone, with the device and the file that each is about. */
export function leftLoops(): { note: string; device: string; file: string }[] {
  return namesIn(os.tmpdir()).flatMap((name) => {
    const owner = ownerOf(name, NOTE_PREFIX);
    if (owner === undefined || !/^loop\d+$/.test(owner.rest) || !isGone(owner)) return [];
    const note = path.join(os.tmpdir(), name);
    return [{ note, device: `/dev/${owner.rest}`, file: readOrEmpty(note) }];
  });
}

/** A run's note that it wants a source read-only while it works. */
export interface Hold {
  note: string;
  /** The device could be written to before the first of the runs set it read-only. */
  wasWritable: boolean;
  isMine: boolean;
  /** By a process that is gone. */
  isGone: boolean;
}

/** Notes that this process wants the disk of that name read-only. */
export function noteHold(disk: string, wasWritable: boolean): void {
  const note = path.join(os.tmpdir(), `${HOLD_PREFIX}${disk}-${me()}-note`);
  fs.writeFileSync(note, wasWritable ? WRITABLE : "", { mode: 0o600 });
}

const WRITABLE = "was writable";

export function forgetHold({ note }: Hold): void {
  fs.rmSync(note, { force: true });
}

/** Every note about the disk of that name. */
export function holdsOn(disk: string): Hold[] {
  return namesIn(os.tmpdir()).flatMap((name) => {
    const owner = ownerOf(name, `${HOLD_PREFIX}${disk}-`);
    if (owner === undefined) return [];
    const note = path.join(os.tmpdir(), name);
    const isMine = `${owner.pid}-${owner.start}` === me();
    return [{ note, wasWritable: readOrEmpty(note) === WRITABLE, isMine, isGone: isGone(owner) }];
  });
}

/** When a process began, in clock ticks since the machine did (proc(5), field 22); undefined if there is none. */
export function startOf(pid: number): string | undefined {
  try {
    const status = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    // Field 2 is the program's name, which may hold blanks and brackets.
    return status.slice(status.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  return fs.existsSync(folder) ? fs.readdirSync(folder) : [];
}

function readOrEmpty(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
