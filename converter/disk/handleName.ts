/** Which disk, and which byte of it, an open file is about: loop devices come and go, and their names say nothing. */
import * as fs from "node:fs";
import * as path from "node:path";

const SYS_BLOCK = "/sys/class/block";

/** What an open file leads to. A byte of a loop device is told as the byte of what it shows. */
export function placeBehind(fd: number, byte: number): { name: string; byte: number } {
  const name = pathOf(fd);
  const loop = path.join(SYS_BLOCK, path.basename(name), "loop");
  try {
    const shown = fs.readFileSync(path.join(loop, "backing_file"), "utf8").trim();
    return { name: shown, byte: byte + Number(fs.readFileSync(path.join(loop, "offset"), "utf8")) };
  } catch {
    return { name, byte };
  }
}

function pathOf(fd: number): string {
  try {
    return fs.readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return "disk";
  }
}
