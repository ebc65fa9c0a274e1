/** What speaks against a disk as a source. Each check reads, none writes. */
import { ObstacleError } from "../errors";
import { SOURCE_ADVICE } from "../disk/copy/diskErrors";
import { checkHealth } from "../disk/filesystem/health";
import { replaysHere, withReplayed } from "../disk/filesystem/overlay";
import { describeForeign } from "../disk/foreignFormat";
import { readDisk } from "../disk/parts";
import { withMappedDevice } from "../disk/extents";
import { describeUnsuitable } from "../disk/signature";
import { formatBytes } from "../disk/sizes";
import { usesOf } from "../disk/use";
import { filesystemsOf, extentsOfFilesystem, type UnmountedFilesystem } from "../guest/mounts";
import type { Runner } from "../run";
import type { Advice, DiskFacts, FilesystemFacts } from "../types";
import type { Context } from "./context";

export interface SourceFindings {
  /** Absent if the source's filesystem cannot be read at all. */
  facts?: DiskFacts;
  refusals: Advice[];
  warnings: Advice[];
}

/** Looks a source over, from the outside in: what cannot be told after a first finding is left out. */
export async function inspectSource({
  source,
  runner,
  log,
  check = true,
}: Pick<Context, "source" | "runner" | "log" | "check">): Promise<SourceFindings> {
  const subject = `source ${source.volumeId ?? source.path}`;
  const { path, volumeId, sizeBytes } = source;
  const disk: DiskFacts = { path, volumeId, sizeBytes, ...(await readDisk(path, sizeBytes, runner)) };
  const unreadable = await refuseUnreadable(disk);
  if (unreadable.length > 0) return { refusals: unreadable, warnings: [] };

  const writers = (await usesOf(source, runner)).filter((use) => use.writing);
  if (writers.length > 0) {
    const found = `is ${writers.map((use) => use.how).join(", ")}, so it may change while it is copied.`;
    return {
      refusals: [{ subject, found, advice: "Unmount or detach it, or name a snapshot's volume." }],
      warnings: [],
    };
  }
  if (check) log(`checking the filesystems of ${path} (${formatBytes(sizeBytes)})`);
  return checkFilesystems(disk, check, runner);
}

/** Why no guest can be on the source; empty if its parts can be read. */
export async function refuseUnreadable(disk: DiskFacts): Promise<Advice[]> {
  const { path, volumeId, sizeBytes, table, parts } = disk;
  const subject = `source ${volumeId ?? path}`;
  const [bare] = parts;
  const unsuitable = table === "none" && (bare ? describeUnsuitable(bare.content) : NOTHING);
  if (unsuitable) return [{ subject, ...((await describeForeign(path, sizeBytes)) ?? unsuitable) }];
  return filesystemsOf(parts).flatMap(({ part, logicalVolume, filesystem }) => {
    if (logicalVolume !== undefined) return [];
    const availableBytes = parts.find(({ number }) => number === part)?.sizeBytes ?? sizeBytes;
    const truncated = describeTruncation(filesystem.blockCount * filesystem.blockSizeBytes, availableBytes);
    return truncated
      ? [{ subject: part === 0 ? subject : `${subject}, partition ${part}`, ...truncated }]
      : [];
  });
}

const NOTHING = {
  found: "no filesystem and no partition is to be found on it.",
  advice: "Check that this is the root volume, and that it was made from the right snapshot.",
};

/** Checks every filesystem of the disk and enters in the facts what came of it. */
async function checkFilesystems(disk: DiskFacts, check: boolean, runner: Runner): Promise<SourceFindings> {
  const replays = await replaysHere(runner);
  const findings = [];
  for (const one of filesystemsOf(disk.parts))
    findings.push(await checkOne(disk, one, { replays, check }, runner));
  const refusals = findings.flatMap((finding) => finding.refusals);
  const warnings = findings.flatMap((finding) => finding.warnings);
  return refusals.length > 0 ? { refusals, warnings: [] } : { facts: disk, refusals, warnings };
}

