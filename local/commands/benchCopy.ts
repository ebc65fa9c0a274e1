/**
 * The copying alone, side by side with the programs that one would take otherwise: without latency, and with 30 ms added
 * to each read, as a volume fresh from a snapshot answers.
 */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Print } from "./benchNumbers";
import { type Told, runSelf } from "./benchOnce";
import { usedRanges } from "../../converter/disk/filesystem/freeMap";
import { withSlowDisk } from "./slowDisk";

const MIB = 1024 * 1024;
const RUNS = 5;
/** Each takes minutes, of which most go to dd. */
const SLOW_RUNS = 3;
const SLOW_DISK_MIB = 1024;
const DISK_MIB = 2048;

export type Type = "ext4" | "xfs";

/** All rows. `content`: a folder whose files the filesystems hold. */
export async function benchCopying(folder: string, content: string, print: Print): Promise<void> {
  const targets: Targets = { ours: allocate(folder, "ours"), others: allocate(folder, "others") };
  for (const type of ["ext4", "xfs"] as const) {
    const source = makeFilesystem(folder, type, content, DISK_MIB);
    await benchPlain(folder, source, type, targets, print);
    fs.rmSync(source);
  }
  const source = makeFilesystem(folder, "ext4", content, SLOW_DISK_MIB);
  await withSlowDisk(source, 30, async (device) => benchSlow(device, targets, print));
  [source, ...Object.values(targets)].forEach((file) => fs.rmSync(file));
}

/** Where is copied to. Of its own for pv-to-hvm, which writes no zeros where none are needed. */
interface Targets {
  ours: string;
  others: string;
}

/** A target as a volume is: every block has its place, so that none waits for the filesystem below to find one. */
function allocate(folder: string, name: string): string {
  const target = join(folder, name);
  execFileSync("dd", [
    "if=/dev/zero",
    `of=${target}`,
    "bs=1M",
    `count=${DISK_MIB}`,
    "oflag=direct",
    "status=none",
  ]);
  return target;
}

/** Plain copies: through the page cache, and past it as pv-to-hvm goes; both wait until the disk has it. */
const PLAIN = {
  cached: "plain copy of the used bytes (dd conv=fsync)",
  direct: "the same past the page cache (dd direct)",
};

async function benchPlain(
  folder: string,
  source: string,
  type: Type,
  targets: Targets,
  print: Print,
): Promise<void> {
  const target = targets.others;
  const plain = await extract(source, type, join(folder, "used"));
  const dd = (from: string, ...more: string[]) => [
    "dd",
    `if=${from}`,
    `of=${target}`,
    "bs=1M",
    "conv=fsync,notrunc",
    ...more,
  ];
  const others: Record<string, string[]> = {
    [PLAIN.cached]: dd(plain),
    [PLAIN.direct]: dd(plain, "iflag=direct", "oflag=direct"),
    "dd, the whole disk": dd(source),
    [`partclone.${type}`]: [`partclone.${type}`, "-q", "-b", "-s", source, "-O", target],
    ...(type === "ext4"
      ? { "e2image -ra": ["e2image", "-ra", source, target] }
      : { "xfs_copy -d": ["xfs_copy", "-d", source, target] }),
  };
  const rows = Array.from({ length: RUNS }, () => ({
    ours: oneCopy(targets.ours, source, type),
    unverified: oneCopy(targets.ours, source, type, "unverified"),
    others: timeOthers(others, [source, plain, target]),
  }));
  console.log(
    `\n${type}, no latency: ${Math.round(fs.statSync(plain).size / MIB)} MiB used of ${DISK_MIB} MiB`,
  );
  report(rows, print);
  reportAgainstPlain(rows, print);
  fs.rmSync(plain);
}

interface Row {
  ours: Told;
  others: Record<string, number>;
}

function benchSlow(device: string, targets: Targets, print: Print): void {
  const target = targets.others;
  const others: Record<string, string[]> = {
    "e2image -ra": ["e2image", "-ra", device, target],
    "dd bs=1M": ["dd", `if=${device}`, `of=${target}`, "bs=1M", "conv=fsync,notrunc"],
  };
  const rows = Array.from({ length: SLOW_RUNS }, () => ({
    ours: oneCopy(targets.ours, device, "ext4"),
    others: timeOthers(others, [device, target]),
  }));
  console.log("\next4, 30 ms added to each read");
  report(rows, print);
}

function report(rows: Row[], print: Print): void {
  const ours = (pick: (told: Told) => number) => rows.map((row) => pick(row.ours));
  print(
    "pv-to-hvm, verification included",
    "s",
    ours(({ seconds }) => seconds),
  );
  print(
    "  its whole process",
    "s",
    ours(({ wholeSeconds }) => wholeSeconds),
  );
  print(
    "  its memory",
    "MB",
    ours(({ megabytes }) => megabytes),
  );
  print(
    "  bytes read : bytes in use",
    "x",
    ours(({ bytesRead, usedBytes }) => bytesRead / usedBytes),
  );
  for (const name of Object.keys(rows[0].others)) {
    print(
      name,
      "s",
      rows.map(({ others }) => others[name]),
    );
    print(
      `  ${name} : pv-to-hvm`,
      "x",
      rows.map(({ others, ours: told }) => others[name] / told.seconds),
    );
  }
}

/** The copying without the start of Node, as it is a small part of a real copy; with the verification and without. */
function reportAgainstPlain(rows: (Row & { unverified: Told })[], print: Print): void {
  print(
    "pv-to-hvm, nothing verified",
    "s",
    rows.map(({ unverified }) => unverified.seconds),
  );
  for (const [how, name] of Object.entries(PLAIN)) {
    const against = (pick: (row: (typeof rows)[number]) => Told) =>
      rows.map((row) => pick(row).seconds / row.others[name]);
    print(
      `pv-to-hvm : plain copy, ${how}`,
      "x",
      against(({ ours }) => ours),
    );
    print(
      `  nothing verified : plain copy, ${how}`,
      "x",
      against(({ unverified }) => unverified),
    );
  }
}

function makeFilesystem(folder: string, type: Type, content: string, mebibytes: number): string {
  const image = join(folder, `${type}.img`);
  fs.writeFileSync(image, "");
  fs.truncateSync(image, mebibytes * MIB);
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

/** Takes a file or device out of the page cache: a volume fresh from a snapshot is not in it. */
function forget(file: string): void {
  if (fs.statSync(file).isBlockDevice()) execFileSync("blockdev", ["--flushbufs", file]);
  else execFileSync("dd", [`if=${file}`, "iflag=nocache", "count=0", "status=none"]);
}

/** Seconds that each takes, until the disk has everything. `files`: not to be in the page cache before. */
function timeOthers(others: Record<string, string[]>, files: string[]): Record<string, number> {
  return Object.fromEntries(
    Object.entries(others).map(([name, words]) => {
      files.forEach(forget);
      const started = process.hrtime.bigint();
      const { status, error } = spawnSync(words[0], words.slice(1), { stdio: "ignore" });
      if (status !== 0) throw new Error(`${words.join(" ")}: ${error?.message ?? `ended with ${status}`}`);
      execFileSync("sync", ["-d", files[files.length - 1]]);
      return [name, Number(process.hrtime.bigint() - started) / 1e9];
    }),
  );
}

function oneCopy(target: string, source: string, type: Type, ...more: string[]): Told {
  [source, target].forEach(forget);
  return runSelf(["copy-once", source, target, type, ...more]);
}
