/**
 * The command `pv-to-hvm`: the programs beside this one. `sweep`, `preflight`, `preview-report` and `report` run where Pulumi does; `prepare`, and
 * `inspect` of a folder, are the shell program for live sources; all else is the converter, which is copied to helpers as it
 * is.
 */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { runMain } from "node:module";
import path from "node:path";

const PROGRAMS = new Map([
  ["sweep", "with-ec2.cjs"],
  ["preflight", "with-ec2.cjs"],
  ["preview-report", "preview-report.cjs"],
  ["report", "report.cjs"],
]);

/** Whether the words are for a guest that runs, or lies in a folder, and not for a disk. */
function isForLiveSource([command, ...words]: string[]): boolean {
  const named = words.filter(
    (word, index) => !word.startsWith("-") && !TAKES_WORD.includes(words[index - 1]),
  );
  return command === "prepare" || (command === "inspect" && named.some(isFolder));
}

/** Options of `inspect` whose next word is no disk and no folder. */
const TAKES_WORD = ["--plan", "--for", "--layout", "--expect"];

function isFolder(word: string): boolean {
  try {
    return statSync(word, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch {
    // A name that is too long, or goes through a file: the program for disks says so.
    return false;
  }
}

function runLiveProgram(words: string[]): never {
  const program = path.join(__dirname, "pv-to-hvm.sh");
  process.exit(spawnSync("sh", [program, ...words], { stdio: "inherit" }).status ?? 1);
}

const words = process.argv.slice(2);
if (isForLiveSource(words)) runLiveProgram(words);
process.argv[1] = path.join(__dirname, PROGRAMS.get(words[0]) ?? "pv-to-hvm.cjs");
runMain();
