import * as pulumi from "@pulumi/pulumi";
import { Family, Layout, MetadataTokens, OnNewImage, Until, VolumeType, Workbench } from "./enums";
import type { OneSource, SourceArgs } from "./sourceArgs";

/** A host to connect through, if the program cannot reach the target's address. */
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
   * The jump host's public key (`ssh-ed25519 AAAA…`). Give its ed25519 or ecdsa key. With an `ssh-rsa` key the command provider
   * asks only for SHA-1 signatures, which OpenSSH 8.8 and newer refuse. Without `hostKey` the jump host is not checked, and a
   * preview says so.
   * @default none: it is not checked
   */
  hostKey?: pulumi.Input<string>;
}

/**
 * The instance that does the work. Its subnet and type are not part of a conversion's key. If you change them, a finished
 * conversion stays, and the next conversion uses them.
 */
export interface HelperArgs {
  /**
   * The helper's subnet. It must have IPv4 addresses and be in a zone of the region itself (no Local Zone, no Outpost). It needs
   * a way to Debian's mirrors (DNS, 80, 443), or to a `proxy` or a `mirror`, unless `imageId` has every package.
   */
  subnetId: pulumi.Input<string>;
  /**
   * The addresses that may reach the helper's ssh port: the network of the machine that runs this program (or of the jump host),
   * in CIDR notation. There is no default, because any default would be too wide. A public network may be at most /20 wide (IPv6:
   * /48). In AWS's own ranges, where anybody can rent an address, it may be at most /24 wide (IPv6: /52). A private network (RFC
   * 1918, RFC 6598, RFC 2544) may be as wide as /8, a unique local one (IPv6) as /32. Example addresses for documents (RFC 5737,
   * 3849, 9637) are refused. They are sent as EC2 stores them: `10.1.2.3/8` as `10.0.0.0/8`.
   * @example
   * ```ts
   * { allowedCidrs: ["203.0.113.7/32"] }   // put your own address here
   * ```
   */
  allowedCidrs: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The addresses that the helper may connect to, in CIDR notation: DNS, HTTP and HTTPS, or the ports of `proxy` or `mirror`.
   * With an empty list it connects to nothing; then `imageId` must have every package. A new value changes in place. If you
   * remove it, the old value stays until the next conversion.
   * @default everywhere, because mirrors have no fixed addresses; with a `proxy` or a `mirror` that is an IP address, only that address
   * @example
   * ```ts
   * { egressCidrs: ["10.0.0.0/16"], proxy: "http://proxy.internal:3128" }
   * ```
   */
  egressCidrs?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * The HTTP proxy for the helper's packages, for http and https: `http://HOST:PORT`, or `http://USER:PASSWORD@HOST:PORT` if it
   * asks for a login (the value is then kept secret, and written into the helper's user data). The helper connects to nothing
   * else. It reads the value at its first boot: a new value applies to the next helper.
   * @default none: the helper connects to the mirrors directly
   */
  proxy?: pulumi.Input<string>;
  /**
   * The mirror for the helper's packages, with the distribution of the helper's image: the http or https address that has the
   * folder `dists`. The helper looks for Debian's security archive at the same address with `-security` after it, and does
   * without if there is none. It checks signatures with the distribution's keys and those that the image trusts. A new value
   * applies to the next helper.
   * @default the package sources in the helper's image; in Debian's image these are Debian's own mirrors
   * @example
   * ```ts
   * { mirror: "http://mirror.internal/debian" }
   * ```
   */
  mirror?: pulumi.Input<string>;
  /**
   * The helper's instance type: a Nitro type of architecture x86_64, because only Nitro volumes have a serial number that
   * identifies them. On types with nested virtualization (C8i, M8i, R8i and their flex variants) it is switched on, so that a
   * rehearsal has KVM: seconds instead of a minute. A type that the subnet's zone does not have is refused.
   * @default the first that the subnet's zone has of `m8i-flex.large`, `c8i-flex.large`, `m8i.large`, `c8i.large`, `m7i-flex.large`, `m6i.large` and `m5.large`; the first four have nested virtualization
   */
  instanceType?: pulumi.Input<string>;
  /**
   * Your own image for the helper: Debian or Ubuntu with cloud-init, and no disk at `/dev/sdf` and `/dev/sdg`. Missing packages
   * are installed at the first boot. Set it for subnets without a way out. Its root disk grows to 20 GiB.
   * @default Debian's own current image (debian-13-amd64-*, owner 136693071363), as it is when the helper is made
   */
  imageId?: pulumi.Input<string>;
  /**
   * Reach the helper by its private address, and give it no public one. Plain, because the graph does not wait for it.
   * @default false; true with a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none: the helper is dialled directly
   */
  jumpHost?: JumpHostArgs;
  /**
   * Outputs that must resolve before this migration makes its helper and volumes. Their values do not matter. Give the `helperId`
   * of another migration to limit how many helpers run at once. A new list changes nothing in a finished conversion. Not allowed
   * with `workbench: "removed"`, which has no helper.
   * @default none: the migration begins at once
   * @example
   * ```ts
   * { waitFor: [first.helperId] }   // one helper after the other
   * ```
   */
  waitFor?: pulumi.Input<pulumi.Input<string | undefined>[]>;
}

/** The volume that gets the converted system. It becomes the new image's root volume. Part of the key. */
export interface DestinationArgs {
  /**
   * Size in GiB, larger than the source. Set it to grow the root volume. The root's partition always reaches the volume's end;
   * the filesystem grows only with `grow`.
   * @default the source's size plus 1 GiB, for the boot loader and the partition table
   */
  sizeGb?: pulumi.Input<number>;
  /**
   * EBS volume type of the destination and of the new image's root volume.
   * @default "gp3"
   */
  volumeType?: pulumi.Input<VolumeType>;
  /**
   * Encrypt the destination, and with it snapshot and image. Set it to false only for an image that you want to make public. If
   * the account encrypts every volume (EBS encryption by default), it is encrypted anyway, and a warning says so.
   * @default true
   */
  encrypted?: pulumi.Input<boolean>;
  /**
   * ARN of the KMS key for source and destination volume. To share the image with other accounts, use your own key: an image that
   * is encrypted with the AWS managed key cannot be shared.
   * @default the account's default key for EBS
   */
  kmsKeyId?: pulumi.Input<string>;
  /**
   * Grow the root filesystem to the destination's size. Old guests do not grow it themselves when it is on a partition. If the
   * root is on LVM, its partition grows and the logical volume does not; a warning has the commands for that.
   * @default false
   */
  grow?: pulumi.Input<boolean>;
  /**
   * Partition table. `gpt` has a BIOS boot partition for GRUB and an empty EFI system partition for a later boot loader of the
   * guest. The image boots in BIOS mode either way. With `mbr` the destination still gets a GPT (without an EFI system partition)
   * if the source has one, or if the destination is larger than 2 TiB, the limit of a master boot record.
   * @default "mbr"
   */
  layout?: pulumi.Input<Layout>;
}

/** What the converted system must be able to do. Part of the key. */
export interface GuestArgs {
  /**
   * Instance families that the result must boot on. Remove a family if the guest's kernel is too old for it: the inspection says so.
   * @default ["xen", "nitro"]
   * @example
   * ```ts
   * { families: ["xen"] }   // a kernel without an NVMe driver
   * ```
   */
  families?: pulumi.Input<Family[]>;
}

/** The new image's attributes. Not part of the key: you may change them without a new conversion. */
export interface ImageArgs {
  /**
   * Prefix of the image's name. A hyphen and eight characters of a digest follow, so that a replacement never needs the old name.
   * At most 119 characters, of those that EC2 allows.
   * @default the migration's name
   */
  name?: pulumi.Input<string>;
  /**
   * Description of the image, at most 255 characters. It changes in place. If you remove it, the old one stays.
   * @default "<source>, converted from paravirtual to HVM by pv-to-hvm"
   */
  description?: pulumi.Input<string>;
  /**
   * Tags for image and snapshot, in addition to the migration's.
   * @default none
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
  /**
   * Register the image with `enaSupport`, which Nitro types require. Set it to false for a guest without an ENA driver. A change
   * registers another image of the same snapshot, and then removes the old one.
   * @default true if `guest.families` has "nitro": the inspection then refuses a guest that boots a kernel without ENA
   */
  ena?: pulumi.Input<boolean>;
}

/** How to reach the launched instance for the boot proof. It has the old image's users. */
export interface LaunchConnectionArgs {
  /**
   * A user that may log in with a key. It needs no privileges.
   */
  user: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form: that of `launch.keyName`, or one that the image accepts. Use RSA for systems before
   * OpenSSH 6.5, which do not know ed25519. Kept secret.
   */
  privateKey: pulumi.Input<string>;
  /**
   * The instance's public host key, if the image keeps its keys: `plan.hostKeys` has those on the source's disk. An image with
   * cloud-init mostly makes new keys at its first boot, and then none of these is right. Give an ed25519 or ecdsa key if there is
   * one. With an `ssh-rsa` key the command provider asks only for SHA-1 signatures, which OpenSSH 8.8 and newer refuse. Without
   * `hostKey` the host is not checked, and a preview says so.
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
   * @default false; true with a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none: the instance is dialled directly
   */
  jumpHost?: JumpHostArgs;
}

/** An instance of the new image. The program must know whether `launch` is given. Not part of the key. */
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
   * Its subnet. While `onNewImage` is `keep`, the running instance stays where it is.
   */
  subnetId: pulumi.Input<string>;
  /**
   * Its security groups. For the boot proof, one of them must let this program reach the ssh port. In a VPC that another account
   * shares you must give them, because the default group belongs to that account.
   * @default the VPC's default group
   */
  securityGroupIds?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * EC2 key pair. It is used only at the first boot: while `onNewImage` is `keep`, the running instance keeps its own.
   * @default none: the image's users log in with the keys or passwords in the image
   */
  keyName?: pulumi.Input<string>;
  /**
   * What a new image does to the running instance. With `keep`, another `keyName` or `subnetId` does not touch it either. Another
   * `instanceType` stops it and starts it again.
   * @default "keep"
   */
  onNewImage?: OnNewImage;
  /**
   * Whether the instance's metadata service (IMDS) requires a session token (`httpTokens`). Tools from before November 2019 do
   * not know tokens, among them cloud-init before 20.1. With `required` they get no metadata, and the key pair does not reach the
   * user. EC2 refuses `optional` if the account enforces tokens (`HttpTokensEnforced`), or if a service control policy does. Then
   * set `required`, and log in with the keys or passwords in the image. It is used when the instance is launched.
   * @default "required" if the inspection finds nothing in the guest that reads metadata without a token, else "optional"
   */
  metadataTokens?: pulumi.Input<MetadataTokens>;
  /**
   * If you give it, the program asks the instance over ssh for proof that it runs as HVM from the converted root filesystem. The
   * outputs wait for this proof.
   * @default none: it is launched without a proof
   */
  connection?: LaunchConnectionArgs;
}

