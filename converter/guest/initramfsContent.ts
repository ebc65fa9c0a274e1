import type { Runner } from "../run";
import { compressionOf, decompress } from "./compression";
import { isCpio, readCpio } from "./cpio";
import { moduleOfFile } from "./drivers";

/**
 * The paths of all files in an initramfs, from every archive in it. One may begin with uncompressed archives (CPU
 * microcode); tools that stop there report drivers missing that are there (awslabs/aws-support-tools#98).
 * Throws an `Error` saying what could not be read.
 */
export async function listInitramfs(bytes: Buffer, runner: Runner): Promise<string[]> {
  const { paths, end } = readArchives(bytes);
  const rest = bytes.subarray(end);
  if (rest.length === 0) return paths;
  const compression = compressionOf(rest);
  if (compression === undefined) {
    throw new Error(`byte ${end} begins neither a cpio archive nor a compression that Linux knows`);
  }
  const unpacked = readArchives(await decompress(rest, compression, runner));
  if (unpacked.paths.length === 0) throw new Error(`its ${compression} part holds no cpio archive`);
  return [...paths, ...unpacked.paths];
}

/** The modules in an initramfs, by `moduleKey`: its own file list is the judge, and nothing that was configured. */
export async function initramfsModules(bytes: Buffer, runner: Runner): Promise<Set<string>> {
  const modules = (await listInitramfs(bytes, runner)).map(moduleOfFile);
  return new Set(modules.filter((name) => name !== undefined));
}

/** The archives that lie one after the other, with zero bytes between them, as the kernel takes them. */
function readArchives(bytes: Buffer): { paths: string[]; end: number } {
  const paths: string[] = [];
  let at = skipZeros(bytes, 0);
  while (isCpio(bytes, at)) {
    const { members, end } = readCpio(bytes, at);
    paths.push(...members.map(({ path }) => path));
    at = skipZeros(bytes, end);
  }
  return { paths, end: at };
}

function skipZeros(bytes: Buffer, from: number): number {
  let at = from;
  while (bytes[at] === 0) at++;
  return at;
}
