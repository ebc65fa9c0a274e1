/**
 * The copying alone, side by side with the programs that one would take otherwise: without latency, and with 30 ms added
 * to each read, as a volume fresh from a snapshot answers.
 */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { copyPieces } from "../../converter/disk/copier";
import { usedRanges } from "../../converter/disk/freeMap";
import { piecesOf } from "../../converter/disk/pieces";
import { withSlowDisk } from "./slowDisk";

const MIB = 1024 * 1024;
const RUNS = 3;
const DISK_MIB = 2048;

type Type = "ext4" | "xfs";
type Print = (what: string, unit: string, values: number[]) => void;

/** What a copy in a process of its own tells of itself. */
interface Told {
  seconds: number;
  usedBytes: number;
  bytesRead: number;
  megabytes: number;
}

/** All rows. `content`: a folder whose files the filesystems hold. */
export async function benchCopying(folder: string, content: string, print: Print): Promise<void> {
  for (const type of ["ext4", "xfs"] as const) {
    const source = makeFilesystem(folder, type, content);
    await benchPlain(folder, source, type, print);
    if (type === "ext4") await withSlowDisk(source, 30, async (device) => benchSlow(folder, device, print));
  }
  benchLargeDisk(folder, print);
}

/** `copy-once`: the used blocks of a filesystem into a file. */
export async function copyOnce(source: string, destination: string, type: Type): Promise<void> {
  const started = Date.now();
  const ranges = await usedRanges(source, { type });
  const { bytesRead } = await copyPieces({
    ...{ source, destination, pieces: piecesOf(ranges, 0, 0), totalBytes: ranges.totalBytes },
    onProgress: () => undefined,
    onVerified: () => undefined,
  });
  const { usedBytes } = ranges;
  tell({ seconds: (Date.now() - started) / 1000, usedBytes, bytesRead });
}

/** `map-once`: the used blocks of a filesystem, and nothing done with them. */
export async function mapOnce(source: string, type: Type): Promise<void> {
  const started = Date.now();
  const { usedBytes } = await usedRanges(source, { type });
  tell({ seconds: (Date.now() - started) / 1000, usedBytes, bytesRead: 0 });
}

function tell(told: Omit<Told, "megabytes">): void {
  console.log(JSON.stringify({ ...told, megabytes: process.resourceUsage().maxRSS / 1024 }));
}

async function benchPlain(folder: string, source: string, type: Type, print: Print): Promise<void> {
  const target = join(folder, "copy");
  const plain = await extract(source, type, join(folder, "used"));
  const others: Record<string, string[]> = {
    "plain copy of the used bytes (dd)": ["dd", `if=${plain}`, `of=${target}`, "bs=1M", "conv=fsync"],
    "dd, the whole disk": ["dd", `if=${source}`, `of=${target}`, "bs=1M", "conv=fsync"],
    [`partclone.${type}`]: [`partclone.${type}`, "-q", "-b", "-s", source, "-O", target],
    ...(type === "ext4"
      ? { "e2image -ra": ["e2image", "-ra", source, target] }
      : { "xfs_copy -d": ["xfs_copy", "-d", source, target] }),
  };
  const rows = Array.from({ length: RUNS }, () => ({
    ours: oneCopy(fresh(target, source), source, type),
    ...Object.fromEntries(
      Object.entries(others).map(([name, words]) => [name, timeCommand(words, fresh(target, source), plain)]),
    ),
  }));
  console.log(
    `\n${type}, no latency: ${Math.round(fs.statSync(plain).size / MIB)} MiB used of ${DISK_MIB} MiB`,
  );
  report(rows as Row[], Object.keys(others), print);
}

type Row = { ours: Told } & Record<string, number>;

function benchSlow(folder: string, device: string, print: Print): void {
  const target = join(folder, "copy");
  const whole: string[] = ["dd", `if=${device}`, `of=${target}`, "bs=1M", "conv=fsync"];
  const others: Record<string, string[]> = {
    "e2image -ra": ["e2image", "-ra", device, target],
    "dd bs=1M": whole,
  };
  const row = {
    ours: oneCopy(fresh(target, device), device, "ext4"),
    ...Object.fromEntries(
      Object.entries(others).map(([name, words]) => [name, timeCommand(words, fresh(target, device))]),
    ),
  };
  console.log("\next4, 30 ms added to each read");
  report([row as unknown as Row], Object.keys(others), print);
}

