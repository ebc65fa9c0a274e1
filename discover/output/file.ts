/** The page as a file. */
import { constants } from "node:fs";
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { FailedError, UsageError } from "../../converter/errors";
import type { Fleet } from "../types";
import { formatPage } from "./page";

/** Throws `UsageError` if no page can be written there: before anything is asked. */
export async function checkPage(file: string): Promise<void> {
  try {
    const stat = await fs.stat(file).catch(() => undefined);
    if (stat?.isDirectory()) throw new Error("it is a folder");
    await fs.access(stat === undefined ? path.dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw new UsageError(
      `--html: ${file} cannot be written (${(error as Error).message}). Name a file in a folder that is there and that you may write to.`,
    );
  }
}

/** Throws `FailedError`. */
export async function writePage(file: string, fleet: Fleet): Promise<void> {
  try {
    // It names accounts and machines: others have no business with it.
    await fs.writeFile(file, formatPage(fleet), { mode: 0o600 });
  } catch (error) {
    throw new FailedError(
      `--html: ${file} could not be written (${(error as Error).message}). Give it a place with room, and run the same command again. All else is done.`,
    );
  }
}
