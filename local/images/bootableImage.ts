/** A disk that boots through its own boot record, made without root, loop device or grub-install. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { checkCore, coreSpace, writeBootLoader } from "../../converter/boot/grubPlace";
import { BOOT_CODE_BYTES } from "../../converter/disk/sizes";
import { run } from "../../converter/run";
import { writeFilesystemImage } from "./filesystemImage";
import type { FilesystemRecipe } from "./recipe";

export interface BootableRecipe {
  /** Eight hexadecimal digits: the signature of the master boot record. */
  diskId: string;
  /** What partition 1 holds. */
  filesystem: FilesystemRecipe;
  /** GRUB's modules that its core image has inside. */
  modules: string[];
}

/** Where partition 1 begins: GRUB's core image lies before it. */
const PARTITION_OFFSET = 1024 ** 2;
const GRUB_IMAGES = "usr/lib/grub/i386-pc";
const DISK = { layout: "mbr" as const, partitions: [] };

/**
 * Writes a raw, sparse image with one partition, which holds the tree. The boot loader is the tree's own GRUB: it reads
 * the tree's /boot/grub/grub.cfg, and loads more modules from where grub-pc-bin has put them.
 */
export async function writeBootableImage(recipe: BootableRecipe, tree: string, file: string): Promise<void> {
  const link = path.join(tree, "boot/grub/i386-pc");
  await fs.rm(link, { recursive: true, force: true });
  await fs.symlink(`../../${GRUB_IMAGES}`, link);
  await writeFilesystemImage(recipe.filesystem, tree, file, PARTITION_OFFSET);
  await run(["sfdisk", "--quiet", "--no-reread", "--no-tell-kernel", file], {
    purpose: "writing the partition table",
    input: partitionTable(recipe),
  });
  await installGrub(recipe, tree, file);
}

/** For sfdisk. */
export function partitionTable({ diskId, filesystem }: BootableRecipe): string {
  const [start, size] = [PARTITION_OFFSET, filesystem.sizeBytes].map((bytes) => bytes / 512);
  return `label: dos\nlabel-id: 0x${diskId}\nunit: sectors\n1: start=${start}, size=${size}, type=83, bootable\n`;
}

async function installGrub({ modules }: BootableRecipe, tree: string, file: string): Promise<void> {
  const options = ["-O", "i386-pc", "-p", "(hd0,msdos1)/boot/grub", "-o", "/core.img"];
  // In the tree, since the modules that it loads later must be of the same version.
  await run(["chroot", tree, "grub-mkimage", ...options, ...modules], {
    purpose: "making GRUB's core image",
  });
  const core = checkCore(await fs.readFile(path.join(tree, "core.img")), coreSpace(DISK).bytes);
  const bootImage = await fs.readFile(path.join(tree, GRUB_IMAGES, "boot.img"));
  const disk = await fs.open(file, "r+");
  try {
    await writeBootLoader(disk, { bootCode: bootImage.subarray(0, BOOT_CODE_BYTES), core }, DISK);
  } finally {
    await disk.close();
  }
}
