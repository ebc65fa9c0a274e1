import type { ByteSource } from "./byteSource";

/** Filesystems that the kernel copies from an initrd to a ramdisk (init/do_mounts_rd.c), by the bytes at an offset. */
const FILESYSTEMS: [name: string, offset: number, bytes: string][] = [
  ["an ext2 filesystem", 1024 + 56, "\x53\xef"],
  ["a cramfs filesystem", 0, "\x45\x3d\xcd\x28"],
  ["a romfs filesystem", 0, "-rom1fs-"],
];

/** The filesystem that a ramdisk of old is an image of; `undefined` if it is none of these. */
export function oldRamdisk(source: ByteSource): string | undefined {
  return FILESYSTEMS.find(
    ([, offset, bytes]) => source.read(offset, bytes.length).toString("latin1") === bytes,
  )?.[0];
}
