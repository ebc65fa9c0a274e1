/** The file list of an initramfs, as cpio gives it. */
import * as fs from "node:fs";
import { attempt, withFolder } from "../shell";

const TRAILER = "TRAILER!!!";

/** The programs that unpack, by the first bytes of what they made. */
const UNPACKERS: [string, string][] = [
  ["1f8b", "gzip"],
  ["28b52ffd", "zstd"],
  ["fd377a585a00", "xz"],
  ["02214c18", "lz4"],
];

/** Names in the main archive; an uncompressed one before it (microcode) is skipped. Empty where it cannot be read. */
export function initramfsNames(file: string): string[] {
  const bytes = main(fs.readFileSync(file));
  const unpacker = UNPACKERS.find(([magic]) => bytes.toString("hex", 0, 8).startsWith(magic))?.[1] ?? "cat";
  return withFolder((folder) => {
    fs.writeFileSync(`${folder}/archive`, bytes);
    const words = unpacker === "cat" ? ["cat"] : [unpacker, "-dc"];
    return attempt(["sh", "-c", '"$@" < "$0" | cpio -t --quiet', `${folder}/archive`, ...words]).stdout.split(
      "\n",
    );
  });
}

function main(bytes: Buffer): Buffer {
  if (bytes.toString("latin1", 0, 6) !== "070701") return bytes;
  const trailer = bytes.indexOf(TRAILER);
  let at = trailer + TRAILER.length;
  while (at < bytes.length && bytes[at] === 0) at += 1;
  return at < bytes.length ? bytes.subarray(at) : bytes;
}
