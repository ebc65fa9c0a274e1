/** Things that take long to make: made once, below the cache, and anew when what they are made of changes. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder `NAME-DIGEST` of these ingredients, filled by `make` where it is not there yet. Under another name until it is
 * whole; older ones of the name are left to whoever may be using them.
 */
export async function made(
  cache: string,
  name: string,
  ingredients: (string | Buffer)[],
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash("sha256");
  ingredients.forEach((each) => digest.update(each).update("\0"));
  const folder = join(cache, `${name}-${digest.digest("hex").slice(0, 12)}`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true });
  await make(unfinished);
  renameSync(unfinished, folder);
  return folder;
}

export function contentsOf(...files: string[]): Buffer[] {
  return files.map((file) => readFileSync(file));
}
