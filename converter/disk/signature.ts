/** What blkid says lies on a disk, by its signatures alone: no cache, no udev (which a container has not). */
import type { Runner } from "../run";

export interface Signature {
  /** `ext4`, `xfs`, `LVM2_member` … */
  type?: string;
  /** `dos`, `gpt` */
  partitionTable?: string;
  uuid?: string;
}

/** Probes a device or file. Nothing found is an empty signature. */
export async function readSignature(path: string, runner: Runner): Promise<Signature> {
  // 2: nothing found; 8: more than one filesystem, which no values are given for.
  const result = await runner(["blkid", "-p", "-o", "export", path], {
    purpose: `probing ${path}`,
    accept: [0, 2, 8],
  });
  return result.exitCode === 8 ? { type: "ambivalent" } : parseSignature(result.stdout);
}

/** Reads blkid's `NAME=value` lines. */
export function parseSignature(text: string): Signature {
  const values = new Map(text.split("\n").map((line) => splitOnce(line)));
  return { type: values.get("TYPE"), partitionTable: values.get("PTTYPE"), uuid: values.get("UUID") };
}

function splitOnce(line: string): [string, string] {
  const at = line.indexOf("=");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1)];
}

/** In words, with what to do about it: why this is no PV source of ours. Undefined for an ext filesystem. */
export function describeUnsuitable(signature: Signature): { found: string; advice: string } | undefined {
  const { type, partitionTable } = signature;
  if (type && /^ext[234]$/.test(type)) return undefined;
  if (partitionTable) {
    return {
      found: `holds a partition table (${partitionTable === "dos" ? "MBR" : partitionTable.toUpperCase()}), a bare ext2, ext3 or ext4 filesystem is needed.`,
      advice:
        "It is partitioned already, so it may well be HVM: check VirtualizationType. Partitioned PV disks are not converted.",
    };
  }
  if (!type) {
    return {
      found: "no filesystem is to be found on it, a bare ext2, ext3 or ext4 one is needed.",
      advice: "Check that this is the root volume, and that it was made from the right snapshot.",
    };
  }
  return {
    found: `holds ${type}, a bare ext2, ext3 or ext4 filesystem is needed.`,
    advice: "Name the guest's root volume; other filesystems are not converted.",
  };
}
