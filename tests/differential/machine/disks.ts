/** Small disks with a tree of files, made without mounts. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { scratchFolder } from "../../converter/disk/images";

const MIB = 2 ** 20;
/** xfsprogs makes none under 300 MB; the file is sparse. */
const XFS_MIB = 320;

/**
 * A filesystem on a whole disk. XFS, since GRUB 0.97 takes ext2 on a hard disk without a partition table for none, where
 * PV-GRUB reads it; and of the old format, since it knows no other.
 */
export function bareDisk(tree: string, disk: string): string {
  const description = path.join(scratchFolder(), "files");
  fs.writeFileSync(description, ["x", "1 1", "d--755 0 0", ...filesOf(tree), "$", "$", ""].join("\n"));
  blank(disk, XFS_MIB);
  const old = ["-m", "crc=0,finobt=0,rmapbt=0,reflink=0", "-n", "ftype=0", "-i", "sparse=0"];
  execFileSync("mkfs.xfs", ["-q", "-f", ...old, "-p", description, disk], { stdio: "ignore" });
  fs.rmSync(path.dirname(description), { recursive: true });
  return disk;
}

/** The files of a folder as mkfs.xfs reads them (xfsprogs, mkfs.xfs(8): protofile). */
function filesOf(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return [`${entry.name} d--755 0 0`, ...filesOf(name), "$"];
    if (entry.isSymbolicLink()) return [`${entry.name} l--777 0 0 ${fs.readlinkSync(name)}`];
    return [`${entry.name} ---644 0 0 ${name}`];
  });
}

/** Puts an ext3 filesystem with the files of a folder on the partition that begins at 1 MiB and has 7. */
export function fillPartition(tree: string, disk: string, uuid: string): string {
  const options = ["-t", "ext3", "-U", uuid, "-L", "root", "-E", `offset=${MIB}`, "-d", tree];
  execFileSync("mke2fs", ["-q", "-F", ...options, disk, "7M"], { stdio: "ignore" });
  return disk;
}

/** A disk whose table has one partition, of 7 MiB from 1 MiB on. */
export function partitionedDisk(disk: string): string {
  blank(disk, 9);
  const table = "label: dos\nstart=2048, size=14336, type=83, bootable\n";
  const quiet = ["--quiet", "--no-reread", "--no-tell-kernel"];
  execFileSync("sfdisk", [...quiet, disk], { input: table, stdio: ["pipe", "ignore", "ignore"] });
  return disk;
}

/** A file of zeros in the place of whatever was there. */
function blank(disk: string, mebibytes: number): string {
  fs.rmSync(disk, { force: true });
  fs.writeFileSync(disk, "");
  fs.truncateSync(disk, mebibytes * MIB);
  return disk;
}
