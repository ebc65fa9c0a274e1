import type { ByteSource } from "./byteSource";

const HEADER_BYTES = 110;
const TRAILER = "TRAILER!!!";
/** As the kernel has it (PATH_MAX): a longer name is damage. */
const LONGEST_NAME_BYTES = 4096;

/** Whether an archive in newc form begins here (`070701`, or `070702` with checksums): what Linux's initramfs is made of. */
export function isCpio(source: ByteSource, offset = 0): boolean {
  const magic = source.read(offset, 6).toString("latin1");
  return magic === "070701" || magic === "070702";
}

/**
 * The paths of the archive that begins at `offset`, and where it ends. Each header has thirteen fields of eight
 * hexadecimal digits; name and data are padded to four bytes (kernel documentation, buffer-format.rst). The data is
 * passed over. Throws an `Error` that says where the archive is cut off or broken.
 */
export function listCpio(source: ByteSource, offset = 0): { paths: string[]; end: number } {
  const paths: string[] = [];
  let at = offset;
  for (;;) {
    if (!isCpio(source, at)) throw new Error(`no cpio header at byte ${at} of ${source.length}`);
    const member = readMember(source, at, offset);
    at = member.end;
    if (member.path === TRAILER) return { paths, end: at };
    paths.push(member.path);
  }
}

function readMember(source: ByteSource, at: number, archiveStart: number): { path: string; end: number } {
  const header = source.read(at, HEADER_BYTES);
  const field = (index: number) => hexadecimal(header.toString("latin1", 6 + index * 8, 14 + index * 8));
  const [dataBytes, nameBytes] = [field(6), field(11)];
  const nameStart = at + HEADER_BYTES;
  const dataEnd = alignFrom(archiveStart, nameStart + nameBytes) + dataBytes;
  if (!(nameBytes > 0 && nameBytes <= LONGEST_NAME_BYTES && dataBytes >= 0))
    throw new Error(`the cpio header at byte ${at} is damaged`);
  if (dataEnd > source.length)
    throw new Error(
      `the cpio member at byte ${at} is cut off: ${source.length} bytes there are, ${dataEnd} it needs`,
    );
  const path = source.read(nameStart, nameBytes - 1).toString("utf8");
  return { path, end: Math.min(alignFrom(archiveStart, dataEnd), source.length) };
}

/** NaN for anything but eight digits: `parseInt` would take the first of them for the whole. */
function hexadecimal(digits: string): number {
  return /^[0-9a-f]{8}$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN;
}

/** The padding counts from where the archive begins. */
function alignFrom(start: number, position: number): number {
  return start + Math.ceil((position - start) / 4) * 4;
}
