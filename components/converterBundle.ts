import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The converter as one file, and what the helper's copy is known by. */
export interface ConverterBundle {
  path: string;
  /** The first 16 hexadecimal digits of the file's SHA-256: what `--expect` is given. */
  digest: string;
}

/**
 * Path of the converter that belongs to this package: `dist/pv-to-hvm.cjs` below the nearest folder upwards that has a
 * package.json. The package runs as TypeScript from `components/` and as JavaScript from `dist/components/` alike.
 */
export function bundlePath(start: string = __dirname): string {
  return builtFile("pv-to-hvm.cjs", start);
}

/** Path of a file of `dist/`, looked for as the converter is. */
function builtFile(name: string, start: string = __dirname): string {
  const parent = dirname(start);
  const isRoot = existsSync(join(start, "package.json")) || parent === start;
  return isRoot ? join(start, "dist", name) : builtFile(name, parent);
}

/** Reads the converter. Throws if it is not built: `checkEverything` says so first. */
export function readBundle(path: string = bundlePath()): ConverterBundle {
  const { mtimeMs, size } = statSync(path);
  const version = `${path} ${mtimeMs} ${size}`;
  const known = bundles.get(version);
  if (known) return known;
  const digest = createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16);
  const bundle = { path, digest };
  bundles.set(version, bundle);
  return bundle;
}

/** Each is read once, and not once for each migration. */
const bundles = new Map<string, ConverterBundle>();

/** Path of the program that runs on a live source. */
export function liveProgramPath(): string {
  return builtFile("pv-to-hvm.sh");
}
