import type { CustomTimeouts } from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import { isKnown } from "../known";
import { RESOURCES, type ResourceRow, type Role, type RoleIn, type Wait } from "../resources";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * GiB of the largest EBS volume (https://docs.aws.amazon.com/ebs/latest/userguide/volume_constraints.html): what a limit
 * is made for where the disk's size is not known to the program.
 */
const LARGEST_VOLUME_GB = 65536;

/** Seconds until the helper runs, has its volumes, and is ready. None of it reads the disk: its size does not matter. */
const HELPER_SECONDS = 30 * MINUTE;

/**
 * Seconds that EC2 may take to store a snapshot, or to register an image of it: a day, and a minute a GiB (17 MB/s).
 * AWS promises no speed. A failure reports itself at once, so a long limit costs nothing, while a wait that ends too
 * early leaves a snapshot behind that nobody knows.
 */
function storingSeconds(sizeGb: number): number {
  return 24 * HOUR + sizeGb * MINUTE;
}

/**
 * Seconds until a launched instance answers: half an hour, and 4 seconds a GiB. An old guest may check its filesystem when
 * it boots, and every block comes out of the snapshot when first read, in the worst case at about 5 MB/s: that is the
 * check of an ext3's tables, about 1.6 % of the disk.
 */
export function launchSeconds({ timeouts }: PvToHvmMigrationArgs, sizeGb: number): number {
  return timeouts?.launchSeconds ?? 30 * MINUTE + sizeGb * 4;
}

/** Seconds that one dial may take, and at most passes until the next (the provider's own, growing to 5). */
export const DIAL_SECONDS = 15;
const DIAL_PAUSE_SECONDS = 5;

/** How many dials may fail in so many seconds, each of them unanswered. A port that refuses answers at once: sooner. */
export function dialErrorLimit(seconds: number): number {
  return Math.ceil(seconds / (DIAL_SECONDS + DIAL_PAUSE_SECONDS));
}

/** Seconds that a running source may take to answer: it is not being made, but it may have just been started. */
export const SOURCE_DIAL_SECONDS = 2 * MINUTE;

/** Seconds that an inspection in place may take. It takes some ten; a disk that hangs is not waited for. */
export function inspectionSeconds(): number {
  return 10 * MINUTE;
}

/** Seconds that a preparation in place may take: as much as a step on the helper whose disk's size does not matter. */
export function preparationSeconds({ timeouts }: PvToHvmMigrationArgs): number {
  return timeouts?.stepSeconds ?? HOUR;
}

/** Seconds until the helper answers, and once more until cloud-init has got it ready. */
export function helperSeconds({ timeouts }: PvToHvmMigrationArgs): number {
  return timeouts?.helperSeconds ?? HELPER_SECONDS;
}

/** Seconds that a rehearsal may take at most; its real limit is measured on the helper. */
export function rehearsalSeconds({ rehearsal }: PvToHvmMigrationArgs): number {
  return rehearsal?.timeoutSeconds ?? HOUR;
}

/**
 * Seconds after which a step on the helper is ended: a rehearsal 5 minutes after its own limit. Blocks of a volume load from
 * its snapshot when first read, in the worst case at about 5 MB/s: 4 minutes a GiB. `partition` reads no more than tables.
 */
export function stepSeconds(step: RoleIn<"command">, args: PvToHvmMigrationArgs, sizeGb: number): number {
  if (step === "rehearse") return rehearsalSeconds(args) + 5 * MINUTE;
  return args.timeouts?.stepSeconds ?? (step === "partition" ? 10 * MINUTE : HOUR + sizeGb * 4 * MINUTE);
}

/** What the engine waits for the child with this role; undefined where its provider's own limit counts. */
export function waitOf(role: Role, args: PvToHvmMigrationArgs): CustomTimeouts | undefined {
  const { wait }: ResourceRow = RESOURCES[role];
  return wait && WAITS[wait](args, role);
}

const WAITS: Record<Wait, (args: PvToHvmMigrationArgs, role: Role) => CustomTimeouts | undefined> = {
  helper: helperTimeout,
  snapshot: snapshotTimeout,
  image: imageTimeout,
  launch: launchTimeout,
  program: () => visitTimeout(SOURCE_DIAL_SECONDS),
  inspection: () => visitTimeout(inspectionSeconds()),
  preparation: (args) => visitTimeout(preparationSeconds(args)),
  converter: (args) => commandTimeout(helperSeconds(args)),
  step: (args, role) => stepTimeout(role as RoleIn<"command">, args),
  proof: (args) => commandTimeout(launchSeconds(args, plainSizeGb(args))),
};

/**
 * What pulumi-aws waits for an instance, a change of its state, a volume (its own limit is 5 minutes) or an attachment,
 * while the helper is made or rests.
 */
export function helperTimeout(args: PvToHvmMigrationArgs): CustomTimeouts {
  return everyWait(helperSeconds(args));
}

/** What pulumi-aws waits for a snapshot. Its own limit is 10 minutes. */
export function snapshotTimeout(args: PvToHvmMigrationArgs): CustomTimeouts {
  return everyWait(args.timeouts?.snapshotSeconds ?? storingSeconds(plainSizeGb(args)));
}

/** What pulumi-aws waits for an image. Its own limit is 40 minutes. */
export function imageTimeout(args: PvToHvmMigrationArgs): CustomTimeouts {
  return everyWait(args.timeouts?.imageSeconds ?? storingSeconds(plainSizeGb(args)));
}

/** What pulumi-aws waits until a launched instance runs. Whether it has booted is the boot proof's to find out. */
export function launchTimeout({ timeouts }: PvToHvmMigrationArgs): CustomTimeouts {
  return everyWait(timeouts?.launchSeconds ?? 30 * MINUTE);
}

/**
 * What the engine waits for the converter to be copied, a step, a look at a live source or a boot proof: longer than all that is in it, which has
 * limits of its own. It ends a dial, not a running session: that is what `timeout(1)` is for.
 */
function commandTimeout(seconds: number): CustomTimeouts {
  return everyWait(seconds + 10 * MINUTE);
}

/** The same for a command on a live source, with the dial before it. */
function visitTimeout(seconds: number): CustomTimeouts {
  return commandTimeout(SOURCE_DIAL_SECONDS + seconds);
}

/** What the engine waits for a step, where its limit is known while the graph is built: dialling, cloud-init, the step. */
export function stepTimeout(step: RoleIn<"command">, args: PvToHvmMigrationArgs): CustomTimeouts | undefined {
  const known = args.timeouts?.stepSeconds !== undefined || isKnown<number>(args.destination?.sizeGb);
  return known
    ? commandTimeout(2 * helperSeconds(args) + stepSeconds(step, args, plainSizeGb(args)))
    : undefined;
}

/** GiB of the destination where the program knows it while it builds the graph, else of the largest. */
export function plainSizeGb({ destination }: PvToHvmMigrationArgs): number {
  return isKnown<number>(destination?.sizeGb) ? destination.sizeGb : LARGEST_VOLUME_GB;
}

/**
 * Seconds that deleting may take: what pulumi-aws gives an instance, and more than anything needs that nobody holds on to. It
 * sends a deletion again as long as EC2 says that something is in use (`InvalidSnapshot.InUse`: somebody has registered another
 * image of the snapshot), and then ends with that refusal, which names it.
 */
const DELETE_SECONDS = 20 * MINUTE;

/** Go's notation, the engine's. How long a disk takes to be stored is nothing to its deletion. */
function everyWait(seconds: number): CustomTimeouts {
  const limit = `${seconds}s`;
  return { create: limit, update: limit, delete: `${DELETE_SECONDS}s` };
}
