/** Files that the user names for what comes out: the plan, the console of a rehearsal. */
import * as fs from "node:fs";
import * as path from "node:path";
import { FailedError, UsageError } from "./errors";

/**
 * Looks, before any work is done, whether a result can be written there; what the file holds stays until then. `disks`:
 * the source and the destination by their names, which a result must not be written to. Throws
 * `UsageError` for a name that can be no file, `FailedError` where writing is not possible.
 */
export function checkWritable(flag: string, file: string, disks: (string | undefined)[]): void {
  const folder = path.dirname(file);
  const around = statOf(folder);
  if (around === undefined)
    throw new UsageError(
      `${flag} ${file}: the folder ${folder} does not exist. Make it (mkdir -p), or name another file.`,
    );
  if (!around.isDirectory())
    throw new UsageError(`${flag} ${file}: ${folder} is not a folder. Name a file in one that is there.`);
  const before = statOf(file);
  if (before?.isDirectory())
    throw new UsageError(
      `${flag} ${file}: is a folder. Name a file in it, such as ${path.join(file, SUGGESTED[flag] ?? "result")}.`,
    );
  if (before !== undefined && !before.isFile() && !before.isCharacterDevice() && !before.isFIFO())
    throw new UsageError(`${flag} ${file}: is no regular file. Name another one.`);
  if (before && disks.some((disk) => disk !== undefined && isSame(before, statOf(disk))))
    throw new UsageError(`${flag} ${file}: is one of the disks themselves. Name another file.`);
  tryToOpen(flag, file, before);
}

const SUGGESTED: Record<string, string> = { "--plan": "plan.json", "--console": "console.txt" };

function isSame(one: fs.Stats, other?: fs.Stats): boolean {
  return one.dev === other?.dev && one.ino === other.ino;
}

function tryToOpen(flag: string, file: string, before?: fs.Stats): void {
  // Opening a pipe waits for its reader.
  if (before?.isFIFO()) return;
  try {
    fs.closeSync(fs.openSync(file, "a"));
    // A link to nowhere stays: what it leads to was made.
    if (before === undefined) fs.unlinkSync(fs.realpathSync(file));
  } catch (error) {
    throw notWritten(flag, file, error as Error);
  }
}

/**
 * Writes a result, which its owner alone may read where it is a new file: a plan has lines of the guest's files as they are, with
 * the passwords in them, since a conversion is held against it. Throws a `FailedError` that names the flag where that fails.
 */
export async function writeFile(flag: string, file: string, text: string): Promise<void> {
  await fs.promises.writeFile(file, text, { mode: 0o600 }).catch((error: Error) => {
    throw notWritten(flag, file, error);
  });
}

function notWritten(flag: string, file: string, error: Error): FailedError {
  return new FailedError(
    `${flag} ${file}: cannot be written (${error.message}). Name a file in a folder with room that you may write to, and run the same command again.`,
  );
}

function statOf(file: string): fs.Stats | undefined {
  try {
    return fs.statSync(file, { throwIfNoEntry: false });
  } catch {
    // ENOTDIR: what is before the last slash is no folder, which is said of that.
    return undefined;
  }
}
