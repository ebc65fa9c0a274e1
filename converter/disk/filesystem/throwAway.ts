/**
 * A filesystem that can be written to while the disk that it lies on is only read: what is written lands on an overlay, and
 * goes with it. So it is seen whether this machine's kernel writes to it at all, and whether there is room for a change.
 */
import { FailedError } from "../../errors";
import { type Runner, dyingWithThisProgram } from "../../run";
import type { FilesystemFacts } from "../../types";
import { withLoop } from "../loop";
import { withMountFolder } from "../mount";
import { withOverlay } from "./overlay";
import { withExported } from "./storageDaemon";

/** As for the copy's check. Seconds. */
const MENDING_TIMEOUT = 4 * 3600;

/** Shows the filesystem on a device as another one, mended as its copy will be, that may be written to while `work` runs. */
export function withThrowAway<T>(
  device: string,
  { type, health }: Pick<FilesystemFacts, "type" | "health">,
  runner: Runner,
  work: (device: string) => Promise<T>,
): Promise<T> {
  return withMountFolder((folder) =>
    withOverlay(device, folder, runner, (overlay) =>
      withExported({ ...overlay, folder, writable: true }, runner, async (file) => {
        // XFS replays its log when it is mounted.
        if (type !== "xfs" && health !== "clean") await mend(file, runner);
        return withLoop({ path: file, readOnly: false }, runner, work);
      }),
    ),
  );
}

async function mend(file: string, runner: Runner): Promise<void> {
  const { exitCode, stdout, stderr } = await runner(dyingWithThisProgram(["e2fsck", "-fp", file]), {
    purpose: "mending the filesystem on an overlay",
    timeoutSeconds: MENDING_TIMEOUT,
    accept: [0, 1, 4, 8, 12],
  });
  if (exitCode <= 1) return;
  const said = (stdout + stderr).trim().split("\n").slice(-3).join("; ");
  throw new FailedError(
    `overlay: e2fsck -fp does not mend the filesystem: ${said}. Mend a copy of the volume with e2fsck -fy, look at what was lost, and convert that.`,
  );
}
