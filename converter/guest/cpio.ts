/** A member of a cpio archive in the "newc" form, which Linux's initramfs is made of. */
export interface CpioMember {
  path: string;
  data: Buffer;
}

const HEADER_BYTES = 110;
const TRAILER = "TRAILER!!!";

/** Whether an archive in newc form begins here (`070701`, or `070702` with checksums). */
export function isCpio(bytes: Buffer, offset = 0): boolean {
  const magic = bytes.toString("latin1", offset, offset + 6);
  return magic === "070701" || magic === "070702";
}

/**
 * The members of the archive that begins at `offset`, and where it ends. Each header has thirteen fields of eight
 * hexadecimal digits; name and data are padded to four bytes (kernel documentation, buffer-format.rst).
 * Throws an `Error` that says where the archive is cut off or broken.
 */
export function readCpio(bytes: Buffer, offset = 0): { members: CpioMember[]; end: number } {
  const members: CpioMember[] = [];
  let at = offset;
  for (;;) {
    if (!isCpio(bytes, at)) throw new Error(`no cpio header at byte ${at}`);
    const member = readMember(bytes, at, offset);
    at = member.end;
    if (member.path === TRAILER) return { members, end: at };
    members.push({ path: member.path, data: member.data });
  }
}

function readMember(bytes: Buffer, at: number, archiveStart: number): CpioMember & { end: number } {
  const field = (index: number) =>
    Number.parseInt(bytes.toString("latin1", at + 6 + index * 8, at + 14 + index * 8), 16);
  const [dataBytes, nameBytes] = [field(6), field(11)];
  const nameStart = at + HEADER_BYTES;
  const dataStart = alignFrom(archiveStart, nameStart + nameBytes);
  const dataEnd = dataStart + dataBytes;
  if (!(nameBytes > 0) || !(dataEnd <= bytes.length)) {
    throw new Error(
      `the cpio member at byte ${at} is cut off: ${bytes.length} bytes there are, ${dataEnd} it needs`,
    );
  }
  const path = bytes.toString("utf8", nameStart, nameStart + nameBytes - 1);
  const end = Math.min(alignFrom(archiveStart, dataEnd), bytes.length);
  return { path, data: bytes.subarray(dataStart, dataEnd), end };
}

/** The padding counts from where the archive begins. */
function alignFrom(start: number, position: number): number {
  return start + Math.ceil((position - start) / 4) * 4;
}
