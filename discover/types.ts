/**
 * The record of a fleet, which `pv-to-hvm discover --json` prints: what was found in each account and region, who refers to it,
 * and what its inspection came to.
 *
 *   EC2, Auto Scaling ──ask──▶ Place ──inspect──▶ Place with verdicts ──compare with the last record──▶ Fleet ──▶ table, JSON, CSV, HTML
 *
 * Everything here is plain JSON. Times are ISO 8601 in UTC. Sizes are in GiB, as EC2 has them. A property that EC2 does not tell is absent.
 */
import type { Advice } from "../converter/types";

export interface Fleet {
  format: 1;
  /** The version of this program. */
  version: string;
  /** When the first question was asked. */
  at: string;
  /** Each account and region that could be asked, at least in part. In order of account, then region. */
  places: Place[];
  /** What could not be asked, and is missing here. Empty: the record is whole. */
  unasked: Unasked[];
  /** What the inspections of this run read. Absent without `--inspect`. */
  inspected?: InspectionTally;
  /** What is different from the last record of the same account and region. Absent if none of them has one. */
  changes?: Change[];
}

/** One region of one account. */
export interface Place {
  /** Twelve digits. */
  accountId: string;
  /** `us-east-1` */
  region: string;
  /** Paravirtual images: those that the account owns, and those of others that something in it refers to. In order of the id. */
  images: FoundImage[];
  /** Paravirtual instances that are not terminated. In order of the id. */
  instances: FoundInstance[];
  /** What was seen and could not be followed, a sentence each: a launch template that names its image by a parameter of SSM. */
  notes: string[];
}

/** A paravirtual image, or an image that something paravirtual refers to and that is gone. */
export interface FoundImage {
  /** `ami-…` */
  imageId: string;
  /**
   * EC2's word (`available`, `disabled` …). `gone`: an instance or a launch template names it, and EC2 does not show it to the account any
   * more. Then nothing but the id and `referrers` is known of it.
   */
  state: string;
  name?: string;
  /** The account that owns it. */
  ownerId?: string;
  /** The account of this place owns it. */
  isOwn: boolean;
  /** EC2's word: `i386` or `x86_64`. */
  architecture?: string;
  createdAt?: string;
  /** When an instance was last launched from it. EC2 knows it from April 2017 on, a day late, and tells it to the owner alone. */
  lastLaunchedAt?: string;
  deprecatedAt?: string;
  root: Root;
  /** The other entries of its block device mapping. */
  otherMappings: Mapping[];
  /** The kernel image that boots it: `aki-…`. */
  kernelId?: string;
  /** `ari-…` */
  ramdiskId?: string;
  /** Codes of the marketplace or of a billed system. An image with one is not converted: the licence would be lost. */
  productCodes: string[];
  /** Anybody may launch it. */
  isPublic: boolean;
  /** Accounts (twelve digits), organizations and organizational units (ARNs) that may launch it. Of an own image alone. */
  sharedWith: string[];
  /** Values of its tags by their names. */
  tags: { [name: string]: string };
  /** Who refers to it, in this account and region. */
  referrers: Referrer[];
  /** Images of this project that were made of it, in whatever place of the record. The newest is first. */
  conversions: Conversion[];
  /** How far it has come. */
  stage: Stage;
  inspection: Inspection;
}

/** The root device of an image. */
export type Root =
  /** A snapshot: what `source.imageId` of the component takes. */
  | {
      kind: "ebs";
      /** `/dev/sda1` */
      deviceName: string;
      snapshotId: string;
      /** Of the snapshot, or what the image says of it. */
      sizeGb?: number;
      encrypted: boolean;
      /** ARN of the key. The account has to be let see the snapshot for it. */
      kmsKeyId?: string;
      /** `archive`: it must be restored before anything can read it. Absent if the snapshot is not shown to the account. */
      tier?: "standard" | "archive";
      /** EC2's word: `completed`, `pending`, `error` … Absent if the snapshot is not shown to the account. */
      snapshotState?: string;
      /** The account that owns the snapshot. */
      snapshotOwnerId?: string;
      /** When the snapshot was taken. */
      takenAt?: string;
    }
  /** Bundles on S3: the root is to be copied to a volume first (docs/sources.md). */
  | { kind: "instance-store"; manifest?: string }
  /** EC2 names no snapshot for it. */
  | { kind: "unknown" };

/** One more entry of a block device mapping. */
export interface Mapping {
  deviceName: string;
  /** Of EBS. */
  snapshotId?: string;
  sizeGb?: number;
  /** `ephemeral0`: a disk of the instance store. */
  virtualName?: string;
}