function report(rows: Row[], others: string[], print: Print): void {
  const ours = rows.map(({ ours: told }) => told);
  print(
    "pv-to-hvm, verification included",
    "s",
    ours.map(({ seconds }) => seconds),
  );
  print(
    "  its memory",
    "MB",
    ours.map(({ megabytes }) => megabytes),
  );
  print(
    "  bytes read : bytes in use",
    "x",
    ours.map(({ bytesRead, usedBytes }) => bytesRead / usedBytes),
  );
  for (const name of others) {
    print(
      name,
      "s",
      rows.map((row) => row[name]),
    );
    print(
      `  ${name} : pv-to-hvm`,
      "x",
      rows.map((row) => row[name] / row.ours.seconds),
    );
  }
}

/** A disk of almost 16 TiB, as sparse as its file. */
function benchLargeDisk(folder: string, print: Print): void {
  const disk = join(folder, "large");
  fs.writeFileSync(disk, "");
  fs.truncateSync(disk, (16 * MIB - 1) * MIB);
  execFileSync("mke2fs", ["-q", "-F", "-t", "ext4", "-T", "largefile4", disk]);
  const told = Array.from({ length: RUNS }, () => runSelf(["map-once", disk, "ext4"]));
  console.log("\next4, 16 TiB, sparse");
  print(
    "its map of used blocks",
    "s",
    told.map(({ seconds }) => seconds),
  );
  print(
    "  memory",
    "MB",
    told.map(({ megabytes }) => megabytes),
  );
  fs.rmSync(disk);
}

function makeFilesystem(folder: string, type: Type, content: string): string {
  const image = join(folder, `${type}.img`);
  fs.writeFileSync(image, "");
  fs.truncateSync(image, DISK_MIB * MIB);
  if (type === "ext4") execFileSync("mke2fs", ["-q", "-F", "-t", "ext4", "-d", content, image]);
  else {
    execFileSync("mkfs.xfs", ["-q", "-f", image]);
    const mount = fs.mkdtempSync(join(folder, "mount-"));
    execFileSync("mount", ["-o", "loop", image, mount]);
    try {
      execFileSync("cp", ["-a", `${content}/.`, mount]);
    } finally {
      execFileSync("umount", [mount]);
    }
  }
  return image;
}

/** The ranges in use, one behind the other. */
async function extract(source: string, type: Type, plain: string): Promise<string> {
  const [from, to] = [fs.openSync(source, "r"), fs.openSync(plain, "w")];
  for (const { start, end } of await usedRanges(source, { type })) {
    for (let at = start; at < end;) {
      const buffer = Buffer.alloc(Math.min(MIB, end - at));
      at += fs.writeSync(to, buffer, 0, fs.readSync(from, buffer, 0, buffer.length, at));
    }
  }
  [from, to].forEach(fs.closeSync);
  return plain;
}

/** An empty target of the source's size, and nothing of the source in the page cache: a volume fresh from a snapshot. */
function fresh(target: string, source: string): string {
  fs.rmSync(target, { force: true });
  fs.writeFileSync(target, "");
  fs.truncateSync(target, DISK_MIB * MIB);
  forget(source);
  return target;
}

function forget(file: string): void {
  if (fs.statSync(file).isBlockDevice()) execFileSync("blockdev", ["--flushbufs", file]);
  else execFileSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
}

function timeCommand(words: string[], target: string, reads?: string): number {
  if (reads) forget(reads);
  const started = process.hrtime.bigint();
  execFileSync(words[0], words.slice(1), { stdio: "ignore" });
  execFileSync("sync", ["-d", target]);
  return Number(process.hrtime.bigint() - started) / 1e9;
}

function oneCopy(target: string, source: string, type: Type): Told {
  return runSelf(["copy-once", source, target, type]);
}

function runSelf(args: string[]): Told {
  const { status, stdout, stderr } = spawnSync(process.execPath, [process.argv[1], ...args], {
    encoding: "utf8",
    env: { ...process.env, UV_THREADPOOL_SIZE: "72" },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim()) as Told;
}
