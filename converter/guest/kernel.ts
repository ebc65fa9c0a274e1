import type { Architecture } from "../types";
import type { Runner } from "../run";
import { bzImagePayload, isBzImage } from "./bzImage";
import { compressionOf, decompress } from "./compression";
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

/**
 * Unpacks a kernel (a bzImage, or an ELF file as it is or gzipped) and reads its Xen notes.
 * Throws an `Error` for what is no kernel, and a `FailedError` where the program that unpacks it fails.
 */
export async function readXenNotes(file: Buffer, runner: Runner): Promise<XenNotes> {
  const bytes = await unpackKernel(file, runner);
  if (!isElf(bytes)) throw new Error("is not an x86 kernel: no ELF image is inside");
  const elf = readElf(bytes);
  const notes = elf.noteAreas.flatMap(readNotes).filter(({ name }) => name === "Xen");
  const noted = (type: number) => notes.find((note) => note.type === type)?.description;
  return {
    architecture: architectureOf(elf),
    bootsPv: noted(XEN_ELFNOTE_ENTRY) !== undefined || elf.sectionNames.includes("__xen_guest"),
    xenVersion: textOf(noted(XEN_ELFNOTE_XEN_VERSION)),
    guestOs: textOf(noted(XEN_ELFNOTE_GUEST_OS)),
  };
}

async function unpackKernel(file: Buffer, runner: Runner): Promise<Buffer> {
  const packed = isBzImage(file) ? bzImagePayload(file) : file;
  if (packed === undefined)
    throw new Error("is a bzImage whose payload is packed in a way that is not known");
  if (isElf(packed)) return packed;
  const compression = compressionOf(packed);
  return compression === undefined ? packed : decompress(packed, compression, runner);
}

function architectureOf(elf: ElfFile): Architecture | undefined {
  return elf.machine === "other" ? undefined : elf.machine;
}

function textOf(description?: Buffer): string | undefined {
  return description?.toString("latin1").replace(/\0.*$/s, "");
}

/** The configuration symbols set to `y` in a `/boot/config-V`. */
export function builtInSymbols(config: string): Set<string> {
  return new Set(Array.from(config.matchAll(/^(CONFIG_\w+)=y\r?$/gm), ([, symbol]) => symbol));
}

/** Of Xen's own kernel tree: a kernel with one of these knows no other machine than PV (CentOS 5 and SLES `kernel-xen`, Ubuntu's `-ec2` to 10.04). */
const PV_ONLY_SYMBOLS = ["CONFIG_X86_64_XEN", "CONFIG_X86_XEN"];

/** Whether a kernel boots on real hardware, which HVM is to it, and what says so. */
export function judgeHvm(
  version: string,
  file: Buffer,
  config?: string,
): { bootsHvm: boolean; evidence: string } {
  const symbols = builtInSymbols(config ?? "");
  const pvOnly = PV_ONLY_SYMBOLS.find((symbol) => symbols.has(symbol));
  if (pvOnly) return { bootsHvm: false, evidence: `/boot/config-${version}: ${pvOnly}=y` };
  if (!isBzImage(file))
    return {
      bootsHvm: false,
      evidence: "the file has no boot sector: only Xen's domain builder can load it",
    };
  const evidence =
    config === undefined
      ? "a bzImage; there is no config file to ask"
      : `/boot/config-${version}: neither ${PV_ONLY_SYMBOLS.join(" nor ")}`;
  return { bootsHvm: true, evidence };
}