/** The boot of the destination on the helper, on a temporary overlay, before anything is registered. */
export interface RehearsalArgs {
  /**
   * The longest time of a rehearsal, in seconds. The time before it counts as failed depends on the helper's measured speed: ten
   * minutes on a fast one, and two and a half without any sign of life.
   * @default 3600
   */
  timeoutSeconds?: number;
  /**
   * Set it to true to skip the rehearsal, if the guest cannot be rehearsed, or if you understand why it failed. The image is then
   * published although it has not booted; image and snapshot get the tag `pv-to-hvm:rehearsal` with the value `skipped`. You may
   * set it after a failed rehearsal. Once that image is published, you can remove it only with a new `revision`, or with
   * `workbench: "running"`, which rehearses then.
   * @default false
   */
  skip?: boolean;
}

/**
 * How long each wait may take, in whole seconds. Plain, because the engine needs them before any output resolves. Not part of
 * the key: a finished step does not run again.
 */
export interface TimeoutsArgs {
  /**
   * Seconds for each of these waits: until the helper runs, a volume exists, it is attached, ssh answers, cloud-init has prepared
   * the helper. Not for the stop or start of a machine: pulumi-aws waits 10 minutes for that.
   * @default 1800
   */
  helperSeconds?: number;
  /**
   * Seconds for each step on the helper, and for the preparation of a running source. The rehearsal has `rehearsal.timeoutSeconds`.
   * @default 3600 plus 240 for each GiB of the destination; `partition` 600, a preparation 3600
   */
  stepSeconds?: number;
  /**
   * Seconds until a snapshot is completed: the source's, and the destination's.
   * @default 86400 plus 60 for each GiB of `destination.sizeGb`, or of 65536 GiB if that is not given
   */
  snapshotSeconds?: number;
  /**
   * Seconds until the image is available.
   * @default 86400 plus 60 for each GiB of `destination.sizeGb`, or of 65536 GiB if that is not given
   */
  imageSeconds?: number;
  /**
   * Seconds for each of these waits: until the launched instance runs, and until it answers for its boot proof.
   * @default 1800; for the answer 4 more for each GiB of the image
   */
  launchSeconds?: number;
}

