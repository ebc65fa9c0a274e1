import * as pulumi from "@pulumi/pulumi";
import { Family, Layout, MetadataTokens, OnNewImage, Until, VolumeType, Workbench } from "./enums";
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
   * The jump host's public key (`ssh-ed25519 AAAA…`). Name its ed25519 or ecdsa key: with an `ssh-rsa` key the command provider asks for
   * signatures by SHA-1 alone, which OpenSSH from 8.8 on refuses. Without it the jump host is not checked, and a preview says so.
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
   * Where the helper runs: a subnet with IPv4 addresses, in a zone of the region itself (no Local Zone, no Outpost). It needs a
   * way to Debian's mirrors (DNS, 80, 443), or to a `proxy` or a `mirror`, unless `imageId` brings every package.
   */
  subnetId: pulumi.Input<string>;
  /**
   * Who may reach the helper's ssh port: the network that this program runs in (or the jump host's), in CIDR notation.
   * There is no default, since any default would be too wide. A public network may be no wider than /20 (IPv6: /48), and in AWS's
   * own ranges, where anybody can rent an address, no wider than /24 (IPv6: /52). A private one (RFC 1918, RFC 6598, RFC 2544) may
   * be as wide as /8, a unique local one (IPv6) as /32. The blocks that stand for addresses in documents (RFC 5737, 3849, 9637)
   * are refused. They are sent as EC2 keeps them: `10.1.2.3/8` as `10.0.0.0/8`.
   * @example
   * ```ts
   * { allowedCidrs: ["203.0.113.7/32"] }   // put your own address here
   * ```
   */
  allowedCidrs: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Where the helper may connect to, in CIDR notation: DNS, and HTTP and HTTPS, or the ports of `proxy` or `mirror`. An empty list:
   * nowhere, for an `imageId` that brings every package. Given, it changes in place; taken back, it stays as it was until the
   * next conversion.
   * @default everywhere, since mirrors have no fixed addresses; with a `proxy` or a `mirror` that is an address, that address alone
   * @example
   * ```ts
   * { egressCidrs: ["10.0.0.0/16"], proxy: "http://proxy.internal:3128" }
   * ```
   */
  egressCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The HTTP proxy that the helper gets its packages through, for http and https alike: `http://HOST:PORT`, with
   * `http://USER:PASSWORD@HOST:PORT` where it asks for a login (then kept secret, and written into the helper's user data). Nothing
   * else of the helper connects to anything. The helper is told at its first boot: another value counts for the next helper.
   * @default none: the mirrors are connected to directly
   */
  proxy?: pulumi.Input<string>;
  /**
   * The mirror that the helper gets its packages from, of the distribution of its image: the address that shows the folder `dists`, by
   * http or https. Debian's security archive is looked for at the same address with `-security` after it, and left out where it is
   * not. Signatures are checked with the distribution's keys and those that the image trusts. It counts for the next helper.
   * @default the sources that the helper's image names, of Debian's image Debian's own mirrors
   * @example
   * ```ts
   * { mirror: "http://mirror.internal/debian" }
   * ```
   */
  mirror?: pulumi.Input<string>;
  /**
   * A Nitro type of architecture x86_64: on others volumes carry no serial number to be told apart by. Types with
   * nested virtualization (C8i, M8i, R8i and their flex variants) get it switched on, so that rehearsals have KVM:
   * seconds instead of a minute. One that the subnet's zone does not have is refused.
   * @default the first that the subnet's zone has of `m8i-flex.large`, `c8i-flex.large`, `m8i.large`, `c8i.large`, `m7i-flex.large`, `m6i.large` and `m5.large`; the first four have nested virtualization
   */
  instanceType?: pulumi.Input<string>;
  /**
   * An image of your own for the helper: Debian or Ubuntu with cloud-init, and nothing at `/dev/sdf` and `/dev/sdg`. What it
   * lacks is installed at first boot. Set it for subnets without a way out. Its root disk is grown to 20 GiB.
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
   * Encrypt the destination, and with it snapshot and image. Set to false only for an image to be made public. An account that
   * has every volume encrypted (EBS encryption by default) does so all the same; a warning says so.
   * @default true
   */
  encrypted?: pulumi.Input<boolean>;
  /**
   * ARN of the KMS key of source and destination volume. A key of your own is needed for an image that is to be shared with other
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
   * The instance's public host key, where the image keeps one: `plan.hostKeys` has those on the source's disk. An image with cloud-init
   * mostly makes new ones at its first boot, and then none of them is right. Name an ed25519 or ecdsa key where there is one:
   * with an `ssh-rsa` key the command provider asks for signatures by SHA-1 alone, which OpenSSH from 8.8 on refuses. Without it the
   * host is not checked, and a preview says so.
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
   * Where it runs. The running instance stays where it is while `onNewImage` is `keep`.
   */
  subnetId: pulumi.Input<string>;
  /**
   * Its security groups. For the boot proof one of them must let this program reach its ssh port. In a VPC that another account
   * shares they must be given: its default group is that account's.
   * @default the VPC's default group
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * EC2 key pair. It counts at the first boot alone: the running instance keeps its own while `onNewImage` is `keep`.
   * @default none: the users of the image are let in by what it knows of them
   */
  keyName?: pulumi.Input<string>;
  /**
   * What a new image means for the running instance. With `keep` another `keyName` or `subnetId` leaves it alone as well;
   * another `instanceType` stops it and starts it again.
   * @default "keep"
   */
  onNewImage?: OnNewImage;
  /**
   * Whether the instance's metadata service (IMDS) wants a session token (`httpTokens`). Tools from before November 2019 know
   * none, cloud-init before 20.1 among them: with `required` they get no metadata, and a key pair does not reach the user.
   * EC2 refuses `optional` where the account asks for tokens (`HttpTokensEnforced`), or a service control policy does: then set
   * `required`, and let users in by what the image knows of them. It counts when the instance is launched.
   * @default "required" where the inspection finds nothing in the guest that reads metadata without a token, else "optional"
   */
  metadataTokens?: pulumi.Input<MetadataTokens>;
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
   * ready: each of them, in seconds. Not until a machine is stopped or started: pulumi-aws waits 10 minutes for that, and no longer.
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
   * Mark the outputs `report`, `plan` and `sourceReport` as secret, and what the steps print as well: Pulumi then encrypts them in the
   * state and shows none of them, those of a finished conversion as well. Passwords that are known by their form are masked in any case.
   * Nothing is made or replaced for it. Taken back, the outputs are none any more; what the steps have printed stays encrypted. Not part of the key. Plain, since the engine is told before any
   * output resolves.
   * @default false
   */
  secretReports?: boolean;
  /**
   * Tags for everything that can carry them, besides the migration's own.
   * @default none
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
