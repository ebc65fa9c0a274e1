/** A user's project: the packed package, installed by npm beside the versions that the user has. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packedArchive, ROOT } from "../installed";
import type { Versions } from "./ends";

/** The program, which runs inline and by Pulumi's own starter alike. */
const PROGRAM = `const { PvToHvmMigration } = require("pv-to-hvm");
module.exports = (args) => {
  const { plan, imageId } = new PvToHvmMigration("web", args);
  return { plan, imageId };
};
`;
const FILES: Record<string, string> = {
  "Pulumi.yaml": "name: embedding\nruntime: nodejs\n",
  "program.cjs": PROGRAM,
  "index.js": 'module.exports = require("./program.cjs")(JSON.parse(process.env.MIGRATION));\n',
};

/**
 * Installs it into `.cache/embedding/NAME`, which is kept: what is the same as the last time is not installed again.
 * Without scripts: that of @pulumi/command only downloads a plugin.
 */
export function userProject(name: string, versions: Versions): string {
  const folder = join(ROOT, ".cache", "embedding", name);
  const archive = digestNamed(folder);
  const manifest = { name: "program", private: true, main: "index.js", dependencies: versions };
  install(folder, JSON.stringify(manifest), []);
  install(folder, undefined, [archive]);
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
  return folder;
}

/** npm takes an archive of another name for another package, and installs it even where the version is the same. */
function digestNamed(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const packed = packedArchive();
  const digest = createHash("sha256").update(readFileSync(packed)).digest("hex").slice(0, 12);
  const name = `pv-to-hvm-${digest}.tgz`;
  copyFileSync(packed, join(folder, name));
  return name;
}

function install(folder: string, manifest: string | undefined, packages: string[]): void {
  const stamp = join(folder, packages.length === 0 ? ".installed-peers" : ".installed-package");
  const wanted = manifest ?? packages.join(" ");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  if (manifest !== undefined) {
    for (const file of ["node_modules", "package-lock.json", ".installed-package"])
      rmSync(join(folder, file), { recursive: true, force: true });
    writeFileSync(join(folder, "package.json"), manifest);
  }
  const words = [
    "install",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    "--loglevel=error",
  ];
  execFileSync("npm", [...words, ...packages.map((each) => `./${each}`)], { cwd: folder, stdio: "pipe" });
  writeFileSync(stamp, wanted);
}

/** Where each of the packages lies, below the project's folder: `node_modules/NAME`, and more where it is there twice. */
export function copiesIn(folder: string, peers: string[]): string[] {
  const { packages } = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as {
    packages: Record<string, object>;
  };
  return Object.keys(packages).filter((path) => peers.some((peer) => path.endsWith(`node_modules/${peer}`)));
}
