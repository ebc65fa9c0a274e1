/**
 * The command `pv-to-hvm`: the programs beside this one. `discover`, `sweep`, `preflight`, `preview-report` and `report` run where Pulumi does; `prepare`, and
 * `inspect` of a folder, are the shell program for live sources; `inspect` of a snapshot or an image reads it on EC2; all else is
 * the converter, which is copied to helpers as it is.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { runMain } from "node:module";
import path from "node:path";

const PROGRAMS = new Map([
  ["sweep", "with-ec2.cjs"],
  ["preflight", "with-ec2.cjs"],
  ["discover", "with-ec2.cjs"],
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

/** Whether the words are for a snapshot or an image, and not for a disk or a file that has such a name. */
function isOnEc2([command, ...words]: string[]): boolean {
  const named = words.filter((_word, index) => !TAKES_WORD.includes(words[index - 1]));
  return command === "inspect" && named.some((word) => /^(snap|ami)-/.test(word) && !existsSync(word));
}

/** Options of `inspect` whose next word is no disk and no folder. */
const TAKES_WORD = ["--plan", "--for", "--layout", "--expect", "--region", "--cache"];

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
const program = isOnEc2(words) ? "with-ec2.cjs" : PROGRAMS.get(words[0]);
process.argv[1] = path.join(__dirname, program ?? "pv-to-hvm.cjs");
runMain();
