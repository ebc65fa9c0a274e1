import * as pulumi from "@pulumi/pulumi";
import { Family, Layout, OnNewImage, Until, VolumeType, Workbench } from "./enums";
import type { OneSource, SourceArgs } from "./sourceArgs";

/** A host to go through where the target has no address that the program can reach. */
export interface JumpHostArgs {
  /**
   * Address or name of the jump host.
   */
  host: pulumi.Input<string>;
  /**
   * Its ssh port.
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * The user to connect as.
   * @default "root"
   */
  user?: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form. Kept secret.
   */
  privateKey: pulumi.Input<string>;
  /**
   * The jump host's public key (`ssh-ed25519 AAAA…`). Without it the jump host is not checked.
   * @default none: it is not checked
   */
  hostKey?: pulumi.Input<string>;
}

/**
 * The instance that does the work. Its placement and type are not part of a conversion's key: changing them leaves a
 * finished conversion alone, and counts from the next conversion on.
 */
export interface HelperArgs {
  /**
   * Where the helper runs. It needs a way to Debian's mirrors (DNS, 80, 443), unless `imageId` brings every package.
   */
  subnetId: pulumi.Input<string>;
  /**
   * Who may reach the helper's ssh port: the network that this program runs in (or the jump host's), in CIDR notation.
   * There is no default, since any default would be too wide. IPv4 no wider than /8, IPv6 no wider than /32; the blocks
   * that stand for addresses in documents (RFC 5737, 3849, 9637) are refused.
   * @example
   * ```ts
   * { allowedCidrs: ["203.0.113.7/32"] }   // put your own address here
   * ```
   */
  allowedCidrs: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * A Nitro type of architecture x86_64: on others volumes carry no serial number to be told apart by. Types with
   * nested virtualization (C8i, M8i, R8i and their flex variants) get it switched on, so that rehearsals have KVM:
   * seconds instead of a minute.
   * @default "m8i-flex.large"
   */
  instanceType?: pulumi.Input<string>;
  /**
   * An image of your own for the helper: Debian or Ubuntu with cloud-init. What it lacks is installed at first boot.
   * Set it for subnets without a way out.
   * @default Debian's own current image (debian-13-amd64-*, owner 136693071363), as it is when the helper is made
   */
  imageId?: pulumi.Input<string>;
  /**
   * Reach the helper by its private address, and give it no public one. Plain, since the graph does not wait for it.
   * @default false; true where there is a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none: the helper is dialled directly
   */
  jumpHost?: JumpHostArgs;
  /**
   * Outputs that must have resolved before this migration's helper and volumes are made; what they hold does not matter.
   * The `helperId` of another migration bounds how many helpers run at once. Nothing is made or changed by them, and a
   * finished conversion does not mind another list. Not for `workbench: "removed"`, which has no helper.
   * @default none: the migration begins at once
   * @example
   * ```ts
   * { waitFor: [first.helperId] }   // one helper after the other
   * ```
   */
  waitFor?: pulumi.Input<pulumi.Input<string | undefined>[]>;
}

/** The volume that the converted system is written to, and so the new image's root volume. Part of the key. */
export interface DestinationArgs {
  /**
   * Size in GiB, more than the source's. Set it to grow the root volume: the root's partition always reaches to its end,
   * the filesystem follows only with `grow`.
   * @default the source's size and 1 GiB, since boot loader and partition table need room that the source has not
   */
  sizeGb?: pulumi.Input<number>;
  /**
   * EBS volume type, of the destination and of the new image's root volume.
   * @default "gp3"
   */
  volumeType?: pulumi.Input<VolumeType>;
  /**
   * Encrypt the destination, and with it snapshot and image. Set to false only for an image to be made public.
   * @default true
   */
  encrypted?: pulumi.Input<boolean>;
  /**
   * KMS key of source and destination volume. A key of your own is needed for an image that is to be shared with other
   * accounts: one encrypted with the AWS managed key cannot be.
   * @default the account's default key for EBS
   */
  kmsKeyId?: pulumi.Input<string>;
  /**
   * Grow the root filesystem to the destination's size. Old guests do not do it by themselves once they are partitioned.
   * A root on LVM: its partition grows, the logical volume does not, and a warning has the commands that do it.
   * @default false
   */
  grow?: pulumi.Input<boolean>;
  /**
   * Partition table. `gpt` has a BIOS boot partition for GRUB and an empty EFI system partition for a boot loader that
   * the guest may get one day; the image boots in BIOS mode either way. With `mbr`, too, it is a GPT (without an EFI
   * system partition) where the source has one, and where the destination is larger than 2 TiB, which a master boot
   * record cannot count.
   * @default "mbr"
   */
  layout?: pulumi.Input<Layout>;
}

