/** A filesystem that the kernel of this machine does not mount: why, in its own words, and what would. */
import * as fs from "node:fs";
import * as os from "node:os";
import { basename } from "node:path";
import { ObstacleError } from "../errors";
import type { Runner } from "../run";
import type { Advice, FilesystemFacts } from "../types";

/** What mount(8) ends with when the kernel did not take the filesystem. */
export const MOUNT_FAILED = 32;

/** Why a device was not mounted. `said`: by mount, which knows less of it than the kernel's messages. */
export async function whyUnmountable(
  device: string,
  type: FilesystemFacts["type"],
  said: string,
  runner: Runner,
): Promise<ObstacleError> {
  // Containers may not read the kernel's messages, and some systems keep them from everyone.
  const { stdout } = await runner(["dmesg"], { purpose: "asking the kernel why", accept: [-1, 0, 1] });
  const kernel = linesAbout(kernelName(device), stdout);
  return new ObstacleError(describeUnmountable(type, kernel ?? mountsOwn(said), os.release()));
}

/** @param said what the kernel or mount(8) said @param release of the kernel */
export function describeUnmountable(type: FilesystemFacts["type"], said: string, release: string): Advice {
  const known = CAUSES.find(({ words }) => words.test(said));
  const found = `its kernel (${release}) does not mount the ${type} filesystem${known ? `: ${known.why}` : ""} (${said}).`;
  return { subject: "helper", found, advice: known?.advice ?? UNKNOWN };
}

const CAUSES: { words: RegExp; why: string; advice: string }[] = [
  {
    words: /V4 format|V4 filesystem/,
    why: "it is an XFS v4, and that kernel was built without CONFIG_XFS_SUPPORT_V4",
    advice: "Convert on a helper with an older kernel, e.g. that of Debian 12 (6.1), which mounts it.",
  },
  {
    words: /CONFIG_QUOTA/,
    why: "it keeps account of quotas, and that kernel was built without them, so that it would not write to it",
    advice:
      "Convert on a helper whose kernel has CONFIG_QUOTA and CONFIG_QFMT_V2 (Debian's and Ubuntu's have), or take the accounts away on a copy of the volume (tune2fs -O ^quota,^project), and convert that.",
  },
  {
    words: /unsupported (optional|incompatible) features|unknown (incompatible|incompat) features/i,
    why: "it has features that are newer than that kernel",
    advice: "Convert on a helper with a newer kernel.",
  },
  {
    words: /unknown filesystem type/,
    why: "there is no driver for it",
    advice:
      "Load the module (modprobe), or install the kernel package that has it, and run the command again.",
  },
  {
    words: /block ?size.*(page|support)|bad block size|page size/i,
    why: "its blocks are larger than that kernel's pages",
    advice: "Copy the files to a filesystem with blocks of 4 KiB, and convert that.",
  },
];
const UNKNOWN =
  "Look at the kernel's messages (dmesg). A damaged filesystem is mended on a copy of the volume (e2fsck, xfs_repair); then convert that.";

/** The kernel names a mapped device dm-N, whatever its link is called. */
function kernelName(device: string): string {
  return basename(fs.existsSync(device) ? fs.realpathSync(device) : device);
}

/** The last of the kernel's messages about a device's filesystem, without its time. */
function linesAbout(name: string, messages: string): string | undefined {
  const about = messages
    .split("\n")
    .map((line) => line.replace(/^\[[^\]]*\] */, ""))
    .filter((line) => /^(XFS|EXT\S*-fs)/i.test(line) && line.includes(`(${name})`));
  return about.at(-1)?.replace(/\.$/, "");
}

function mountsOwn(said: string): string {
  const [first = ""] = said.split("\n").filter((line) => line.startsWith("mount:"));
  return first.replace(/^mount: (\S+: )?/, "").replace(/\.$/, "");
}
