/** A file that goes into an image: owned by root. */
export interface ImageFile {
  /** Absolute, inside the image. */
  path: string;
  text: string;
  /** Default 0o644. */
  mode?: number;
}

/** Debian packages in a folder of the image, with all that they need and the image lacks. */
export interface RepositoryRecipe {
  /** Absolute, inside the image. */
  folder: string;
  packages: string[];
}

/** What a Debian tree is made of, wholly decided. */
export interface TreeRecipe {
  /** Debian's codename, e.g. `bookworm`. */
  suite: string;
  /** Debian's name of another architecture, e.g. `i386`. Default: the host's. */
  architecture?: string;
  packages: string[];
  /** dpkg's `path-exclude` patterns: what is never unpacked. A `*` matches slashes too. */
  exclude: string[];
  /** Files that must lie there before the packages are configured. */
  filesBefore: ImageFile[];
  /** Packages that it does not have and can install by itself: a repository inside, for a guest without a way out. */
  repository?: RepositoryRecipe;
  /** Environment of the packages' own scripts, beside the usual. */
  environment?: Record<string, string>;
}

/** A filesystem straight on the disk, without a partition table. */
export interface FilesystemRecipe {
  label: string;
  sizeBytes: number;
  /** As for mke2fs -O, e.g. `^64bit`; empty: mke2fs's own. */
  features: string[];
}

export interface BuildOptions {
  /** The cache folder; images lie in its `images/`. */
  cache: string;
  /** Called with each line of progress. */
  log: (line: string) => void;
}

/** What no machine of the local cloud reads. A third of a Debian tree, and dpkg's unpacking with it. */
export const DOCUMENTATION = ["man", "doc", "locale", "info"].map((folder) => `/usr/share/${folder}/*`);