/** Arguments of a `PvToHvmMigration`. */
export interface PvToHvmMigrationArgs {
  /**
   * The source: image, snapshot, volume or instance.
   */
  source: OneSource<SourceArgs>;
  /**
   * The instance that does the work.
   */
  helper: HelperArgs;
  /**
   * The volume that gets the converted system.
   * @default the source's size plus 1 GiB, gp3, encrypted
   */
  destination?: DestinationArgs;
  /**
   * What the converted system must be able to do.
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
   * The boot of the destination on the helper.
   * @default it is done, with at most 3600 seconds
   */
  rehearsal?: RehearsalArgs;
  /**
   * How long each wait may take.
   * @default limits that grow with the disk; no disk on EC2 should reach them
   */
  timeouts?: TimeoutsArgs;
  /**
   * How far to go. `inspect` is the dry run. If you raise it later, the migration continues without repeating, and starts the
   * helper if it is stopped. Once an image is published you cannot lower it, because that would delete the image.
   * @default "publish"
   */
  until?: Until;
  /**
   * Convert again although nothing else changed: set it to another number. This also makes a new helper.
   * @default none
   */
  revision?: pulumi.Input<number>;
  /**
   * What happens to helper, volumes and commands when everything that `until` asks for is done. Set `removed` only after a
   * successful `up` that has published an image.
   * @default "stopped"
   */
  workbench?: Workbench;
  /**
   * Protect the image, its snapshot and the launched instance. Then no new conversion, no `pulumi destroy` and no removal from
   * the program deletes them. To remove the protection, set it to false in a separate update. Not part of the key. Plain, because
   * the engine needs it before any output resolves.
   * @default false
   */
  protect?: boolean;
  /**
   * Keep the image and its snapshot in EC2 when you remove the migration from the program, or when a new conversion replaces
   * them. The stack then forgets them, and `pv-to-hvm sweep` finds them. It takes effect after one update has run with it. Not
   * part of the key. Plain, because the engine needs it before any output resolves.
   * @default false
   */
  keepImage?: boolean;
  /**
   * Mark the outputs `report`, `plan` and `sourceReport` and the steps' output as secret. Pulumi then encrypts them in the state
   * and does not show them, also for a finished conversion. Passwords with a known form are masked in any case. It makes and
   * replaces nothing. If you set it to false again, the outputs are no longer secret; the steps' output stays encrypted. Not part
   * of the key. Plain, because the engine needs it before any output resolves.
   * @default false
   */
  secretReports?: boolean;
  /**
   * Tags for all resources that can carry them, in addition to the migration's own.
   * @default none
   */
  tags?: pulumi.Input<{ [key: string]: pulumi.Input<string> }>;
}
