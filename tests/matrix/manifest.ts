/** Every file of a guest in a line, to be compared with what the conversion made of it. */
import { sh } from "./shell";

/** Path in the guest → kind, mode, owner, size or link's target, and the digest of what is in it. */
export type Manifest = Map<string, string>;

/** Reads a guest's whole tree, mounted below `root`. */
export function manifestOf(root: string): Manifest {
  const listing = sh("find", root, "-printf", "%P\\t%y %m %U:%G %l\\n");
  const lines = listing.split("\n").filter(Boolean);
  const kinds = new Map(lines.map((line) => line.split("\t") as [string, string]));
  const sums = sh("sh", "-c", 'cd "$1" && find . -type f -print0 | xargs -0 -r sha256sum', "sh", root);
  for (const line of sums.split("\n").filter(Boolean)) {
    const name = line.slice(line.indexOf("./") + 2);
    kinds.set(name, `${kinds.get(name)} ${line.slice(0, 64)}`);
  }
  return new Map([...kinds].map(([name, rest]) => [`/${name}`, rest]));
}

/** Paths that are not the same in both: gone, new, or other than before. */
export function differences(before: Manifest, after: Manifest): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((name) => before.get(name) !== after.get(name)).sort();
}