/** A paravirtual instance. */
export interface FoundInstance {
  /** `i-…` */
  instanceId: string;
  /** The tag `Name`. */
  name?: string;
  /** EC2's word: `running`, `stopped` … */
  state: string;
  /** `m1.small` */
  instanceType: string;
  /** The image that it was launched from. */
  imageId: string;
  /** Its last start. */
  launchedAt?: string;
  architecture?: string;
  availabilityZone?: string;
  rootDeviceType: "ebs" | "instance-store";
  rootDeviceName?: string;
  /** Of a root on EBS: the volume that holds what the machine has written since its launch. */
  rootVolumeId?: string;
  /** `spot` or `scheduled`. Absent: on demand. */
  lifecycle?: string;
  /** The Auto Scaling group that it belongs to. */
  autoScalingGroup?: string;
  productCodes: string[];
  tags: { [name: string]: string };
}

/** Something that names an image. */
export interface Referrer {
  kind: "instance" | "launch template" | "launch configuration" | "Auto Scaling group" | "spot fleet";
  /** `i-…`, `lt-…`, `sfr-…`; of a launch configuration and a group its name. */
  id: string;
  /** What people call it: the tag `Name` of an instance, the name of a launch template. */
  name?: string;
  /** What names the image there: `running`, `version 3 (default)`, `2 of 4 instances wanted`. A few words. */
  detail: string;
  /** Whether something runs on it, or is launched from it without anybody's doing: a running instance, a group that wants instances. */
  isActive: boolean;
}

/** An HVM image that carries this project's tags. */
export interface Conversion {
  imageId: string;
  accountId: string;
  region: string;
  name?: string;
  createdAt?: string;
  lastLaunchedAt?: string;
  /** The tag `pv-to-hvm:migration`: the entry's name. */
  migration?: string;
  /** The tag `pv-to-hvm:stack`: `project/stack`. */
  stack?: string;
  /** It was published without a rehearsal. */
  isUnproven: boolean;
  /** Who refers to it, in its own account and region. */
  referrers: Referrer[];
}

/**
 * How far an image has come; each word includes those before it, but `inspected`, which a conversion does not need.
 *
 * - `found`: nothing more is known.
 * - `inspected`: its inspection has a verdict of the converter's.
 * - `converted`: an image of this project was made of it.
 * - `launched`: that image has been launched at least once, as EC2 says.
 * - `in use`: something refers to that image, and something to the old one as well.
 * - `done`: something refers to that image, and nothing to the old one.
 */
export type Stage = "found" | "inspected" | "converted" | "launched" | "in use" | "done";

/** What came of an image's inspection. */
export type Inspection =
  /** It can be converted, for Xen and Nitro types. */
  | ({ verdict: "convertible" } & Known)
  /** It can be converted for HVM on Xen types alone: `guest.families: ["xen"]`. The reasons say what stands against Nitro. */
  | ({ verdict: "convertible for Xen types alone"; reasons: Advice[] } & Known)
  /**
   * The converter refuses it, or EC2's own words are enough to refuse it (a licence that would be lost): then nothing was read. Each
   * reason has its remedy (`advice`).
   */
  | ({ verdict: "refused"; reasons: Advice[] } & Partial<Known>)
  /** Its snapshot cannot be read so: archived, of others, under a key out of reach, gone, on an instance store. */
  | { verdict: "not readable"; reasons: Advice[] }
  /** Nobody has tried. `why` if there is more to say: the budget was spent, the run was ended. */
  | { verdict: "not inspected"; why?: string };

/** What is kept of an inspection that read the snapshot, by the snapshot's id. */
export interface Known {
  snapshotId: string;
  /** When it was inspected. */
  inspectedAt: string;
  /** The version of the converter that decided. */
  converter: string;
  /** `Debian GNU/Linux 7`, as the guest says of itself; made visible, cut to 100 characters. */
  system?: string;
  /** Subjects and words of the plan's warnings. */
  warnings: Advice[];
  /** Bytes that a conversion has to copy. */
  copyBytes?: number;
}

/** What inspections took. */
export interface InspectionTally {
  /** Snapshots that were read in this run. */
  snapshots: number;
  /** Those whose verdict an earlier run had kept. */
  known: number;
  /** Those that were left for the budget, or since the run was ended. */
  left: number;
  /** Calls of GetSnapshotBlock. */
  blocks: number;
  /** Calls of ListSnapshotBlocks. */
  lists: number;
  bytes: number;
  seconds: number;
  /** By the list price of us-east-1. */
  dollars: number;
}

/** Something that could not be asked. What was found is kept and told without it. */
export interface Unasked {
  /** Absent: before an account was known, as where no account of the organization could be listed. */
  accountId?: string;
  /** Absent: the whole account. */
  region?: string;
  /** What was asked for: `images`, `Auto Scaling groups`, `the account's role`. */
  what: string;
  /** What AWS answered, a sentence. */
  found: string;
  /** What to do, whole sentences. */
  advice: string;
  /** `refused`: AWS said no (exit status 3). `failed`: it gave no answer (exit status 4). */
  kind: "refused" | "failed";
}

/** One difference from the record before. */
export interface Change {
  accountId: string;
  region: string;
  /** `ami-…` or `i-…` */
  id: string;
  name?: string;
  /** `new`, `gone`, `stage: found → converted`, `is referred to no more`: a few words. */
  what: string;
  /** When the record before was made. */
  since: string;
}
