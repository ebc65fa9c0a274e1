import * as fs from "node:fs";
import * as os from "node:os";

/** What a guest and its copies take, with the room that a preparation asks for before it begins: MiB. */
const NEEDED_MB = 2048;

/** Where guests are made: in memory where there is room, since package managers wait for the disk at every step. */
export function folderInMemory(): string {
  const shared = "/dev/shm";
  if (!fs.existsSync(shared)) return os.tmpdir();
  const { bavail, bsize } = fs.statfsSync(shared);
  return (bavail * bsize) / 2 ** 20 >= NEEDED_MB ? shared : os.tmpdir();
}
