/** Guests made of a few files in a folder of the test's own. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { findBootFile } from "../../../converter/guest/menu/bootFile";
import type { MountedGuest } from "../../../converter/guest/mounts";
import { GuestTree } from "../../../converter/guest/tree";

/** What lies at a path: a text or bytes, or a link. */
export type PhonyFile = string | Buffer | { link: string };

const folders: string[] = [];

/** A guest with these files, by their absolute paths inside. */
export function phonyGuest(files: Record<string, PhonyFile> = {}): GuestTree {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "phony-guest-"));
  folders.push(root);
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    if (typeof content === "string" || Buffer.isBuffer(content)) fs.writeFileSync(file, content);
    else fs.symlinkSync(content.link, file);
  }
  return new GuestTree(root);
}

/** Removes every phony guest: for `after`. */
export function removePhonyGuests(): void {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}

/** As a guest on a bare disk is handed on, its boot file where PV-GRUB would find it. */
export function bareGuest(tree: GuestTree): Pick<MountedGuest, "tree" | "bootFile"> {
  const found = findBootFile([{ part: 0, tree }]);
  return { tree, ...(found ? { bootFile: { ...found, prefix: "" } } : {}) };
}
