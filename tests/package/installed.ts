/** The package as a user has it: packed by npm, and unpacked into the node_modules of a fresh program. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const ROOT = join(__dirname, "..", "..");

/** A program's folder. */
export interface Installed {
  folder: string;
  /** Where the package lies in it. */
  package: string;
  remove(): void;
}

/**
 * The package's archive as `npm run pack` makes it, of what was built before: packed once for all tests of a run, in a
 * folder that goes with the run.
 */
export function packedArchive(): string {
  if (archive !== undefined) return archive;
  if (!existsSync(join(ROOT, "dist", "provider"))) throw new Error("dist/provider is needed: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-archive-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const words = ["run", "--silent", "pack", "--", folder];
  archive = execFileSync("npm", words, { cwd: ROOT, encoding: "utf8" }).trim();
  return archive;
}

let archive: string | undefined;

/** Paths of the package's files, sorted. */
export function packedFiles(): string[] {
  const said = execFileSync("tar", ["-tzf", packedArchive()], { encoding: "utf8" });
  return said
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""))
    .sort();
}

/** One of its files. */
export function packedText(file: string): string {
  const words = ["-xzOf", packedArchive(), `package/${file}`];
  return execFileSync("tar", words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
}

/** All of its files together. */
export function packedBytes(): number {
  return execFileSync("tar", ["-xzOf", packedArchive()], { maxBuffer: 64 * 1024 * 1024 }).length;
}

/** The package's files, in a folder that is made for them. Nothing that it depends on. */
export function unpackPackage(folder: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("tar", ["-xzf", packedArchive(), "-C", folder, "--strip-components=1"]);
}

/**
 * Unpacks the package, built before, beside links to what it depends on: the checkout's own, as its lock file has them. The
 * development's tools are among them, but nothing of the checkout's sources.
 */
export function installPackage(): Installed {
  const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-package-"));
  const modules = join(folder, "node_modules");
  const target = join(modules, "pv-to-hvm");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  unpackPackage(target);
  symlinkSync(join("..", "pv-to-hvm", "dist", "bin.cjs"), join(modules, ".bin", "pv-to-hvm"));
  writeFileSync(join(folder, "package.json"), '{ "name": "program", "private": true }\n');
  return { folder, package: target, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
