import type { Runner } from "../../run";
import { bufferSource, skipZeros, type ByteSource } from "./byteSource";
import { compressionOf, withUnpacked } from "./compression";
import { oncePerContent } from "./contentCache";
import { isCpio, listCpio } from "./cpio";
import { moduleOfFile } from "../kernel/drivers";
import { oldRamdisk } from "./oldRamdisk";

/** What counts of an initramfs: its own file list is the judge, and nothing that was configured. */
export interface InitramfsContent {
  /** By `moduleKey`. */
  modules: ReadonlySet<string>;
  /** Has the `lvm` program, without which no volume group is activated. */
  lvm: boolean;
  /** Files of hooks that grow the root when it boots. */
  growers: string[];
}

/** Reads an initramfs. Throws an `Error` saying what could not be read. */
export function readInitramfs(bytes: Buffer, runner: Runner): Promise<InitramfsContent> {
  return oncePerContent("initramfs", bytes, async () => {
    const paths = await listInitramfs(bytes, runner);
    return {
      modules: new Set(paths.map(moduleOfFile).filter((name) => name !== undefined)),
      lvm: paths.some((path) => /(?:^|\/)s?bin\/lvm$/.test(path)),
      growers: paths.filter((path) => GROWER.test(path)),
    };
  });
}

/**
 * Hooks, not programs: cloud-initramfs-growroot (Ubuntu), dracut-modules-growroot (EL6) and the resize hooks that people
 * put there themselves (flegmatik/linux-rootfs-resize).
 */
const GROWER =
  /(?:^|\/)(?:scripts|hooks?|pre-mount|lib\/dracut)\/.*(?:growroot|growpart|rootfs-resize|resize-?rootfs)[^/]*$/;

/**
 * The paths of all files in an initramfs, from every archive in it: any number of them, packed or not, one after the other
 * with zero bytes between them, as the kernel takes them. The first ones are often CPU microcode; tools that stop there
 * report drivers missing that are there (awslabs/aws-support-tools#98).
 * Throws an `Error` saying what could not be read.
 */
export async function listInitramfs(bytes: Buffer, runner: Runner): Promise<string[]> {
  const source = bufferSource(bytes);
  const paths: string[] = [];
  let at = skipZeros(source, 0);
  if (at === source.length) throw new Error("there is nothing in it");
  while (at < source.length) {
    const segment = isCpio(source, at)
      ? listCpio(source, at)
      : await listPacked(bytes.subarray(at), at, runner);
    for (const path of segment.paths) paths.push(path);
    at = skipZeros(source, segment.end);
  }
  return paths;
}

interface Listed {
  paths: string[];
  end: number;
}

async function listPacked(bytes: Buffer, offset: number, runner: Runner): Promise<Listed> {
  refuseRamdisk(bufferSource(bytes), "it");
  const compression = compressionOf(bytes);
  if (compression === undefined)
    throw new Error(`byte ${offset} begins neither a cpio archive nor a compression that Linux knows`);
  const { result, end } = await withUnpacked(bytes, compression, runner, (unpacked) => {
    refuseRamdisk(unpacked, `its ${compression} part`);
    return listArchives(unpacked, compression);
  });
  return { paths: result, end: offset + end };
}

function listArchives(source: ByteSource, compression: string): string[] {
  const paths: string[] = [];
  let at = skipZeros(source, 0);
  if (!isCpio(source, at)) throw new Error(`its ${compression} part holds no cpio archive`);
  while (at < source.length) {
    const archive = listCpio(source, at);
    for (const path of archive.paths) paths.push(path);
    at = skipZeros(source, archive.end);
  }
  return paths;
}

function refuseRamdisk(source: ByteSource, what: string): void {
  const filesystem = oldRamdisk(source);
  if (filesystem === undefined) return;
  throw new Error(
    `${what} holds ${filesystem}: an initrd as before Linux 2.6's initramfs (Red Hat 4, Debian 3.1), which is not looked into`,
  );
}
