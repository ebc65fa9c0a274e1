/** Kernels and initramfs of the smallest kind, made byte by byte from the formats' descriptions. */
import zlib from "node:zlib";

/** An ELF note: sizes and type, then name and description, each padded to four bytes. */
export function elfNote(name: string, type: number, description: Buffer): Buffer {
  const header = Buffer.alloc(12);
  [name.length + 1, description.length, type].forEach((value, field) =>
    header.writeUInt32LE(value, field * 4),
  );
  return Buffer.concat([header, padded(Buffer.from(`${name}\0`)), padded(description)]);
}

/** The notes that a PV kernel of Linux carries: ENTRY, XEN_VERSION and GUEST_OS. */
export const XEN_NOTES = Buffer.concat([
  elfNote("Xen", 6, Buffer.from("linux\0")),
  elfNote("Xen", 5, Buffer.from("xen-3.0\0")),
  elfNote("Xen", 1, Buffer.alloc(8, 1)),
]);

/** An ELF file with one program header of type PT_NOTE that holds the notes. */
export function elfWithNotes(bits: 32 | 64, notes: Buffer): Buffer {
  const wide = bits === 64;
  const [headerBytes, entryBytes] = wide ? [0x40, 0x38] : [0x34, 0x20];
  const file = Buffer.alloc(headerBytes + entryBytes + notes.length + 0x40);
  file.write("\x7fELF", 0, "latin1");
  file[4] = wide ? 2 : 1;
  file.writeUInt16LE(wide ? 62 : 3, 0x12);
  writeWord(file, bits, headerBytes, wide ? 0x20 : 0x1c);
  file.writeUInt16LE(entryBytes, wide ? 0x36 : 0x2a);
  file.writeUInt16LE(1, wide ? 0x38 : 0x2c);
  file.writeUInt32LE(4, headerBytes);
  writeWord(file, bits, headerBytes + entryBytes, headerBytes + (wide ? 0x08 : 0x04));
  writeWord(file, bits, notes.length, headerBytes + (wide ? 0x20 : 0x10));
  notes.copy(file, headerBytes + entryBytes);
  return file;
}

/** An ELF file without notes and with these sections, as kernel-xen of EL5 has `__xen_guest`. */
export function elfWithSections(names: string[]): Buffer {
  const table = Buffer.from(`\0${names.join("\0")}\0`);
  const file = Buffer.alloc(0x40 + table.length + 0x40 * (names.length + 1));
  file.write("\x7fELF", 0, "latin1");
  file[4] = 2;
  file.writeUInt16LE(62, 0x12);
  table.copy(file, 0x40);
  file.writeBigUInt64LE(BigInt(0x40 + table.length), 0x28);
  [0x40, names.length + 1, 0].forEach((value, field) => file.writeUInt16LE(value, 0x3a + field * 2));
  file.writeBigUInt64LE(0x40n, 0x40 + table.length + 0x18);
  file.writeBigUInt64LE(BigInt(table.length), 0x40 + table.length + 0x20);
  names.forEach((name, index) =>
    file.writeUInt32LE(table.indexOf(`\0${name}\0`) + 1, 0x40 + table.length + 0x40 * (index + 1)),
  );
  return file;
}

/** A bzImage around a payload. Protocol 2.08 and later say where it lies. */
export function bzImage(payload: Buffer, { version = "3.13.0-48-generic", protocol = 0x020c } = {}): Buffer {
  const setup = Buffer.alloc(5 * 512);
  setup[0x1f1] = 4;
  setup.write("HdrS", 0x202, "latin1");
  setup.writeUInt16LE(protocol, 0x206);
  setup.writeUInt16LE(0x400, 0x20e);
  setup.write(`${version} (builder@host) #1 SMP\0`, 0x600, "latin1");
  const code = Buffer.alloc(64, 0x90);
  if (protocol >= 0x0208) {
    setup.writeUInt32LE(code.length, 0x248);
    setup.writeUInt32LE(payload.length, 0x24c);
  }
  return Buffer.concat([setup, code, payload, Buffer.alloc(32)]);
}

/** A kernel that boots as PV and as HVM, as distributions have built them since pv_ops. */
export function pvOpsKernel(version?: string): Buffer {
  return bzImage(zlib.gzipSync(elfWithNotes(64, XEN_NOTES)), { version });
}

/** A cpio archive in newc form with empty files of these names. */
export function cpioArchive(paths: string[]): Buffer {
  return Buffer.concat(
    [...paths, "TRAILER!!!"].map((path, index) => cpioMember(path, index, Buffer.from(path))),
  );
}

/** An initramfs as Debian's of these years: gzip, with one module file for each name. */
export function initramfsWith(...modules: string[]): Buffer {
  return zlib.gzipSync(
    cpioArchive(["init", ...modules.map((name) => `lib/modules/3.13/kernel/drivers/${name}.ko`)]),
  );
}

function cpioMember(path: string, inode: number, data: Buffer): Buffer {
  const content = path === "TRAILER!!!" ? Buffer.alloc(0) : data;
  const fields = [inode, 0o100644, 0, 0, 1, 0, content.length, 0, 0, 0, 0, path.length + 1, 0];
  const header = `070701${fields.map((value) => value.toString(16).padStart(8, "0")).join("")}${path}\0`;
  return Buffer.concat([padded(Buffer.from(header)), padded(content)]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}

function writeWord(file: Buffer, bits: 32 | 64, value: number, at: number): void {
  if (bits === 64) file.writeBigUInt64LE(BigInt(value), at);
  else file.writeUInt32LE(value, at);
}
