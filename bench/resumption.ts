/**
 * `npm run bench -- resumption`: a copy that is killed at a third and at two thirds of its way, and begun again. How much
 * is read a second time is counted by the kernel, at the source's block device. Beside it programs that begin anew.
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { basename, join } from "node:path";
import { print } from "./numbers";

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;
const RUNS = 3;
const DISK_BYTES = 6 * GIB;
/** Beside what the guest holds already. */
const DATA_BYTES = 4 * GIB;
const KILLED_AT = { "a third": 1 / 3, "two thirds": 2 / 3 };
/** Of the whole, that may be copied again. */
const AIM_PERCENT = 5;
/** The kernel counts a disk's reads in these, whatever its own sectors are (Documentation/block/stat.rst). */
const SECTOR_BYTES = 512;
const LOOK_EVERY_MS = 5;

/** All rows. `sample`: an image with a guest. */
export async function benchResumption(folder: string, root: string, sample: string): Promise<void> {
  const source = fillGuest(sample, join(folder, "source"));
  const target = join(folder, "target");
  await withLoop(source, ["--read-only"], async (device) => {
    const copiers = copiersOf(join(root, "dist", "pv-to-hvm.cjs"), device, target);
    console.log(`\na guest of ${DATA_BYTES / GIB} GiB and its system, on a disk of ${DISK_BYTES / GIB} GiB`);
    for (const copier of copiers) await benchCopier(copier, device);
  });
}

interface Copier {
  name: string;
  /** A blank target, ready for it. */
  prepare: () => void;
  command: string[];
}

/** The copy alone: what comes before it is done in `prepare`. */
function copiersOf(converter: string, device: string, target: string): Copier[] {
  const blank = () => {
    fs.rmSync(target, { force: true });
    fs.writeFileSync(target, "");
    fs.truncateSync(target, DISK_BYTES + GIB);
  };
  const ours = (step: string) => [process.execPath, converter, step, device, target];
  const partition = () => {
    blank();
    const [program, ...args] = ours("partition");
    execFileSync(program, args, { stdio: "ignore" });
  };
  const dd = ["dd", `if=${device}`, `of=${target}`, "bs=1M", "iflag=direct", "oflag=direct", "conv=notrunc"];
  return [
    { name: "pv-to-hvm", prepare: partition, command: ours("copy") },
    { name: "e2image -ra, begun anew", prepare: blank, command: ["e2image", "-ra", device, target] },
    { name: "dd, begun anew", prepare: blank, command: dd },
  ];
}

async function benchCopier(copier: Copier, device: string): Promise<void> {
  const runs = copier.name === "pv-to-hvm" ? RUNS : 1;
  copier.prepare();
  const whole = await readBy(copier, device);
  print(`${copier.name}: read from the source in all`, "MiB", [whole / MIB]);
  for (const [where, share] of Object.entries(KILLED_AT)) {
    const again: number[] = [];
    for (let run = 0; run < runs; run++) again.push(await copiedAgain(copier, device, whole, share));
    const percent = again.map((bytes) => (bytes / whole) * 100);
    print(`  killed at ${where}: read again`, "%", percent);
    if (copier.name !== "pv-to-hvm") continue;
    const holds = Math.max(...percent) <= AIM_PERCENT ? "holds" : "does not hold";
    console.log(`    the aim of at most ${AIM_PERCENT} %: ${holds}`);
  }
}

/** Bytes read beyond those of one whole copy, where it is killed at this share of them. */
async function copiedAgain(copier: Copier, device: string, whole: number, share: number): Promise<number> {
  copier.prepare();
  const killed = await readBy(copier, device, whole * share);
  return killed + (await readBy(copier, device)) - whole;
}

/** Runs it, and kills it once so many bytes have been read; gives how many were. Throws where it failed by itself. */
async function readBy({ command }: Copier, device: string, killAt = Infinity): Promise<number> {
  forget(device);
  const before = bytesRead(device);
  const child = spawn(command[0], command.slice(1), { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (text: Buffer) => (said += text.toString()));
  const timer = setInterval(() => {
    if (bytesRead(device) - before >= killAt) child.kill("SIGKILL");
  }, LOOK_EVERY_MS);
  await ended(child).finally(() => clearInterval(timer));
  const expected = killAt === Infinity ? child.exitCode === 0 : child.signalCode === "SIGKILL";
  if (!expected) throw new Error(`${command.join(" ")} ended otherwise than was meant:\n${said}`);
  return bytesRead(device) - before;
}

async function ended(child: ChildProcess): Promise<void> {
  await once(child, "close");
}

/** From a block device, since it was made. */
function bytesRead(device: string): number {
  const fields = fs
    .readFileSync(`/sys/block/${basename(device)}/stat`, "utf8")
    .trim()
    .split(/\s+/);
  return Number(fields[2]) * SECTOR_BYTES;
}

/** What the page cache knows of the disk would not be read again. */
function forget(device: string): void {
  execFileSync("blockdev", ["--flushbufs", device]);
}

/** The sample's guest on a larger disk, with data that is not zeros. */
function fillGuest(sample: string, disk: string): string {
  fs.copyFileSync(sample, disk);
  fs.truncateSync(disk, DISK_BYTES);
  execFileSync("e2fsck", ["-fp", disk], { stdio: "ignore" });
  execFileSync("resize2fs", [disk], { stdio: "ignore" });
  const guest = fs.mkdtempSync(`${disk}-mount-`);
  execFileSync("mount", ["-o", "loop", disk, guest]);
  try {
    writeData(join(guest, "var", "data"));
  } finally {
    execFileSync("umount", [guest]);
  }
  return disk;
}

function writeData(path: string): void {
  const file = fs.openSync(path, "w");
  const block = Buffer.alloc(4 * MIB);
  for (let number = 0; number < DATA_BYTES / block.length; number++) {
    // Each block another: a copy that puts one into another's place would not be the same.
    block.fill(`block ${number}\n`);
    fs.writeSync(file, block);
  }
  fs.closeSync(file);
}

async function withLoop(
  file: string,
  options: string[],
  work: (device: string) => Promise<void>,
): Promise<void> {
  const device = execFileSync("losetup", ["--find", "--show", "--direct-io=on", ...options, file], {
    encoding: "utf8",
  }).trim();
  try {
    await work(device);
  } finally {
    execFileSync("losetup", ["--detach", device]);
  }
}
