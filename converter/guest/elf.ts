/** A small reader for the ELF files that matter here: kernels and programs of x86, 32 and 64 bits. */
export interface ElfFile {
  bits: 32 | 64;
  machine: "i386" | "x86_64" | "other";
  /** Contents of each program header of type PT_NOTE, or, where there is none, of each section of type SHT_NOTE. */
  noteAreas: Buffer[];
  /** Names of the sections; none where the table was stripped. */
  sectionNames: string[];
}

export interface ElfNote {
  name: string;
  type: number;
  description: Buffer;
}

const MACHINES: Record<number, ElfFile["machine"]> = { 3: "i386", 62: "x86_64" };
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

interface Header {
  type: number;
  /** Only sections have one: where it begins in the table of names. */
  nameOffset: number;
  content: Buffer;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length > 0x40 && bytes.toString("latin1", 0, 4) === "\x7fELF";
}

/** Reads headers and notes. Throws a `RangeError` where the file is cut off inside its own tables. */
export function readElf(bytes: Buffer): ElfFile {
  const bits = bytes[4] === 2 ? 64 : 32;
  const programs = readPrograms(bytes, bits);
  const sections = readSections(bytes, bits);
  const programNotes = programs.filter(({ type }) => type === PT_NOTE);
  const notes = programNotes.length > 0 ? programNotes : sections.filter(({ type }) => type === SHT_NOTE);
  return {
    bits,
    machine: MACHINES[bytes.readUInt16LE(0x12)] ?? "other",
    noteAreas: notes.map(({ content }) => content),
    sectionNames: nameSections(bytes, bits, sections),
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

function readPrograms(bytes: Buffer, bits: 32 | 64): Header[] {
  const layout = LAYOUTS[bits];
  return tableRows(bytes, bits, layout.programTable, layout.programEntry, layout.programCount).map((at) => {
    const start = readWord(bytes, bits, at + layout.programOffset);
    const content = bytes.subarray(start, start + readWord(bytes, bits, at + layout.programSize));
    return { type: bytes.readUInt32LE(at), nameOffset: 0, content };
  });
}

function readSections(bytes: Buffer, bits: 32 | 64): Header[] {
  const layout = LAYOUTS[bits];
  return tableRows(bytes, bits, layout.sectionTable, layout.sectionEntry, layout.sectionCount).map((at) => {
    const start = readWord(bytes, bits, at + layout.sectionOffset);
    const content = bytes.subarray(start, start + readWord(bytes, bits, at + layout.sectionSize));
    return { type: bytes.readUInt32LE(at + 4), nameOffset: bytes.readUInt32LE(at), content };
  });
}

function nameSections(bytes: Buffer, bits: 32 | 64, sections: Header[]): string[] {
  const names = sections[bytes.readUInt16LE(LAYOUTS[bits].sectionNames)]?.content;
  if (!names) return [];
  return sections.map(({ nameOffset }) => names.toString("latin1", nameOffset, names.indexOf(0, nameOffset)));
}

/** Where each row of a header table begins. */
function tableRows(bytes: Buffer, bits: 32 | 64, table: number, entry: number, count: number): number[] {
  const start = readWord(bytes, bits, table);
  if (start === 0) return [];
  return Array.from(
    { length: bytes.readUInt16LE(count) },
    (_, row) => start + row * bytes.readUInt16LE(entry),
  );
}

function readWord(bytes: Buffer, bits: 32 | 64, at: number): number {
  return bits === 64 ? Number(bytes.readBigUInt64LE(at)) : bytes.readUInt32LE(at);
}

function align4(size: number): number {
  return Math.ceil(size / 4) * 4;
}
