/**
 * Limits on what programs take of this machine, by the kernel's control groups (cgroups(7)). A user's own limit of processes
 * (RLIMIT_NPROC) does not hold for root, and memory has none at all that counts a program with all that it starts. The files
 * of the kernel are written directly: systemd, which could do it too, is not on every machine (containers).
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { forEver, isHalted, withUndo } from "../cleanup";

/** The most that a program may take, with all that it starts. */
export interface Limits {
  /** Processes and threads. */
  processes: number;
  /** Bytes, with what it writes to filesystems in memory (/tmp). */
  memoryBytes: number;
}

/** What can be limited, by the names that the kernel gives to what does it. */
export type Controller = "pids" | "memory";
const CONTROLLERS: Controller[] = ["pids", "memory"];

/** Where a controller's groups are made on this machine. */
interface Place {
  folder: string;
  version: 1 | 2;
}

/** Processes under limits. */
export interface Group {
  /** Files that a process writes its number to, and is under the limits from then on, with all that it starts. */
  members: string[];
  /** What is limited: not every machine can limit all. */
  limited: Controller[];
  /** The limits that something has met so far. */
  met(): Controller[];
}

/** What the kernel tells of itself. */
export interface KernelsWord {
  mounts: string;
  groups: string;
}

const readWord = (): KernelsWord => ({
  mounts: fs.readFileSync("/proc/self/mountinfo", "utf8"),
  groups: fs.readFileSync("/proc/self/cgroup", "utf8"),
});

const PREFIX = "pv-to-hvm-";

/** A folder of the kernel's: one for each of the trees in which a process has its place. */
interface Made {
  folder: string;
  version: 1 | 2;
  limited: Controller[];
}

/** Runs the work with a group under as many of the limits as this machine can set, and takes the group away again. */
export async function withLimits<T>(limits: Limits, work: (group: Group) => Promise<T>): Promise<T> {
  const made: Made[] = [];
  const undo = async () => {
    for (const { folder } of made) await remove(folder);
  };
  return withUndo(undo, async () => {
    if (isHalted()) return forEver();
    for (const tree of trees()) {
      const one = make(tree, limits);
      if (one) made.push(one);
    }
    return work({
      members: made.map(({ folder }) => path.join(folder, "cgroup.procs")),
      limited: made.flatMap(({ limited }) => limited),
      met: () => made.flatMap(met),
    });
  });
}

/** What this machine cannot limit: it is tried. */
export function unlimitedHere(): Promise<Controller[]> {
  return withLimits({ processes: 1, memoryBytes: 2 ** 30 }, ({ limited }) =>
    Promise.resolve(CONTROLLERS.filter((controller) => !limited.includes(controller))),
  );
}

interface Tree extends Place {
  controllers: Controller[];
}

/** In one tree a process can be in one group alone: what is limited there is limited by the same. */
function trees(): Tree[] {
  const found: Tree[] = [];
  for (const controller of CONTROLLERS) {
    const place = placeOf(controller);
    const known = found.find(({ folder }) => folder === place?.folder);
    if (known) known.controllers.push(controller);
    else if (place) found.push({ ...place, controllers: [controller] });
  }
  return found;
}

/** Where a controller's groups are, by the kernel's word; `undefined` if nothing is mounted that has it. */
export function placeOf(controller: Controller, word: KernelsWord = readWord()): Place | undefined {
  const mounts = word.mounts.split("\n").flatMap(parseMount);
  const first = mounts.find(({ type, options }) => type === "cgroup" && options.includes(controller));
  if (first)
    return { folder: path.join(first.folder, belowRoot(first.root, ownGroup(word, controller))), version: 1 };
  // At its root: a group that has processes, as this program's own, can hand no controller on to groups below it.
  const second = mounts.find(({ type, folder }) => type === "cgroup2" && has(folder, controller));
  return second && { folder: second.folder, version: 2 };
}

interface Mount {
  root: string;
  folder: string;
  type: string;
  options: string[];
}

/** proc_pid_mountinfo(5): its fields before the dash vary in number. */
function parseMount(line: string): Mount[] {
  const [before, after] = line.split(" - ");
  if (after === undefined) return [];
  const [, , , root, folder] = before.split(" ");
  const [type, , options = ""] = after.split(" ");
  return [{ root, folder, type, options: options.split(",") }];
}

