/** What speaks against a disk as a destination. Each check reads, none writes. */
import * as fs from "node:fs/promises";
import { firstUsedByte } from "../disk/blank";
import { withDisk } from "../disk/bytes";
import type { Disk } from "../disk/disk";
import { readRecord } from "../disk/record";
import { PARTITION_OFFSET } from "../disk/sizes";
import { readSignature } from "../disk/signature";
import { usesOf } from "../disk/use";
import type { Runner } from "../run";
import type { Advice, DestinationFacts } from "../types";

export interface DestinationFindings {
  facts: DestinationFacts;
  refusals: Advice[];
}

interface Finding {
  found: string;
  advice: string;
}

/** Looks a destination over that is not the source. `fingerprint`: of this conversion, where the source could be read. */
export async function inspectDestination(
  destination: Disk,
  fingerprint: string | undefined,
  runner: Runner,
): Promise<DestinationFindings> {
  const { path, volumeId, sizeBytes } = destination;
  const facts: DestinationFacts = { path, volumeId, sizeBytes, content: "blank" };
  const subject = `destination ${volumeId ?? path}`;
  const content = await readContent(destination, fingerprint, runner);
  const findings = [
    ...describeUse((await usesOf(destination, runner)).map((use) => use.how)),
    ...(await describeProtection(destination, runner)),
    ...(typeof content === "string" ? [] : [content]),
  ];
  const refusals = findings.map((finding) => ({ subject, ...finding }));
  return { facts: { ...facts, content: content === "resumable" ? content : "blank" }, refusals };
}

function describeUse(uses: string[]): Finding[] {
  if (uses.length === 0) return [];
  return [
    { found: `is in use: ${uses.join(", ")}.`, advice: "Unmount or detach it there, or name another disk." },
  ];
}

async function describeProtection(destination: Disk, runner: Runner): Promise<Finding[]> {
  if (!(await isReadOnly(destination, runner))) return [];
  return [
    {
      found: "is read-only.",
      advice:
        "Allow writing to it (chmod u+w for a file, blockdev --setrw for a device), or name another disk.",
    },
  ];
}

async function isReadOnly(disk: Disk, runner: Runner): Promise<boolean> {
  if (disk.kind === "device") {
    const { stdout } = await runner(["blockdev", "--getro", disk.path], {
      purpose: `asking whether ${disk.path} is read-only`,
    });
    return stdout.trim() !== "0";
  }
  // Root may write all the same, but whoever took the write permission away meant the file to stay as it is.
  if (((await fs.stat(disk.path)).mode & 0o222) === 0) return true;
  try {
    await (await fs.open(disk.path, "r+")).close();
    return false;
  } catch {
    return true;
  }
}

/** `blank`, `resumable`, or what is on it that must not be lost. */
async function readContent(
  disk: Disk,
  fingerprint: string | undefined,
  runner: Runner,
): Promise<DestinationFacts["content"] | Finding> {
  if (disk.sizeBytes < 2 * PARTITION_OFFSET) return "blank";
  return withDisk(disk.path, "read", async (handle) => {
    const record = await readRecord(handle);
    if (record && record.fingerprint === fingerprint) return "resumable";
    if (record) {
      const done = record.finished.map(({ step }) => step).join(", ") || "nothing finished";
      return {
        found: `carries another conversion (of filesystem ${record.plan.boot.filesystemUuid}; ${done}).`,
        advice: "Name a blank disk, or repeat that conversion with the same source and options.",
      };
    }
    return describeContent(await firstUsedByte(handle, disk.sizeBytes), disk, runner);
  });
}

async function describeContent(
  used: number | undefined,
  disk: Disk,
  runner: Runner,
): Promise<"blank" | Finding> {
  const { type, partitionTable } = await readSignature(disk.path, runner);
  if (used === undefined && !type && !partitionTable) return "blank";
  const what =
    type ?? (partitionTable && `a partition table (${partitionTable})`) ?? `data, from byte ${used} on`;
  return {
    found: `is not blank: it holds ${what}.`,
    advice: "Name a blank disk: a new volume, made from no snapshot.",
  };
}
