/** What a running machine has just written when its image is taken: synced, and in the journal alone. */
import * as fs from "node:fs";
import * as path from "node:path";

const FOLDERS = 20;
const FILES_IN_EACH = 50;

/** Writes a thousand files and syncs each. The filesystem stays mounted. */
export function writeMeanwhile(root: string): void {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const name = path.join(root, "srv/data", String(folder));
    fs.mkdirSync(name, { recursive: true });
    for (let file = 0; file < FILES_IN_EACH; file += 1) {
      const handle = fs.openSync(path.join(name, String(file)), "w");
      fs.writeSync(handle, `file ${folder}/${file} `.repeat(1 + 97 * file));
      fs.fsyncSync(handle);
      fs.closeSync(handle);
    }
  }
}
