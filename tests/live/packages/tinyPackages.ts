/** A package that a test makes: what it is called, what it brings, and what its script does once that is in place. */
export interface TinyPackage {
  name: string;
  version: string;
  /** Puts the files that it brings below a folder. */
  fill?: (folder: string) => void;
  /** What runs in the guest behind the installation, by /bin/sh. */
  script?: string;
  /** What it needs, in the package manager's own words. */
  needs?: string[];
  /** What it is besides its name. */
  gives?: string[];
}
