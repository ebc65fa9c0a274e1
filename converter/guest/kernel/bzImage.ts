import { compressionOf } from "../initramfs/compression";

/**
 * Offsets in the setup header of an x86 kernel (kernel documentation, arch/x86/boot.rst). The payload fields came
 * with protocol 2.08, in Linux 2.6.26.
 */
const SETUP_SECTORS = 0x1f1;
const MAGIC = 0x202;
const PROTOCOL = 0x206;
const VERSION_POINTER = 0x20e;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const FIRST_PROTOCOL_WITH_PAYLOAD = 0x0208;
const SECTOR_BYTES = 512;

/** Whether the file is a kernel with the boot sector and setup code that GRUB's `kernel` and `linux` need. */
export function isBzImage(file: Buffer): boolean {
  return file.length > PAYLOAD_LENGTH + 4 && file.toString("latin1", MAGIC, MAGIC + 4) === "HdrS";
}

/**
 * The compressed kernel inside a bzImage, ready to be unpacked: all forms but gzip carry the unpacked size in four
 * bytes after their own end, which their programs would take for damage. `undefined` where none was found.
 */
export function bzImagePayload(file: Buffer): Buffer | undefined {
  const setupSectors = file[SETUP_SECTORS] || 4;
  const protectedMode = file.subarray((setupSectors + 1) * SECTOR_BYTES);
  if (file.readUInt16LE(PROTOCOL) < FIRST_PROTOCOL_WITH_PAYLOAD) return firstGzip(protectedMode);
  const start = file.readUInt32LE(PAYLOAD_OFFSET);
  const payload = protectedMode.subarray(start, start + file.readUInt32LE(PAYLOAD_LENGTH));
  const compression = compressionOf(payload);
  if (compression === undefined) return undefined;
  return compression === "gzip" ? payload : payload.subarray(0, payload.length - 4);
}

/** The version that a bzImage carries (`uname -r`): a kernel named `/boot/bzImage` is paired with its modules by it. */
export function bzImageVersion(file: Buffer): string | undefined {
  return /^\d[\w.+~-]*/.exec(bzImageText(file))?.[0];
}

/** The text that a bzImage carries in the place of its version; empty if its header names none. */
export function bzImageText(file: Buffer): string {
  const pointer = file.readUInt16LE(VERSION_POINTER);
  const start = SECTOR_BYTES + pointer;
  return pointer === 0 ? "" : file.toString("latin1", start, start + 200).replace(/\0.*$/s, "");
}

/** Before protocol 2.08 nothing tells where the payload lies; there was only gzip, so its header does. */
function firstGzip(bytes: Buffer): Buffer | undefined {
  // Magic, deflate, no flags: what gzip writes for standard input.
  const at = bytes.indexOf(Buffer.from([0x1f, 0x8b, 0x08, 0x00]));
  return at < 0 ? undefined : bytes.subarray(at);
}
