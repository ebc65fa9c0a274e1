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

/** Paths of the package's files, sorted. */
export function packedFiles(): string[] {
  const said = npm(["pack", "--dry-run", "--json"], ROOT);
  const [{ files }] = JSON.parse(said) as [{ files: { path: string }[] }];
  return files.map(({ path }) => path).sort();
}

/**
 * Unpacks the package, built before, beside links to what it depends on: the checkout's own, as its lock file has them. The
 * development's tools are among them, but nothing of the checkout's sources.
 */
export function installPackage(): Installed {
  if (!existsSync(join(ROOT, "dist", "provider"))) throw new Error("dist/provider is needed: npm run build");
  const folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-package-"));
  const modules = join(folder, "node_modules");
  const target = join(modules, "pv-to-hvm");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  for (const name of readdirSync(join(ROOT, "node_modules"))) {
    if (!name.startsWith(".")) symlinkSync(join(ROOT, "node_modules", name), join(modules, name));
  }
  const archive = npm(["pack", "--pack-destination", folder], ROOT).trim().split("\n").pop() ?? "";
  mkdirSync(target);
  execFileSync("tar", ["-xzf", join(folder, archive), "-C", target, "--strip-components=1"]);
  symlinkSync(join("..", "pv-to-hvm", "dist", "bin.cjs"), join(modules, ".bin", "pv-to-hvm"));
  writeFileSync(join(folder, "package.json"), '{ "name": "program", "private": true }\n');
  return { folder, package: target, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Without scripts: `prepare` would build anew what other tests are using. */
function npm(words: string[], cwd: string): string {
  const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
  return execFileSync("npm", [...words, "--ignore-scripts"], { cwd, encoding: "utf8", stdio });
}
