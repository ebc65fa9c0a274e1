/**
 * What somebody may take for a raw disk, by its first and last bytes: images of other programs, packed files, archives, and
 * raw disks that begin somewhere else. Pure, except for the reading.
 */
import type { Advice } from "../types";
import { readAt, withDisk } from "./bytes";
import { whatIsInside } from "./insideOffset";
import { PACKED, type Signs, IMAGES } from "./foreignSignatures";

/** Enough for every signature, and for the disks that are looked for inside. Bytes. */
const HEAD_BYTES = 2 * 1024 * 1024 + 128 * 1024;
const TAIL_BYTES = 512;

/** Reads a source's ends and says what it is, where it is something else than a raw disk. */
export async function describeForeign(
  path: string,
  sizeBytes: number,
): Promise<Omit<Advice, "subject"> | undefined> {
  return withDisk(path, "read", async (disk) => {
    const head = await readAt(disk, 0, Math.min(HEAD_BYTES, sizeBytes));
    const tailBytes = Math.min(TAIL_BYTES, sizeBytes);
    const tail = await readAt(disk, sizeBytes - tailBytes, tailBytes);
    return recognizeForeign({ head, tail }, path);
  });
}

/** The same, of bytes that were read. `path`: as the commands in the advice name it. */
export function recognizeForeign(signs: Signs, path: string): Omit<Advice, "subject"> | undefined {
  const name = quoted(path);
  const image = IMAGES.find(({ is }) => is(signs));
  if (image) return { found: `is ${image.what}, a raw disk is needed.`, advice: image.advice(name) };
  const packed = PACKED.find(({ is }) => is(signs));
  if (packed) return { found: `is ${packed.what}, a raw disk is needed.`, advice: packed.advice(name) };
  const inside = whatIsInside(signs.head);
  return (
    inside && {
      found: `holds no disk from its first byte on, but ${inside.what} from byte ${inside.offset} on.`,
      advice: `Take what is before it away: dd if=${name} of=new.img bs=1M iflag=skip_bytes skip=${inside.offset} conv=sparse. Then name new.img.`,
    }
  );
}

/** As a shell has to read it. */
function quoted(path: string): string {
  return /^[\w./:@%+,=-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
