/**
 * The copying alone, side by side with the programs that one would take otherwise: without latency, between two volumes
 * that each move so much a second, and with 30 ms added to each read, as a volume fresh from a snapshot answers.
 */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { MIB } from "../converter/disk/sizes";
import type { Print } from "./numbers";
import { benchLimited, benchSlow } from "./volumes";
import {
  extract,
  oneCopy,
  PLAIN,
  report,
  reportAgainstPlain,
  type Targets,
  timeOthers,
  type Type,
} from "./copyRows";
import { withSlowDisk } from "./ebsDisks";

const RUNS = 5;
const SLOW_DISK_MIB = 1024;
const DISK_MIB = 2048;

/** All rows. `content`: a folder whose files the filesystems hold. */
export async function benchCopying(folder: string, content: string, print: Print): Promise<void> {
  const targets: Targets = { ours: allocate(folder, "ours"), others: allocate(folder, "others") };
  for (const type of ["ext4", "xfs"] as const) {
    const source = makeFilesystem(folder, type, content, DISK_MIB);
    await benchPlain(folder, source, type, targets, print);
    if (type === "ext4") await benchLimited(folder, source, targets, print);
    fs.rmSync(source);
  }
  const source = makeFilesystem(folder, "ext4", content, SLOW_DISK_MIB);
  await withSlowDisk(source, 30, async (device) => benchSlow(device, targets, print));
  [source, ...Object.values(targets)].forEach((file) => fs.rmSync(file));
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

/**
 * A verified copy moves the used bytes three times: it reads them, writes them and reads them again. Where one disk holds
 * both sides, no program can be faster than that disk is with all three under way at once.
 */
const FLOOR = "the disk alone: two reads and a write of as much, at once";
const THREE_AT_ONCE = `dd if="$1" of=/dev/null bs=1M iflag=direct & dd if="$1" of=/dev/null bs=1M iflag=direct &
  mebibytes=$(($(stat -c %s "$1") / 1048576))
  dd if=/dev/zero of="$2" bs=1M count=$mebibytes oflag=direct conv=fsync,notrunc; wait`;

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
    [FLOOR]: ["sh", "-c", THREE_AT_ONCE, "sh", plain, target],
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
