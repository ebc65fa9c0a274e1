/** The programs that make an initramfs, each behind the same few questions. */
import type { FileEdit, GuestFacts } from "../../../types";

/** A file's text, or `undefined` if there is no such file. */
export type ReadText = (path: string) => string | undefined;

/** The image that is wanted. */
export interface Target {
  /** The kernel's version, always said: `uname -r` is the helper's. */
  kernel: string;
  /** Absolute in the guest. */
  path: string;
  /** Modules that it must have, in this kernel's spelling: all of them, since some generators take no others. */
  modules: string[];
  /** `GuestFacts.initramfsToolKnows` */
  knows: string[];
  /** `GuestFacts.initramfsToolNames` */
  configured: string[];
  /** What the guest's fstab calls the root once it is edited: `UUID=…`, `LABEL=…`. Absent: it has no line for `/`. */
  rootName?: string;
}

/** How the image is made: see `InitramfsPlan`. */
export interface Build {
  command: string[];
  output?: string;
}

/** What of the guest's files a generator's configuration is planned from. */
export interface Configured {
  read: ReadText;
  /** `GuestFacts.files` */
  files: string[];
  /** `GuestFacts.initramfsToolKnows` */
  knows: string[];
}

export interface Generator {
  /** Its script, by the places where distributions have it. */
  program: string;
  /** What not every version can do, by the name that `knows` has for it, and what in the script shows that this one can. */
  words: Record<string, RegExp>;
  /** Makes an image whose root is on LVM although the volume group is not active here. */
  findsLvm: boolean;
  build(target: Target): Build;
  /** The generator's own configuration, so that an image made by a later kernel update has the modules too. */
  configure(modules: string[], guest: Configured): FileEdit[];
  /**
   * Takes out of the configuration what would leave one of the modules out of a later image although it is named, or would
   * make the image for the machine that it is made on. Absent: this generator has nothing of the kind.
   */
  lift?(modules: string[], guest: Configured): FileEdit[];
  /** Modules that the configuration names and that the option of the call would replace. Absent: the call adds to them. */
  configured?(guest: Pick<Configured, "read" | "files">): string[];
  /** Why this version cannot be called from here, as a clause; `undefined` if it can. */
  whyNot?(target: Pick<Target, "knows" | "rootName">): string | undefined;
  /** Why a later image would lack the modules although `configure` was asked, as a clause, and the way out. */
  whyNotKept?(guest: Configured): { path: string; found: string; advice: string } | undefined;
}

export type InitramfsTool = NonNullable<GuestFacts["initramfsTool"]>;

/** Beside the image that it is to replace, so that one is there whatever happens. */
export function besideOf(path: string): string {
  return `${path}.pv-to-hvm`;
}