/** What is asked of the converted system. Part of the key. */
export interface GuestArgs {
  /**
   * Instance families that the result must boot on. Narrow it for a guest whose kernel is too old for one of them:
   * inspection says so.
   * @default ["xen", "nitro"]
   * @example
   * ```ts
   * { families: ["xen"] }   // a kernel without an NVMe driver
   * ```
   */
  families?: pulumi.Input<Family[]>;
}

/** The new image's attributes. Not part of the key: they may change without converting again. */
export interface ImageArgs {
  /**
   * Prefix of the image's name; a hyphen and eight characters of a digest follow, so that a replacement never needs the
   * old name. At most 119 characters of those that EC2 allows.
   * @default the migration's name
   */
  name?: pulumi.Input<string>;
  /**
   * Description of the image, at most 255 characters. It changes in place; one that is taken back stays as it was.
   * @default "<source>, converted from paravirtual to HVM by pv-to-hvm"
   */
  description?: pulumi.Input<string>;
  /**
   * Tags for image and snapshot, besides the migration's.
   * @default none
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Mark the image as able to use ENA, which Nitro types insist on. Set to false for a guest without an ENA driver. A
   * change registers another image of the same snapshot, and then removes the old one.
   * @default true where `guest.families` has "nitro": the inspection then refuses a guest that boots a kernel without ENA
   */
  ena?: pulumi.Input<boolean>;
}

/** How to reach the launched instance for the boot proof. Its users are the old image's own. */
export interface LaunchConnectionArgs {
  /**
   * A user that may log in by key; needs no privileges.
   */
  user: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form: that of `launch.keyName`, or one that the image knows. Use RSA for systems older
   * than OpenSSH 6.5, which know no ed25519. Kept secret.
   */
  privateKey: pulumi.Input<string>;
  /**
   * The instance's public host key, where the image keeps one. Without it the host is not checked.
   * @default none: it is not checked
   */
  hostKey?: pulumi.Input<string>;
  /**
   * ssh port.
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * Reach the instance by its private address.
   * @default false; true where there is a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none: the instance is dialled directly
   */
  jumpHost?: JumpHostArgs;
}

/** An instance of the new image. Whether there is one must be known to the program. Not part of the key. */
export interface LaunchArgs {
  /**
   * A type that runs HVM images of the source's architecture.
   * @example
   * ```ts
   * { instanceType: "t3.micro" }
   * ```
   */
  instanceType: pulumi.Input<string>;
  /**
   * Where it runs.
   */
  subnetId: pulumi.Input<string>;
  /**
   * Its security groups. For the boot proof one of them must let this program reach its ssh port.
   * @default the VPC's default group
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * EC2 key pair.
   * @default none: the users of the image are let in by what it knows of them
   */
  keyName?: pulumi.Input<string>;
  /**
   * What a new image means for the running instance.
   * @default "keep"
   */
  onNewImage?: OnNewImage;
  /**
   * Given, the instance is asked over ssh for evidence that it runs as HVM from the converted root filesystem, and the
   * outputs wait for it.
   * @default none: it is launched without a proof
   */
  connection?: LaunchConnectionArgs;
}

/** Booting the destination on the helper, on a throw-away overlay, before anything is registered. */
export interface RehearsalArgs {
  /**
   * The most seconds that a rehearsal may take. How long it does before it counts as failed grows with what the helper
   * was measured to need: ten minutes on a fast one, and two and a half without any sign of life.
   * @default 3600
   */
  timeoutSeconds?: number;
  /**
   * True: no rehearsal. For guests that cannot be rehearsed, or whose failure is understood: the image is published
   * without having booted, and image and snapshot carry the tag `pv-to-hvm:rehearsal` with the value `skipped`. May be
   * set after a rehearsal that failed. Once that image is published, taking it back needs a new `revision`, or
   * `workbench: "running"`, where the rehearsal is made up for.
   * @default false
   */
  skip?: boolean;
}

