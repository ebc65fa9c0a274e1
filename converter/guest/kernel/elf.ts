/** A small reader for the ELF files that matter here: kernels and programs of x86, 32 and 64 bits. */
import type { ByteSource } from "../initramfs/byteSource";

export interface ElfFile {
  bits: 32 | 64;
  machine: "i386" | "x86_64" | "other";
  /** Contents of each program header of type PT_NOTE, or, where there is none, of each section of type SHT_NOTE. */
  noteAreas: Buffer[];
  /** Names of the sections; none if the table was stripped. */
  sectionNames: string[];
  /** A program's loader, which the kernel starts in its place (`/lib64/ld-linux-x86-64.so.2`). Absent: it needs none. */
  loader?: string;
}

export interface ElfNote {
  name: string;
  type: number;
  description: Buffer;
}

const MACHINES: Record<number, ElfFile["machine"]> = { 3: "i386", 62: "x86_64" };
const PT_INTERP = 3;
const PT_NOTE = 4;
const SHT_NOTE = 7;

/** Where the fields lie in the file header, a program header and a section header, for both widths (elf.h). */
const LAYOUTS = {
  32: {
    programTable: 0x1c,
    sectionTable: 0x20,
    programEntry: 0x2a,
    programCount: 0x2c,
    sectionEntry: 0x2e,
    sectionCount: 0x30,
    sectionNames: 0x32,
    programOffset: 0x04,
    programSize: 0x10,
    sectionOffset: 0x10,
    sectionSize: 0x14,
  },
  64: {
    programTable: 0x20,
    sectionTable: 0x28,
    programEntry: 0x36,
    programCount: 0x38,
    sectionEntry: 0x3a,
    sectionCount: 0x3c,
    sectionNames: 0x3e,
    programOffset: 0x08,
    programSize: 0x20,
    sectionOffset: 0x18,
    sectionSize: 0x20,
  },
} as const;

/** A row of the table of programs or of sections. */
interface Part {
  type: number;
  /** Only sections have one: where it begins in the table of names. */
  nameOffset: number;
  start: number;
  size: number;
}

/** An ELF file as it is read: its header, from which the tables are found. */
interface Reader {
  source: ByteSource;
  header: Buffer;
  bits: 32 | 64;
}

const HEADER_BYTES = 0x40;
/** Notes and names are a few kilobytes; a damaged table may claim anything. */
const LARGEST_CONTENT_BYTES = 1024 * 1024;

export function isElf(source: ByteSource): boolean {
  return source.length > HEADER_BYTES && source.read(0, 4).toString("latin1") === "\x7fELF";
}

/** Reads headers and notes. Throws a `RangeError` if the file is cut off inside its own tables. */
export function readElf(source: ByteSource): ElfFile {
  const header = Buffer.from(source.read(0, HEADER_BYTES));
  const bits = header[4] === 2 ? 64 : 32;
  const reader: Reader = { source, header, bits };
  const programs = readPrograms(reader);
  const sections = readSections(reader);
  const programNotes = programs.filter(({ type }) => type === PT_NOTE);
  const notes = programNotes.length > 0 ? programNotes : sections.filter(({ type }) => type === SHT_NOTE);
  const loader = programs.find(({ type }) => type === PT_INTERP);
  return {
    bits,
    ...(loader ? { loader: contentOf(loader, source).toString("latin1").replace(/\0.*$/s, "") } : {}),
    machine: MACHINES[header.readUInt16LE(0x12)] ?? "other",
    noteAreas: notes.map((part) => contentOf(part, source)),
    sectionNames: nameSections(reader, sections),
  };
}

/** The notes of one area; name and description are each padded to four bytes. */
export function readNotes(area: Buffer): ElfNote[] {
  const notes: ElfNote[] = [];
  for (let at = 0; at + 12 <= area.length;) {
    const [nameSize, size, type] = [0, 4, 8].map((field) => area.readUInt32LE(at + field));
    const nameStart = at + 12;
    const start = nameStart + align4(nameSize);
    const name = area.toString("latin1", nameStart, nameStart + nameSize).replace(/\0+$/, "");
    notes.push({ name, type, description: area.subarray(start, start + size) });
    at = start + align4(size);
  }
  return notes;
}

function readPrograms(reader: Reader): Part[] {
  const layout = LAYOUTS[reader.bits];
  return tableRows(reader, layout.programTable, layout.programEntry, layout.programCount).map((row) => ({
    type: row.readUInt32LE(0),
    nameOffset: 0,
    start: readWord(row, reader.bits, layout.programOffset),
    size: readWord(row, reader.bits, layout.programSize),
  }));
}

function readSections(reader: Reader): Part[] {
  const layout = LAYOUTS[reader.bits];
  return tableRows(reader, layout.sectionTable, layout.sectionEntry, layout.sectionCount).map((row) => ({
    type: row.readUInt32LE(4),
    nameOffset: row.readUInt32LE(0),
    start: readWord(row, reader.bits, layout.sectionOffset),
    size: readWord(row, reader.bits, layout.sectionSize),
  }));
}

function nameSections({ source, header, bits }: Reader, sections: Part[]): string[] {
  const table = sections[header.readUInt16LE(LAYOUTS[bits].sectionNames)];
  if (!table) return [];
  const names = contentOf(table, source);
  return sections.map(({ nameOffset }) => {
    const end = names.indexOf(0, nameOffset);
    return names.toString("latin1", nameOffset, end < 0 ? names.length : end);
  });
}

function contentOf({ start, size }: Part, source: ByteSource): Buffer {
  return Buffer.from(source.read(start, Math.min(size, LARGEST_CONTENT_BYTES)));
}

/** The rows of a header table. */
function tableRows({ source, header, bits }: Reader, table: number, entry: number, count: number): Buffer[] {
  const start = readWord(header, bits, table);
  if (start === 0) return [];
  const [rowBytes, rows] = [header.readUInt16LE(entry), header.readUInt16LE(count)];
  const bytes = Buffer.from(source.read(start, rowBytes * rows));
  return Array.from({ length: rows }, (_, row) => bytes.subarray(row * rowBytes, (row + 1) * rowBytes));
}

function readWord(bytes: Buffer, bits: 32 | 64, at: number): number {
  return bits === 64 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at);
}

function align4(size: number): number {
  return Math.ceil(size / 4) * 4;
}
