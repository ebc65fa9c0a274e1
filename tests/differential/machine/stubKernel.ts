/**
 * The smallest kernel that a boot loader starts: it prints its name, the size of its initramfs and its command line on
 * the serial port, and ends the machine. To the converter it is a kernel like any other.
 */
import zlib from "node:zlib";
import { bzImage, cpioArchive, elfWithNotes, XEN_NOTES } from "../../converter/guest/phonyKernel";

/** The port at which QEMU's isa-debug-exit listens. */
export const EXIT_PORT = 0xf4;

/** What stands before all that a stub prints. No menu has it. */
export const MARK = "@@";

/**
 * Where what lies in the kernel's first sectors (Linux' Documentation/x86/boot.rst). A boot loader loads them to one
 * segment and begins at 0x200 in it, in real mode.
 */
const BOOT_FLAG_AT = 0x1fe;
const JUMP_AT = 0x200;
const LOAD_FLAGS_AT = 0x211;
const HIGHEST_INITRD_AT = 0x22c;
const LONGEST_COMMAND_LINE_AT = 0x238;
/** Behind the header of every version of the protocol, and before the version's text. */
const CODE_AT = 0x280;
const NAME_AT = 0x400;

/** 8086 machine code, an instruction a line. */
const CODE = [
  "fc", // cld
  "8c c8 83 e8 20 8e d8", // ds: the segment of the first sector, 0x200 bytes before that of the code
  "be 00 04 e8 3b 00", // the name, at NAME_AT
  "8b 16 1c 02 b9 04 00", // the initramfs' size, of which four digits are printed
  "c1 c2 04 88 d0 24 0f", // the next digit
  "3c 0a 1c 69 2f e8 2f 00 e2 ef", // as a character
  "b0 20 e8 28 00", // a space
  "66 a1 28 02 89 c6 83 e6 0f 66 c1 e8 04 8e d8", // where the command line lies, as segment and offset
  "e8 0c 00", // the command line
  "b0 0a e8 11 00", // a line end
  "b0 00 e6 f4 f4 eb fd", // the end of the machine
  "ac 84 c0 74 15 e8 02 00 eb f6", // prints characters up to a zero
  "52 50 ba fd 03 ec a8 20 74 fb 58 ba f8 03 ee 5a c3", // prints one on the first serial port
].join(" ");

/** A kernel that prints `name`. */
export function stubKernel(name: string): Buffer {
  const payload = zlib.gzipSync(elfWithNotes(64, XEN_NOTES));
  const kernel = bzImage(payload, { version: name });
  kernel.writeUInt16LE(0xaa55, BOOT_FLAG_AT);
  kernel.writeUInt8(0xeb, JUMP_AT);
  kernel.writeUInt8(CODE_AT - JUMP_AT - 2, JUMP_AT + 1);
  // Loaded above one megabyte, as every bzImage.
  kernel.writeUInt8(1, LOAD_FLAGS_AT);
  kernel.writeUInt32LE(0x37ffffff, HIGHEST_INITRD_AT);
  kernel.writeUInt32LE(2047, LONGEST_COMMAND_LINE_AT);
  Buffer.from(CODE.replaceAll(" ", ""), "hex").copy(kernel, CODE_AT);
  kernel.write(`\n${MARK}${name} \0`, NAME_AT, "latin1");
  return kernel;
}

/** An initramfs of this many bytes: its size tells which one was loaded. */
export function stubInitramfs(bytes: number, modules: string[]): Buffer {
  const names = ["init", ...modules.map((name) => `lib/modules/V/kernel/drivers/${name}.ko`)];
  const packed = zlib.gzipSync(cpioArchive(names));
  // Zeros behind an archive belong to it.
  return Buffer.concat([packed, Buffer.alloc(bytes - packed.length)]);
}
