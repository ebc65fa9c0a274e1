/** Checksums of chunks. */
import { createHash, webcrypto } from "node:crypto";

/** Of a chunk, taken in another thread. */
export async function sha256(bytes: Buffer): Promise<Buffer> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes));
}

const known = new Map<number, Buffer>();
/** Most are whole chunks; the other lengths are not to fill the memory. */
const MOST_KNOWN = 1000;

/** Of that many zeros: a disk has long runs of them. */
export function sha256OfZeros(length: number): Buffer {
  const found = known.get(length) ?? createHash("sha256").update(Buffer.alloc(length)).digest();
  if (known.size < MOST_KNOWN) known.set(length, found);
  return found;
}
