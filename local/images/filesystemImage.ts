import * as fs from "node:fs/promises";
import { run } from "../../converter/run";
import type { FilesystemRecipe } from "./recipe";

/**
 * Makes a raw, sparse image file with one ext4 filesystem that holds the tree's files, and checks it.
 * @param offset bytes of the file before it, for a partition table. Default 0.
 */
export async function writeFilesystemImage(recipe: FilesystemRecipe, tree: string, file: string, offset = 0) {
  await fs.writeFile(file, "");
  await fs.truncate(file, offset + recipe.sizeBytes);
  await run(mke2fsCommand(recipe, tree, file, offset), { purpose: `making the filesystem ${recipe.label}` });
  // mke2fs -d reports success over files that it could not read.
  const place = offset === 0 ? file : `${file}?offset=${offset}`;
  await run(["e2fsck", "-fn", place], { purpose: `checking the filesystem ${recipe.label}` });
}

/** mke2fs's whole command line. */
export function mke2fsCommand(recipe: FilesystemRecipe, tree: string, file: string, offset = 0): string[] {
  const { label, features, sizeBytes } = recipe;
  const asked = features.length ? ["-O", features.join(",")] : [];
  const place = offset === 0 ? [] : ["-E", `offset=${offset}`];
  const size = offset === 0 ? [] : [`${sizeBytes / 1024}k`];
  return [
    "mke2fs",
    "-q",
    "-F",
    "-t",
    "ext4",
    ...asked,
    ...place,
    "-L",
    label,
    "-m",
    "1",
    "-d",
    tree,
    file,
    ...size,
  ];
}
