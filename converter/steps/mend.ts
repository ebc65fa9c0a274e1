/** Checks the copy's filesystems, mends what needs no decision, and grows the root if that was asked for. */
import { withMounted, withMountFolder } from "../disk/mount";
import { readDisk } from "../disk/parts";
import { withMappedDevice } from "../disk/extents";
import { filesystemsOf, extentsOfFilesystem, type UnmountedFilesystem } from "../guest/mounts";
import { dyingWithThisProgram } from "../run";
import type { FilesystemFacts, PartFacts } from "../types";
import type { ConversionContext } from "./context";
import { withCopy } from "./copyOf";

/** A check of terabytes takes hours. Seconds. */
const CHECK_TIMEOUT = 4 * 3600;

/** Mends every filesystem on the destination. Grows the root to the end of its partition if that was asked for. */
export async function mendCopy(context: ConversionContext): Promise<void> {
  const { destination, options, runner, log } = context;
  log("checking the copy's filesystems");
  const { parts } = await readDisk(destination.path, destination.sizeBytes, runner);
  for (const one of filesystemsOf(parts)) {
    await withDevice(context, parts, one, (device) => mend(device, one.filesystem, context));
  }
  if (!options.grow) return;
  const root = await withCopy(context, true, ({ mounts }) => Promise.resolve(mounts[0]));
  if (root.logicalVolume !== undefined) return;
  log("growing the root filesystem to its partition's size");
  await withDevice(context, parts, root, (device) => grow(device, root.filesystem, context));
}

function withDevice(
  { destination, runner }: ConversionContext,
  parts: PartFacts[],
  one: UnmountedFilesystem,
  work: (device: string) => Promise<void>,
): Promise<void> {
  return withMappedDevice(extentsOfFilesystem({ path: destination.path, parts }, one), false, runner, work);
}

/** Preening replays the journal and mends what needs no decision. Anything more stops the conversion. */
async function mend(
  device: string,
  { type, needsRecovery }: FilesystemFacts,
  { runner }: ConversionContext,
): Promise<void> {
  if (type === "xfs") {
    // XFS replays its log when it is mounted, and has nothing that mends more without being asked.
    if (needsRecovery) await withXfs(device, runner, () => Promise.resolve());
    return;
  }
  await runner(dyingWithThisProgram(["e2fsck", "-fp", device]), {
    purpose: "checking the copy's filesystem",
    timeoutSeconds: CHECK_TIMEOUT,
    accept: [0, 1],
  });
}

async function grow(device: string, { type }: FilesystemFacts, { runner }: ConversionContext): Promise<void> {
  const options = { purpose: "growing the filesystem", timeoutSeconds: CHECK_TIMEOUT };
  if (type === "xfs") {
    await withXfs(device, runner, async (folder) => {
      await runner(["xfs_growfs", folder], options);
    });
  } else {
    await runner(dyingWithThisProgram(["resize2fs", device]), options);
  }
}

function withXfs(
  device: string,
  runner: ConversionContext["runner"],
  work: (folder: string) => Promise<void>,
): Promise<void> {
  return withMountFolder((folder) =>
    withMounted({ device, type: "xfs", readOnly: false }, folder, runner, () => work(folder)),
  );
}