async function checkOne(
  disk: DiskFacts,
  one: UnmountedFilesystem,
  { replays, check }: { replays: boolean; check: boolean },
  runner: Runner,
): Promise<Pick<SourceFindings, "refusals" | "warnings">> {
  const { part, logicalVolume, filesystem } = one;
  const name = logicalVolume ?? (part === 0 ? "" : `partition ${part}`);
  const subject = `source ${disk.volumeId ?? disk.path}${name === "" ? "" : `, ${name}`}`;
  const extents = extentsOfFilesystem(disk, one);
  const checked = await withMappedDevice(extents, true, runner, (device) =>
    filesystem.needsRecovery && replays
      ? withReplayed(device, filesystem, runner, (replayed) =>
          checkHealth(replayed.device, { ...filesystem, needsRecovery: false }, runner, { whole: check }),
        )
      : checkHealth(device, filesystem, runner, { whole: check }),
  ).catch(refusalOf);
  if (checked instanceof ObstacleError) return { refusals: [checked.reason], warnings: [] };
  const { health, said, unreadable, isOwnWord } = checked;
  if (unreadable !== undefined) {
    const found = `its ${filesystem.type} filesystem cannot be read, tried several times: ${unreadable}.`;
    return { refusals: [{ subject, found, advice: SOURCE_ADVICE }], warnings: [] };
  }
  if (!health) return { refusals: [{ subject, ...describeDamage(filesystem, said) }], warnings: [] };
  filesystem.health = filesystem.needsRecovery ? "recovers" : health;
  const unchecked = !check && isOwnWord ? [{ subject, ...UNCHECKED }] : [];
  return {
    refusals: [],
    warnings: [...warningsOf(subject, filesystem.health, said, replays), ...unchecked],
  };
}

const UNCHECKED = {
  found: "its filesystem was not gone through from end to end: it says itself that it is whole.",
  advice: "The conversion checks it, before anything is written.",
};

/** XFS replays its log only when it is mounted, and a kernel may not know this one. */
function refusalOf(error: unknown): ObstacleError {
  if (error instanceof ObstacleError) return error;
  throw error;
}

/** As e2fsck says it of a filesystem that is newer than itself. */
const UNSUPPORTED = /has unsupported feature\(s\): (.*)/;

function describeDamage({ type }: FilesystemFacts, said: string[]): Omit<Advice, "subject"> {
  const unsupported = said.flatMap((line) => UNSUPPORTED.exec(line)?.[1] ?? []);
  if (unsupported.length > 0) {
    return {
      found: `its ${type} filesystem has features that e2fsck of this machine does not know: ${unsupported[0]}.`,
      advice:
        "Convert on a helper with newer e2fsprogs, or take the features away in the source (tune2fs -O ^…).",
    };
  }
  const [beyond, how] =
    type === "xfs"
      ? ["and XFS mends nothing by itself", "xfs_repair"]
      : ["beyond what a preening e2fsck mends", "e2fsck -fy"];
  return {
    found: `its filesystem is damaged ${beyond}: ${said.join("; ")}.`,
    advice: `Mend a copy of the volume with ${how}, look at what was lost, and convert that.`,
  };
}

function warningsOf(
  subject: string,
  health: FilesystemFacts["health"],
  said: string[],
  replays: boolean,
): Advice[] {
  if (health === "preenable") {
    const found = `its filesystem has small faults: ${said.join("; ")}.`;
    return [{ subject, found, advice: "They are mended on the copy." }];
  }
  if (health !== "recovers") return [];
  const found = "its journal was not replayed: it was taken from a running machine.";
  const advice = replays
    ? "The journal is replayed on an overlay; what is said here of its files is said of them afterwards."
    : "The whole of it is copied and the journal replayed on the copy; what is said here of its files may change by that.";
  return [{ subject, found, advice }];
}

/** A filesystem that says it is larger than its place on the disk has lost its end. */
export function describeTruncation(
  claimed: number,
  sizeBytes: number,
): { found: string; advice: string } | undefined {
  if (claimed <= sizeBytes) return undefined;
  return {
    found: `is truncated: its filesystem has ${claimed} bytes, there are ${sizeBytes}.`,
    advice: "Make the volume from the snapshot again, at least as large as the snapshot.",
  };
}
