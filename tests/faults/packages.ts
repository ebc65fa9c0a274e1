/**
 * The package as its users install it, built anew for the scenarios, and a later version of it: everything that a later
 * version may decide otherwise is decided otherwise there.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync, transformSync } from "esbuild";
import { type Edit, LATER } from "./laterVersion";

const ROOT = join(__dirname, "..", "..");

/** Folders of packages, and the program that runs an operation of the engine (`runner.ts`). */
export interface Built {
  present: string;
  later: string;
  runner: string;
  /** Stands for all of `present`, and for the local cloud, whose records a published migration consists of too. */
  digest: string;
}

/** Builds everything into a folder, which is emptied before. */
export function buildPackages(folder: string): Built {
  rmSync(folder, { recursive: true, force: true });
  const [present, later] = ["present", "later"].map((name) => join(folder, name));
  const digest = `${buildPackage(present, [])}-${digestOfLocal()}`;
  buildPackage(later, LATER);
  const runner = join(folder, "runner.cjs");
  bundle(join(__dirname, "runner.ts"), runner, { packages: "external" });
  return { present, later, runner, digest };
}

function buildPackage(folder: string, edits: Edit[]): string {
  const components = join(folder, "dist", "components");
  mkdirSync(folder, { recursive: true });
  // The package's root is found by it, as it is where the package was installed.
  writeFileSync(join(folder, "package.json"), "{}\n");
  const digest = createHash("sha256");
  const files = readdirSync(join(ROOT, "components"), { recursive: true, encoding: "utf8" });
  for (const name of files.filter((file) => file.endsWith(".ts"))) {
    const source = edited(name, readFileSync(join(ROOT, "components", name), "utf8"), edits);
    const { code } = transformSync(source, { loader: "ts", format: "cjs", target: "node20" });
    const file = join(components, name.replace(/ts$/, "js"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    digest.update(code);
  }
  const converter = join(folder, "dist", "pv-to-hvm.cjs");
  bundle(join(ROOT, "converter", "main.ts"), converter);
  if (edits.length > 0) writeFileSync(converter, "\n// Another build of it.\n", { flag: "a" });
  return digest.update(readFileSync(converter)).digest("hex").slice(0, 12);
}

function digestOfLocal(): string {
  const digest = createHash("sha256");
  for (const name of readdirSync(join(ROOT, "local"), { recursive: true, encoding: "utf8" }).sort()) {
    if (name.endsWith(".ts")) digest.update(readFileSync(join(ROOT, "local", name)));
  }
  return digest.digest("hex").slice(0, 12);
}

/** @throws where an edit finds nothing to change: the later version would then not be another. */
function edited(name: string, source: string, edits: Edit[]): string {
  return edits
    .filter(({ file }) => file === name)
    .reduce((text, { file, find, put }) => {
      const changed = text.replace(find, put);
      if (changed === text) throw new Error(`laterVersion.ts: components/${file} has nothing like ${find}.`);
      return changed;
    }, source);
}

/** The converter carries what it needs: a helper has no node_modules. */
function bundle(entry: string, outfile: string, more: { packages?: "external" } = {}): void {
  const common = { platform: "node", format: "cjs", target: "node18", logLevel: "warning" } as const;
  const banner = { js: "#!/usr/bin/env node" };
  buildSync({ ...common, ...more, entryPoints: [entry], bundle: true, outfile, banner });
}
