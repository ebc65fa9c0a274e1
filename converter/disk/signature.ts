/** What blkid says lies on a disk, by its signatures alone: no cache, no udev (which a container has not). */
import type { Runner } from "../run";
import type { Advice, Content, ExtentFacts } from "../types";

export interface Signature {
  /** `ext4`, `xfs`, `LVM2_member` … */
  type?: string;
  /** `dos`, `gpt` */
  partitionTable?: string;
  uuid?: string;
  label?: string;
}

/** Signatures of more than one filesystem, for which blkid gives no values. */
const AMBIVALENT = "ambivalent";

/** Probes a device or file, or a piece of it. Nothing found is an empty signature. */
export async function readSignature(path: string, runner: Runner, piece?: ExtentFacts): Promise<Signature> {
  const where = piece ? ["--offset", String(piece.startBytes), "--size", String(piece.sizeBytes)] : [];
  // 2: nothing found; 8: more than one filesystem.
  const result = await runner(["blkid", "-p", ...where, "-o", "export", path], {
    purpose: `probing ${path}`,
    accept: [0, 2, 8],
  });
  return result.exitCode === 8 ? { type: AMBIVALENT } : parseSignature(result.stdout);
}

/** Reads blkid's `NAME=value` lines. */
export function parseSignature(text: string): Signature {
  const values = new Map(text.split("\n").map((line) => splitOnce(line)));
  return {
    type: values.get("TYPE"),
    partitionTable: values.get("PTTYPE"),
    uuid: values.get("UUID"),
    label: values.get("LABEL"),
  };
}

/** `-o export` is made for a shell to read: it puts a backslash before what a shell would take apart. */
function splitOnce(line: string): [string, string] {
  const at = line.indexOf("=");
  return at < 0 ? [line, ""] : [line.slice(0, at), line.slice(at + 1).replace(/\\(.)/g, "$1")];
}

/** Why there can be no guest's files on a part of a disk, with what to do. Undefined if there can. */
export function describeUnsuitable(content: Content): Omit<Advice, "subject"> | undefined {
  switch (content.kind) {
    case "filesystem":
    case "lvm":
      return undefined;
    case "other":
      return describeOther(content.type);
    case "swap":
      return { found: "holds swap space.", advice: "Name the guest's root volume." };
    default:
      return {
        found: "holds no filesystem that is known, an ext2, ext3, ext4 or XFS one is needed.",
        advice: "Check that this is the root volume, and that it was made from the right snapshot.",
      };
  }
}

const OTHERS: Record<string, Omit<Advice, "subject">> = {
  [AMBIVALENT]: {
    found: "has the signatures of more than one filesystem, so it cannot be told which is the guest's.",
    advice: "Remove the stale one on a copy of the volume (wipefs lists them), and convert that.",
  },
  btrfs: {
    found: "holds btrfs, whose subvolumes this program does not look into.",
    advice: "Move the root to ext4 (btrfs-convert undoes nothing here: copy the files), and convert that.",
  },
  crypto_LUKS: {
    found: "is encrypted (LUKS), so nothing in it can be inspected or changed.",
    advice: "Decrypt a copy of the volume (cryptsetup reencrypt --decrypt), and convert that.",
  },
  linux_raid_member: {
    found: "is a member of a software RAID, of which one disk alone is not enough.",
    advice: "Copy the array's filesystem to a volume of its own, and convert that.",
  },
  LVM2_member: {
    found: "is a physical volume of LVM whose metadata cannot be read, or that belongs to no volume group.",
    advice: "Check it with pvck, restore the metadata with vgcfgrestore on a copy, and convert that.",
  },
};

function describeOther(type: string): Omit<Advice, "subject"> {
  return (
    OTHERS[type] ?? {
      found: `holds ${type}, an ext2, ext3, ext4 or XFS filesystem is needed.`,
      advice: "Name the guest's root volume; other filesystems are copied, but not converted.",
    }
  );
}
