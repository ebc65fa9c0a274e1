/** The programs that make an initramfs, each behind the same few questions. */
import type { FileEdit, GuestFacts } from "../../../types";

/** A file's text, or `undefined` where there is no such file. */
export type ReadText = (path: string) => string | undefined;

/** The image that is wanted. */
export interface Target {
  /** The kernel's version, always said: `uname -r` is the helper's. */
  kernel: string;
  /** Absolute in the guest. */
  path: string;
  /** Modules that it must have, in this kernel's spelling. */
  modules: string[];
  /** `GuestFacts.initramfsToolKnows` */
  knows: string[];
}

/** How the image is made: see `InitramfsPlan`. */
export interface Build {
  command: string[];
  output?: string;
}

export interface Generator {
  /** Its script, by the places where distributions have it. */
  program: string;
  /** Words that not every version knows, and for which its script is searched. */
  words: string[];
  /** Makes an image whose root is on LVM although the volume group is not active here. */
  findsLvm: boolean;
  build(target: Target): Build;
  /** The generator's own configuration, so that an image made by a later kernel update has the modules too. */
  configure(modules: string[], read: ReadText, knows: string[]): FileEdit[];
}

export type InitramfsTool = NonNullable<GuestFacts["initramfsTool"]>;

/** Beside the image that it is to replace, so that one is there whatever happens. */
export function besideOf(path: string): string {
  return `${path}.pv-to-hvm`;
}
