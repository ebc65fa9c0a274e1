import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Problem } from "../checks/problems";

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
  const parent = dirname(start);
  const isRoot = existsSync(join(start, "package.json")) || parent === start;
  return isRoot ? join(start, "dist", "pv-to-hvm.cjs") : bundlePath(parent);
}

/** Reads the converter. Throws where it is not built: `checkBundle` says so first. */
export function readBundle(path: string = bundlePath()): ConverterBundle {
  return { path, digest: createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16) };
}

/** A problem where the converter is not built. */
export function checkBundle(path: string = bundlePath()): Problem[] {
  if (existsSync(path)) return [];
  return [{ path: "converter", reason: `${path} does not exist`, fix: "Build it: npm run build." }];
}
