/**
 * What was read of a file once is not read again in the same run: each step of a conversion looks at the guest anew, and its
 * kernels are the same to the last byte on the copy.
 */
import { createHash } from "node:crypto";

const known = new Map<string, Promise<unknown>>();

/** `work`'s result for these bytes. `what` tells apart what is read of the same bytes; a failure is not kept. */
export function oncePerContent<T>(what: string, bytes: Buffer, work: () => Promise<T>): Promise<T> {
  const key = `${what} ${createHash("sha256").update(bytes).digest("hex")}`;
  const before = known.get(key) as Promise<T> | undefined;
  if (before) return before;
  const result = work();
  known.set(key, result);
  result.catch(() => known.delete(key));
  return result;
}
