import * as fs from "node:fs/promises";
import { run } from "../../converter/run";
import type { FilesystemRecipe } from "./recipe";

/** Makes a raw, sparse image file that is one ext4 filesystem with the tree's files in it, and checks it. */
export async function writeFilesystemImage(recipe: FilesystemRecipe, tree: string, file: string) {
  await fs.writeFile(file, "");
  await fs.truncate(file, recipe.sizeBytes);
  await run(mke2fsCommand(recipe, tree, file), { purpose: `making the filesystem ${recipe.label}` });
  // mke2fs -d reports success over files that it could not read.
  await run(["e2fsck", "-fn", file], { purpose: `checking the filesystem ${recipe.label}` });
}

/** mke2fs's whole command line. */
export function mke2fsCommand({ label, features }: FilesystemRecipe, tree: string, file: string): string[] {
  const asked = features.length ? ["-O", features.join(",")] : [];
  return ["mke2fs", "-q", "-F", "-t", "ext4", ...asked, "-L", label, "-m", "1", "-d", tree, file];
}