/**
 * How long each wait may take, in whole seconds. Plain, since the engine is told before any output resolves. Not part of
 * the key; a step that is finished does not run again.
 */
export interface TimeoutsArgs {
  /**
   * Until the helper runs, until a volume is there, until it is attached, until ssh answers, until cloud-init has got it
   * ready, until it is stopped; until a source instance is stopped or started: each of them, in seconds.
   * @default 1800
   */
  helperSeconds?: number;
  /**
   * Seconds that each step on the helper may take, except the rehearsal, which has `rehearsal.timeoutSeconds`; and those
   * that the preparation of a running source is waited for.
   * @default 3600 and 240 for each GiB of the destination; `partition` 600, a preparation 3600
   */
  stepSeconds?: number;
  /**
   * Seconds until a snapshot is completed: that of a source, and that of the destination.
   * @default 86400 and 60 for each GiB of `destination.sizeGb`; for 65536 GiB where that is not given
   */
  snapshotSeconds?: number;
  /**
   * Seconds until the image is available.
   * @default 86400 and 60 for each GiB of `destination.sizeGb`; for 65536 GiB where that is not given
   */
  imageSeconds?: number;
  /**
   * Until the launched instance runs, and until it answers for its boot proof: each of them, in seconds.
   * @default 1800; for the answer 4 more for each GiB of the image
   */
  launchSeconds?: number;
}

/** Arguments of a `PvToHvmMigration`. */
export interface PvToHvmMigrationArgs {
  /**
   * What is migrated.
   */
  source: OneSource<SourceArgs>;
  /**
   * The instance that does the work.
   */
  helper: HelperArgs;
  /**
   * The volume that is written.
   * @default one of the source's size and 1 GiB, gp3, encrypted
   */
  destination?: DestinationArgs;
  /**
   * What is asked of the converted system.
   * @default both families
   */
  guest?: GuestArgs;
  /**
   * The new image's attributes.
   * @default the migration's name and tags
   */
  image?: ImageArgs;
  /**
   * An instance of the new image.
   * @default none
   */
  launch?: LaunchArgs;
  /**
   * Booting the destination on the helper.
   * @default it is done, and may take 3600 seconds
   */
  rehearsal?: RehearsalArgs;
  /**
   * How long each wait may take.
   * @default limits that grow with the disk, and that no disk of EC2's sizes should reach
   */
  timeouts?: TimeoutsArgs;
  /**
   * How far to go. `inspect` is the dry run; raising it later goes on without repeating, and starts the helper where it is
   * stopped. Once an image is published, going back before it is refused, since that would delete it.
   * @default "publish"
   */
  until?: Until;
  /**
   * Convert again although nothing else changed: set it to another number. That is also the way to a new helper.
   * @default none
   */
  revision?: pulumi.Input<number>;
  /**
   * What becomes of helper, volumes and commands once all is done that `until` asks for. Raise to `removed` only after a
   * successful `up` that has published an image.
   * @default "stopped"
   */
  workbench?: Workbench;
  /**
   * Protect the image, its snapshot and the launched instance: nothing deletes them, neither a new conversion nor
   * `pulumi destroy` nor a migration that is taken out of the program, until this is taken back in an update of its own.
   * Not part of the key. Plain, since the engine is told before any output resolves.
   * @default false
   */
  protect?: boolean;
  /**
   * Leave the image and its snapshot in EC2 when the stack gives them up: when the migration is taken out of the program, and
   * when a new conversion replaces them. The stack forgets them then, and `pv-to-hvm sweep` finds them. It counts once an
   * update has run with it. Not part of the key. Plain, since the engine is told before any output resolves.
   * @default false
   */
  keepImage?: boolean;
  /**
   * Tags for everything that can carry them, besides the migration's own.
   * @default none
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
