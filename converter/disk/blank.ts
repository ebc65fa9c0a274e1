/** Whether a disk may be written over: what a partition table, a filesystem or a backup GPT would leave lies at its ends. */
import { type Handle, isZero, readAt } from "./bytes";
import { MIB } from "./sizes";

const HEAD_BYTES = 4 * MIB;
const TAIL_BYTES = MIB;

/** Where the first byte that is not zero lies, in the first 4 MiB and the last MiB; undefined if there is none. */
export async function firstUsedByte(disk: Handle, sizeBytes: number): Promise<number | undefined> {
  const headBytes = Math.min(HEAD_BYTES, sizeBytes);
  const head = await readAt(disk, 0, headBytes);
  if (!isZero(head)) return head.findIndex((byte) => byte !== 0);
  const tailStart = Math.max(headBytes, sizeBytes - TAIL_BYTES);
  const tail = await readAt(disk, tailStart, sizeBytes - tailStart);
  return isZero(tail) ? undefined : tailStart + tail.findIndex((byte) => byte !== 0);
}