/** `8:pids:/user.slice`: this program's own group, so that limits which somebody set on that hold as well. */
function ownGroup({ groups }: KernelsWord, controller: Controller): string {
  const lines = groups.split("\n").map((line) => line.split(":"));
  return lines.find(([, controllers = ""]) => controllers.split(",").includes(controller))?.[2] ?? "/";
}

/** A container may see a part of the tree alone. */
function belowRoot(root: string, group: string): string {
  const below = path.posix.relative(root, group);
  return below.startsWith("..") ? "" : below;
}

function has(folder: string, controller: Controller): boolean {
  return words(path.join(folder, "cgroup.controllers")).includes(controller);
}

/** Makes a group with the tree's limits; `undefined` where this machine lets nobody make one, or limit anything by it. */
function make({ folder, version, controllers }: Tree, limits: Limits): Made | undefined {
  let made: string;
  try {
    removeOld(folder);
    made = fs.mkdtempSync(path.join(folder, PREFIX));
  } catch {
    // Read-only, or not root.
    return undefined;
  }
  const limited = controllers.filter((controller) => isLimited(folder, made, controller, limits, version));
  if (limited.length > 0) return { folder: made, version, limited };
  removed(made);
  return undefined;
}

function isLimited(
  folder: string,
  made: string,
  controller: Controller,
  limits: Limits,
  version: 1 | 2,
): boolean {
  try {
    if (version === 2) handOn(folder, controller);
    setLimit(made, controller, limits, version);
    return true;
  } catch {
    // A container whose own processes are in the way: a group that has any hands nothing on.
    return false;
  }
}

function handOn(folder: string, controller: Controller): void {
  const file = path.join(folder, "cgroup.subtree_control");
  if (!words(file).includes(controller)) fs.writeFileSync(file, `+${controller}`);
}

function setLimit(folder: string, controller: Controller, limits: Limits, version: 1 | 2): void {
  const set = (name: string, value: number) => fs.writeFileSync(path.join(folder, name), String(value));
  // Not every kernel counts swap.
  const setIfThere = (name: string, value: number) =>
    fs.existsSync(path.join(folder, name)) && set(name, value);
  if (controller === "pids") return set("pids.max", limits.processes);
  if (version === 1) {
    set("memory.limit_in_bytes", limits.memoryBytes);
    setIfThere("memory.memsw.limit_in_bytes", limits.memoryBytes);
    return;
  }
  set("memory.max", limits.memoryBytes);
  setIfThere("memory.swap.max", 0);
  // All of it is ended then: one process the less would leave the rest to go on by halves.
  setIfThere("memory.oom.group", 1);
}

/** The kernel counts how often a limit was met. */
function met({ folder, version, limited }: Made): Controller[] {
  const count = (file: string, name: string) =>
    Number(new RegExp(`^${name} (\\d+)$`, "m").exec(textOf(path.join(folder, file)))?.[1] ?? 0);
  const times = {
    pids: () => count("pids.events", "max"),
    memory: () => count(version === 1 ? "memory.oom_control" : "memory.events", "oom_kill"),
  };
  return limited.filter((controller) => times[controller]() > 0);
}

/** The kernel takes its time with many processes that end at once, and keeps the group until the last is gone. */
const ATTEMPTS = 250;
const PAUSE_MS = 20;

async function remove(folder: string): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (removed(folder)) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  // Empty sooner or later, and then the next run's to remove; it holds nothing.
}

/** Whether it is gone. One that has processes stays. */
function removed(folder: string): boolean {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT";
  }
}

const OLD_MS = 60 * 60 * 1000;

/** What killed runs left. A new one that has no process yet is somebody's who is just about to use it. */
function removeOld(folder: string): void {
  for (const name of fs.readdirSync(folder).filter((one) => one.startsWith(PREFIX))) {
    const group = path.join(folder, name);
    const status = fs.statSync(group, { throwIfNoEntry: false });
    if (status && Date.now() - status.mtimeMs > OLD_MS) removed(group);
  }
}

function words(file: string): string[] {
  return textOf(file).split(/\s+/);
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
