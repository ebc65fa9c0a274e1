/** What a menu's `kernel` starts, by the file's content: Linux, or one of the other things that GRUB can start. */
import zlib from "node:zlib";
import { bufferSource, indexOfText } from "../initramfs/byteSource";
import type { GuestTree } from "../tree";
import { bzImageText, isBzImage } from "./bzImage";
import { isElf, readElf, readNotes } from "./elf";

/** `linux`, or the name of another system as a sentence takes it. */
export type System = { linux: true } | { linux: false; name: string };

const LINUX: System = { linux: true };
/** As much of a packed kernel as is unpacked: the largest have a quarter of it. */
const MOST_UNPACKED = 512 * 1024 * 1024;

/** Whether `kernel` of a menu starts Linux. By its name alone where there is no such file, or nothing is known of its bytes. */
export function isLinuxKernel(tree: GuestTree, path: string): boolean {
  return otherSystem(tree, path) === undefined;
}

/** What it is that is no Linux: `FreeBSD`; `undefined` if it is Linux. */
export function otherSystem(tree: GuestTree, path: string): string | undefined {
  const system = systemAt(tree, path);
  if (system !== undefined) return system.linux ? undefined : system.name;
  return otherSystemByName(path);
}

/**
 * The same by the name alone, for a file that cannot be read. A kernel may be called `xenU-3.8.13`; the Xen hypervisor is
 * `xen.gz` or `xen-4.1-amd64.gz`.
 */
export function otherSystemByName(path: string): string | undefined {
  const name = path.split("/").at(-1) ?? "";
  return /^(?:memtest|xen(?:-syms.*|-\d.*\.gz|\.gz|\.efi)?$)/.test(name)
    ? "not Linux by its name"
    : undefined;
}

/** A menu can name one kernel in any number of entries. */
const known = new WeakMap<GuestTree, Map<string, System | undefined>>();

function systemAt(tree: GuestTree, path: string): System | undefined {
  const all = known.get(tree) ?? new Map<string, System | undefined>();
  known.set(tree, all);
  if (!all.has(path)) all.set(path, systemIn(tree.readBytes(path) ?? Buffer.alloc(0)));
  return all.get(path);
}

/** What the bytes of a file are; `undefined` for bytes that tell nothing. */
export function systemIn(file: Buffer): System | undefined {
  if (isBzImage(file)) return systemOfBzImage(file);
  const elf = unpacked(file);
  return isElf(bufferSource(elf)) ? systemOfElf(elf) : undefined;
}

/**
 * Other programs take the form of a Linux kernel so that its boot loaders can start them: memtest86+, memdisk, iPXE. The text
 * at the place of the version is then another one, or there is none.
 */
function systemOfBzImage(file: Buffer): System {
  const text = bzImageText(file);
  if (/^\d/.test(text)) return LINUX;
  if (MEMTEST.some((name) => file.includes(name))) return { linux: false, name: "memtest86+" };
  const name = /^[A-Za-z][\w.+-]*/.exec(text)?.[0];
  return name === undefined || name === "Linux" ? LINUX : { linux: false, name };
}

const MEMTEST = ["Memtest86", "MemTest86", "memtest86"];

/** Xen's hypervisor, some NetBSD and old Linux kernels are packed as they are. */
function unpacked(file: Buffer): Buffer {
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  try {
    return zlib.gunzipSync(file, { maxOutputLength: MOST_UNPACKED });
  } catch {
    return file;
  }
}

/** Number of Xen's note with the system's name (xen/include/public/elfnote.h). */
const XEN_ELFNOTE_GUEST_OS = 6;
/** Byte 7 of the file (elf.h). */
const ELFOSABI = { at: 7, 2: "NetBSD", 9: "FreeBSD", 12: "OpenBSD" } as const;
/** Their notes carry their names (ELF notes of FreeBSD, NetBSD and OpenBSD). */
const NOTED = ["FreeBSD", "NetBSD", "OpenBSD"];

function systemOfElf(file: Buffer): System | undefined {
  const source = bufferSource(file);
  const { noteAreas, sectionNames } = readElfOrNothing(file);
  const notes = noteAreas.flatMap(notesOf);
  const guestOs = notes.find(({ name, type }) => name === "Xen" && type === XEN_ELFNOTE_GUEST_OS);
  const named = guestOs?.description.toString("latin1").replace(/\0.*$/s, "").trim();
  if (/^linux$/i.test(named ?? "")) return LINUX;
  if (named) return { linux: false, name: named };
  const owner =
    ELFOSABI[file[ELFOSABI.at] as 2 | 9 | 12] ??
    NOTED.find((name) => notes.some((note) => note.name === name));
  if (owner !== undefined) return { linux: false, name: owner };
  if (indexOfText(source, "Linux version ") >= 0) return LINUX;
  // Before there were notes, Xen read a section of text: `GUEST_OS=linux,GUEST_VER=2.6` (kernel-xen of Red Hat 5).
  if (sectionNames.includes("__xen_guest")) return LINUX;
  if (indexOfText(source, "(XEN) ") >= 0) return { linux: false, name: "the Xen hypervisor" };
  return isMultiboot(file) ? { linux: false, name: "a multiboot program" } : undefined;
}

/** A file that is cut off inside its tables has none. */
function readElfOrNothing(
  file: Buffer,
): ReturnType<typeof readElf> | { noteAreas: Buffer[]; sectionNames: string[] } {
  try {
    return readElf(bufferSource(file));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { noteAreas: [], sectionNames: [] };
  }
}

function notesOf(area: Buffer): ReturnType<typeof readNotes> {
  try {
    return readNotes(area);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return [];
  }
}

/** The header lies in the first 8 KiB (Multiboot Specification 0.6.96, 3.1). */
function isMultiboot(file: Buffer): boolean {
  return file.subarray(0, 8192).includes(Buffer.from([0x02, 0xb0, 0xad, 0x1b]));
}
