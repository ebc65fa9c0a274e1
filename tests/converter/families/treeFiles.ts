/** Folders of texts that are guests before and after: links are links. */
import * as fs from "node:fs";
import * as path from "node:path";

/** A text, or where a link points to. */
export type TextFile = string | { link: string };

/** Every file below a folder, by its path in the guest. Latin-1, so that each byte has a character. */
export function readTexts(folder: string, below = ""): Record<string, TextFile> {
  const files: Record<string, TextFile> = {};
  for (const entry of fs.readdirSync(folder + below, { withFileTypes: true })) {
    const name = `${below}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(files, readTexts(folder, name));
    else files[name] = readText(folder + name);
  }
  return files;
}

/** One file or link of this machine. */
export function readText(file: string): TextFile {
  return fs.lstatSync(file).isSymbolicLink()
    ? { link: fs.readlinkSync(file) }
    : fs.readFileSync(file, "latin1");
}

/** Writes the texts below a folder. */
export function writeTexts(folder: string, files: Record<string, TextFile>): void {
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(folder + name), { recursive: true });
    if (typeof content === "string") fs.writeFileSync(folder + name, content, "latin1");
    else fs.symlinkSync(content.link, folder + name);
  }
}
