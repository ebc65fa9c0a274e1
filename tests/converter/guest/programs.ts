/** This machine's own programs, put into a guest so that something can run there. */
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";

/** Copies programs and the libraries that `ldd` names below `root`, each to where it lies here. */
export function copyPrograms(root: string, programs: string[]): void {
  const libraries = programs.flatMap(
    (program) => execFileSync("ldd", [program], { encoding: "utf8" }).match(/\/\S+/g) ?? [],
  );
  for (const file of new Set([...programs, ...libraries])) {
    fs.mkdirSync(path.dirname(root + file), { recursive: true });
    fs.copyFileSync(fs.realpathSync(file), root + file);
  }
}
