/** The destination once it has been copied to: a disk with a guest of its own. */
import { readDisk } from "../disk/parts";
import { type MountedGuest, withGuest } from "../guest/mounts";
import type { ConversionContext } from "./context";

/** Mounts the guest on the destination, found by the destination's own table. */
export async function withCopy<T>(
  { destination: { path, sizeBytes }, runner }: ConversionContext,
  readOnly: boolean,
  work: (guest: MountedGuest) => Promise<T>,
): Promise<T> {
  const { parts } = await readDisk(path, sizeBytes, runner);
  return withGuest({ path, parts, readOnly }, runner, work);
}
