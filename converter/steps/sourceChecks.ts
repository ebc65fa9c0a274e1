/** What speaks against a disk as a source. Each check reads, none writes. */
import type { Disk } from "../disk/disk";
import { formatBytes } from "../disk/sizes";
import { type Superblock, readClaimedSize, readSuperblock } from "../disk/filesystem";
import { checkHealth } from "../disk/health";
import { describeUnsuitable, readSignature } from "../disk/signature";
import { usesOf } from "../disk/use";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Advice, DiskFacts } from "../types";

export interface SourceFindings {
  /** Absent where the source's filesystem cannot be read at all. */
  facts?: DiskFacts;
  refusals: Advice[];
  warnings: Advice[];
}

/** Looks a source over, from the outside in: what cannot be told after a first finding is left out. */
export async function inspectSource(source: Disk, runner: Runner, log: Log): Promise<SourceFindings> {
  const subject = `source ${source.volumeId ?? source.path}`;
  const unreadable = await refuseUnreadable(source, runner);
  if (unreadable.length > 0) return { refusals: unreadable, warnings: [] };

  const superblock = await readSuperblock(source.path, runner);
  const writers = (await usesOf(source, runner)).filter((use) => use.writing);
  if (writers.length > 0) {
    const found = `is ${writers.map((use) => use.how).join(", ")}, so it may change while it is copied.`;
    return {
      refusals: [{ subject, found, advice: "Unmount or detach it, or name a snapshot's volume." }],
      warnings: [],
    };
  }
  await setReadOnly(source, runner);
  log(`checking the filesystem of ${source.path} (${superblock.type}, ${formatBytes(source.sizeBytes)})`);
  return judgeHealth(subject, source, superblock, runner);
}

/** Why there is no whole ext filesystem on the source; empty where its superblock can be read. */
export async function refuseUnreadable(source: Disk, runner: Runner): Promise<Advice[]> {
  const subject = `source ${source.volumeId ?? source.path}`;
  const unsuitable = describeUnsuitable(await readSignature(source.path, runner));
  if (unsuitable) return [{ subject, ...unsuitable }];
  const truncated = describeTruncation(await readClaimedSize(source.path), source.sizeBytes);
  return truncated ? [{ subject, ...truncated }] : [];
}

async function judgeHealth(
  subject: string,
  source: Disk,
  superblock: Superblock,
  runner: Runner,
): Promise<SourceFindings> {
  const { health, said } = await checkHealth(source.path, superblock, runner);
  if (!health) {
    const found = `its filesystem is damaged beyond what a preening e2fsck mends: ${said.join("; ")}.`;
    return {
      refusals: [
        {
          subject,
          found,
          advice: "Mend a copy of the volume with e2fsck -fy, look at what was lost, and convert that.",
        },
      ],
      warnings: [],
    };
  }
  const { path, volumeId, sizeBytes } = source;
  const facts: DiskFacts = { path, volumeId, sizeBytes, filesystem: { ...superblock, health } };
  return { facts, refusals: [], warnings: warningsOf(subject, health, said) };
}

function warningsOf(subject: string, health: DiskFacts["filesystem"]["health"], said: string[]): Advice[] {
  if (health === "preenable") {
    return [
      {
        subject,
        found: `its filesystem has small faults: ${said.join("; ")}.`,
        advice: "They are mended on the copy.",
      },
    ];
  }
  if (health === "recovers") {
    const found = "its journal was not replayed: it was taken from a running machine.";
    return [
      {
        subject,
        found,
        advice:
          "The whole disk is copied and the journal replayed on the copy; what is said here of its files may change by that.",
      },
    ];
  }
  return [];
}

/** A filesystem that says it is larger than its disk has lost its end. */
export function describeTruncation(
  claimed: number,
  sizeBytes: number,
): { found: string; advice: string } | undefined {
  if (claimed <= sizeBytes) return undefined;
  return {
    found: `is truncated: its filesystem has ${claimed} bytes, the disk ${sizeBytes}.`,
    advice: "Make the volume from the snapshot again, at least as large as the snapshot.",
  };
}

/** The kernel itself then keeps every program from writing to it. A file is only ever opened for reading. */
async function setReadOnly(source: Disk, runner: Runner): Promise<void> {
  if (source.kind === "file") return;
  await runner(["blockdev", "--setro", source.path], { purpose: `setting ${source.path} read-only` });
}
