/** Files of a local cloud that hold keys and user data: nobody but their owner, and root, may read them. */
import { chmodSync, mkdirSync, statSync, writeFileSync } from "node:fs";

/** The mode of a file with a secret in it. */
export const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Makes a folder that its owner alone can enter; one that an earlier version left open to others is closed. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  const { mode, uid } = statSync(folder);
  const isOurs = [0, uid].includes(process.getuid?.() ?? uid);
  if ((mode & 0o077) !== 0 && isOurs) chmodSync(folder, PRIVATE_FOLDER);
}

/** Writes a file that its owner alone can read, whoever could before. */
export function writePrivateFile(file: string, text: string): void {
  writeFileSync(file, text, { mode: PRIVATE_FILE });
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, PRIVATE_FILE);
}
