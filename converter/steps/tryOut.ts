/** Tries a plan's changes on throw-away overlays of the source, to find obstacles before anything is written. */
import * as fs from "node:fs";
import { FailedError, ObstacleError } from "../errors";
import { replaysHere } from "../disk/filesystem/overlay";
import { applyEdits } from "../guest/apply";
import { withoutProtection } from "../guest/attributes";
import { listChangedFiles } from "../guest/backup";
import { withMounts } from "../guest/mounts";
import type { GuestTree } from "../guest/tree";
import { NoSpaceError } from "../freeSpace";
import type { Runner } from "../run";
import type { Advice, Facts, MountFacts, Plan } from "../types";
import type { Context } from "./context";

/** The result of the trial. */
export interface Trial {
  refusals: Advice[];
  warnings: Advice[];
}

/**
 * Mounts the guest's filesystems writable, as the copy's will be, and makes the plan's changes there. Nothing is written to
 * the disk. If this machine cannot make overlays, warns that the changes were not tried.
 */
export async function tryOut(
  { source, mounts }: Facts,
  plan: Plan,
  { runner, check = true }: Pick<Context, "runner" | "check">,
): Promise<Trial> {
  if (!(await replaysHere(runner))) return { refusals: [], warnings: [NOT_TRIED] };
  try {
    const disk = { path: source.path, parts: source.parts, readOnly: false, throwAway: true };
    await withMounts(disk, check ? mounts : mounts.map(unchecked), runner, async (tree) => {
      for (const { point } of mounts) fs.accessSync(tree.hostPath(point), fs.constants.W_OK);
      // The conversion grows the filesystem before it makes the changes; here it was not grown.
      if (!plan.options.grow) await change(tree, plan, runner);
    });
    return { refusals: [], warnings: [] };
  } catch (error) {
    // Too little free space on this machine says nothing about the guest: it is an error as any other.
    if (error instanceof NoSpaceError) throw error;
    return { refusals: [refusalFor(error as Error)], warnings: [] };
  }
}

/** A mount without the check that mends the copy. A journal needs no check: the kernel replays it when it mounts. */
function unchecked(mount: MountFacts): MountFacts {
  const { filesystem } = mount;
  return filesystem.health === "recovers"
    ? { ...mount, filesystem: { ...filesystem, health: "clean" } }
    : mount;
}

const NOT_TRIED: Advice = {
  subject: "helper",
  found:
    "it can make no overlay, so that it was not tried whether its kernel writes to the guest's filesystems.",
  advice:
    "Install qemu-utils and qemu-system-common, and give it /dev/fuse, to know before anything is written.",
};

function change(tree: GuestTree, plan: Plan, runner: Runner): Promise<void> {
  const paths = plan.edits.map(({ path }) => path);
  return withoutProtection(tree, paths, runner, async () => {
    applyEdits(tree, plan);
    listChangedFiles(tree, plan.edits);
    await Promise.resolve();
  });
}

function refusalFor(error: Error): Advice {
  if (error instanceof ObstacleError) return error.reason;
  const said = error.message.split("\n")[0].replace(/\.$/, "");
  return {
    subject: "guest",
    found: `its files could not be changed when it was tried on a throw-away overlay: ${said}.`,
    advice:
      error instanceof FailedError || !isFull(error)
        ? "Mend that in the source, and inspect again. Where nothing is wrong with it there, report this."
        : "Remove files on that filesystem in the source, and inspect again.",
  };
}

function isFull({ code }: NodeJS.ErrnoException): boolean {
  return code === "ENOSPC" || code === "EDQUOT";
}
