/** A Debian repository in one folder, of the flat kind that sources.list(5) names: packages and their index. */
import { createHash } from "node:crypto";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { run } from "../../converter/run";

/** The line of sources.list(5) for it. It is not signed: whoever can write to the folder is root already. */
export function repositorySource(folder: string): string {
  return `deb [trusted=yes] file:${folder} ./\n`;
}

/**
 * Writes the index of the packages in a folder, `Packages`, and `Release`, without which apt looks for the index under
 * every name that it might have.
 * @param folder where it lies on this machine.
 */
export async function indexRepository(folder: string): Promise<void> {
  const packages = (await fs.readdir(folder)).filter((name) => name.endsWith(".deb")).sort();
  const stanzas = await Promise.all(packages.map((name) => describePackage(path.join(folder, name))));
  const index = stanzas.join("\n");
  await fs.writeFile(path.join(folder, "Packages"), index);
  await fs.writeFile(path.join(folder, "Release"), release(index));
}

function release(index: string): string {
  return `Suite: local\nSHA256:\n ${sha256(index)} ${Buffer.byteLength(index)} Packages\n`;
}

async function describePackage(file: string): Promise<string> {
  const { stdout } = await run(["dpkg-deb", "--field", file], { purpose: `reading ${path.basename(file)}` });
  return indexStanza(stdout, path.basename(file), await fs.readFile(file));
}

/** A package's own fields, and where its file is found. */
export function indexStanza(fields: string, name: string, content: Buffer): string {
  return `${fields.trimEnd()}\nFilename: ./${name}\nSize: ${content.length}\nSHA256: ${sha256(content)}\n`;
}

function sha256(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}
