import zlib from "node:zlib";
import type { Runner } from "../../run";
import type { Architecture } from "../../types";
import { bzImagePayload, isBzImage } from "./bzImage";
import { bufferSource, indexOfText, type ByteSource } from "../initramfs/byteSource";
import { compressionOf, withUnpacked } from "../initramfs/compression";
import { oncePerContent } from "../initramfs/contentCache";
import { isElf, readElf, readNotes, type ElfFile } from "./elf";

/** Numbers of Xen's ELF notes (xen/include/public/elfnote.h). */
const XEN_ELFNOTE_ENTRY = 1;
const XEN_ELFNOTE_XEN_VERSION = 5;
const XEN_ELFNOTE_GUEST_OS = 6;

/** What a kernel says of itself to Xen's domain builder, PV-GRUB among them. */
export interface XenNotes {
  architecture?: Architecture;
  /** Has an ENTRY note, or the `__xen_guest` section that came before notes (kernel-xen of EL5): boots as PV. */
  bootsPv: boolean;
  /** e.g. `xen-3.0` */
  xenVersion?: string;
  guestOs?: string;
}

/** A kernel from inside. */
export interface KernelImage extends XenNotes {
  /** The configuration that it carries itself (CONFIG_IKCONFIG): Gentoo's have none in /boot. */
  config?: string;
}

/**
 * Unpacks a kernel (a bzImage, or an ELF file as it is or gzipped) and reads it.
 * Throws an `Error` for what is no kernel, and a `FailedError` where the program that unpacks it fails.
 */
export function readKernelImage(file: Buffer, runner: Runner): Promise<KernelImage> {
  return oncePerContent("kernel", file, () => withKernel(file, runner, readImage));
}

/** The Xen notes of a kernel. Throws as `readKernelImage` does. */
export async function readXenNotes(file: Buffer, runner: Runner): Promise<XenNotes> {
  const { architecture, bootsPv, xenVersion, guestOs } = await readKernelImage(file, runner);
  return { architecture, bootsPv, xenVersion, guestOs };
}

async function withKernel<T>(file: Buffer, runner: Runner, work: (kernel: ByteSource) => T): Promise<T> {
  const packed = isBzImage(file) ? bzImagePayload(file) : file;
  if (packed === undefined)
    throw new Error("is a bzImage whose payload is packed in a way that is not known");
  const compression = isElf(bufferSource(packed)) ? undefined : compressionOf(packed);
  if (compression === undefined) return work(bufferSource(packed));
  return (await withUnpacked(packed, compression, runner, work)).result;
}

function readImage(kernel: ByteSource): KernelImage {
  if (!isElf(kernel)) throw new Error("is not an x86 kernel: no ELF image is inside");
  const elf = readElf(kernel);
  const notes = elf.noteAreas.flatMap(readNotes).filter(({ name }) => name === "Xen");
  const noted = (type: number) => notes.find((note) => note.type === type)?.description;
  const config = embeddedConfig(kernel);
  return {
    architecture: architectureOf(elf),
    bootsPv: noted(XEN_ELFNOTE_ENTRY) !== undefined || elf.sectionNames.includes("__xen_guest"),
    xenVersion: textOf(noted(XEN_ELFNOTE_XEN_VERSION)),
    guestOs: textOf(noted(XEN_ELFNOTE_GUEST_OS)),
    ...(config === undefined ? {} : { config }),
  };
}

const CONFIG_START = "IKCFG_ST";
const LARGEST_CONFIG_BYTES = 1024 * 1024;

/** What `/proc/config.gz` would show: gzip data behind a mark (scripts/extract-ikconfig looks for the same). */
function embeddedConfig(kernel: ByteSource): string | undefined {
  const at = indexOfText(kernel, CONFIG_START);
  if (at < 0) return undefined;
  const packed = kernel.read(at + CONFIG_START.length, LARGEST_CONFIG_BYTES);
  try {
    // Behind the gzip header of ten bytes; what follows the data is the rest of the kernel.
    return zlib
      .inflateRawSync(packed.subarray(10), { maxOutputLength: LARGEST_CONFIG_BYTES * 16 })
      .toString("latin1");
  } catch {
    return undefined;
  }
}

function architectureOf(elf: ElfFile): Architecture | undefined {
  return elf.machine === "other" ? undefined : elf.machine;
}

function textOf(description?: Buffer): string | undefined {
  return description?.toString("latin1").replace(/\0.*$/s, "");
}
