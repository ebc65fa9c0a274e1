/** This machine's own programs, put into a guest so that something can run there. */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Copies programs and the libraries that `ldd` names below `root`, each to where it lies here. */
export function copyPrograms(root: string, programs: string[]): void {
  for (const file of new Set([...programs, ...programs.flatMap(librariesOf)])) {
    fs.mkdirSync(path.dirname(root + file), { recursive: true });
    fs.copyFileSync(fs.realpathSync(file), root + file);
  }
}

/** None for a program that is linked statically, as that of Debian's busybox-static is: `ldd` fails for it. */
function librariesOf(program: string): string[] {
  const env = { ...process.env, LC_ALL: "C" };
  const { status, stdout, stderr } = spawnSync("ldd", [program], { encoding: "utf8", env });
  if (status === 0) return stdout.match(/\/\S+/g) ?? [];
  if (/not a dynamic executable/.test(stdout + stderr)) return [];
  throw new Error(`ldd ${program}: ended with status ${status}: ${stdout}${stderr}`);
}
