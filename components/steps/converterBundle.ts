import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PvToHvmMigrationArgs } from "../args";
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
  return builtFile("pv-to-hvm.cjs", start);
}

/** Path of a file of `dist/`, looked for as the converter is. */
function builtFile(name: string, start: string = __dirname): string {
  const parent = dirname(start);
  const isRoot = existsSync(join(start, "package.json")) || parent === start;
  return isRoot ? join(start, "dist", name) : builtFile(name, parent);
}

/** Reads the converter. Throws where it is not built: `checkBundle` says so first. */
export function readBundle(path: string = bundlePath()): ConverterBundle {
  return { path, digest: createHash("sha256").update(readFileSync(path)).digest("hex").slice(0, 16) };
}

/** A problem where the converter is not built. */
export function checkBundle(path: string = bundlePath()): Problem[] {
  return checkBuilt("converter", path);
}

/** Path of the program that runs on a live source. */
export function liveProgramPath(): string {
  return builtFile("pv-to-hvm.sh");
}

/** A problem where that is needed and not built. */
export function checkLiveProgram({ source }: PvToHvmMigrationArgs, path = liveProgramPath()): Problem[] {
  return source?.connection ? checkBuilt("source.connection", path) : [];
}

function checkBuilt(path: string, file: string): Problem[] {
  if (existsSync(file)) return [];
  return [{ path, reason: `${file} does not exist`, fix: "Build it: npm run build." }];
}
