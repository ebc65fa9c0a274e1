import type { Facts } from "./facts";
import type { Advice, FileEdit, Plan } from "./plan";

export type StepName =
  "inspect" | "partition" | "copy" | "configure" | "install-grub" | "verify" | "rehearse" | "restore";
export type Outcome = "CHANGED" | "NOCHANGE" | "REFUSED" | "FAILED";

/** What one step did. Each command prints one of these with `--json`. */
export interface StepReport {
  format: 1;
  step: StepName;
  outcome: Outcome;
  /** One sentence. */
  summary: string;
  seconds: number;
  /** Fingerprint of source, destination and options: what the record on the destination disk is held against. */
  fingerprint: string;
  source?: { path: string; volumeId?: string; sizeBytes: number };
  destination?: { path: string; volumeId?: string; sizeBytes: number };
  /** inspect, on a helper: which instance that is, and the public host key that it has made for itself. */
  helper?: { instanceId: string; hostKey: string };
  /** inspect, configure */
  facts?: Facts;
  plan?: Plan;
  /** configure: what was really written. */
  edits?: FileEdit[];
  /** copy: bytes read and written, and the checksum of what was read, which the destination was held against. */
  copied?: { bytesRead: number; bytesWritten: number; megabytesPerSecond: number; sha256: string };
  /** install-grub */
  grub?: { version: string; coreBytes: number; configuration: string[] };
  /** verify: what was checked, each with what was seen. */
  checks?: Check[];
  rehearsal?: Rehearsal;
  /** restore: each file of the guest that the conversion had changed, and what became of it. */
  restored?: RestoredFile[];
  warnings: Advice[];
}

/** A file of a converted guest, as `restore` treats it. */
export interface RestoredFile {
  /** In the guest. */
  path: string;
  /**
   * `restored`: it is the original again. `removed`: the conversion had made it, so it goes. `unchanged`: it was the
   * original already.
   */
  action: "restored" | "removed" | "unchanged";
  /** Where the guest's own later version was put, which `--force` took away. */
  keptAs?: string;
}

export interface Check {
  name: string;
  ok: boolean;
  seen: string;
}

/** What booting the destination on a throw-away overlay showed. */
export interface Rehearsal {
  booted: boolean;
  accelerator: "kvm" | "tcg";
  diskBus: "nvme" | "ide" | "virtio" | "sata";
  networkCard: "e1000" | "virtio-net" | "rtl8139" | "e1000e" | "pcnet" | "none";
  /** How far the boot came, from the first rung to the last; `second` from QEMU's start, absent if it was not reached. */
  rungs: { name: RungName; second?: number; evidence?: string }[];
  /** The last lines of the serial console. */
  consoleTail: string[];
  /** Why it counts as booted, or as not, in one clause. */
  why?: string;
  /** Where it did not boot: what to do. */
  advice?: string;
}

export type RungName = "grub" | "kernel" | "init" | "root-read" | "root-written" | "dhcp" | "login";

/** Kept in the gap before partition 1, from byte 786432 on (`disk/record.ts`): what has been finished on this disk. */
export interface DiskRecord {
  format: 1;
  fingerprint: string;
  plan: Plan;
  finished: { step: StepName; at: string; seconds: number }[];
  /** When `restore` put the guest's own files back: what comes after the copy is to be done again. */
  restored?: string;
  /** How far a copy has come that is not finished: bytes of all pieces in their order, and what they hold. */
  copying?: { done: number; digest: string };
  /**
   * What was copied, once all of it is on the disk, a replayed journal's blocks included: the mending may have begun, and
   * a block of the source written again would undo half of it.
   */
  copied?: StepReport["copied"];
}
