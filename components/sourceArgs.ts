import * as pulumi from "@pulumi/pulumi";
import type { JumpHostArgs } from "./args";
import { Architecture, OtherVolumes } from "./enums";

/** A source by one id, and what goes with that; nothing else of it is given. */
type Said<T, Id extends keyof T, Further extends keyof T = never> = Required<Pick<T, Id>> &
  Pick<T, Further> & { [Other in Exclude<keyof T, Id | Further>]?: undefined };

/**
 * A source by exactly one id, with what goes with that id alone: `{}`, two ids, or `stopFirst` beside an image do not
 * compile. A schema has no unions: by the type argument it knows the fields, as the documents do.
 */
export type OneSource<T extends SourceArgs> =
  | Said<T, "imageId", "otherVolumes" | Everywhere>
  | Said<T, "snapshotId", "architecture" | Everywhere>
  | Said<T, "volumeId", "architecture" | Everywhere>
  | Said<T, "instanceId", "stopFirst" | "connection" | "prepare" | Everywhere>;

/** What goes with every source. */
type Everywhere = "volumeInitializationRate";

/**
 * What is migrated. Exactly one of `imageId`, `snapshotId`, `volumeId` and `instanceId`.
 * Which of them is given decides the graph's shape, so their presence must be known to the program; their values may
 * be outputs.
 */
export interface SourceArgs {
  /**
   * The paravirtual image. Its root snapshot must be this account's to read: sharing an image shares the right to
   * launch it, not its snapshot.
   * @default none
   * @example
   * ```ts
   * { source: { imageId: "ami-0123456789abcdef0" } }
   * ```
   */
  imageId?: pulumi.Input<string>;
  /**
   * A snapshot of a paravirtual root volume. Use it where the image is gone, or was never registered.
   * @default none
   * @example
   * ```ts
   * { source: { snapshotId: "snap-0123456789abcdef0" } }
   * ```
   */
  snapshotId?: pulumi.Input<string>;
  /**
   * A paravirtual root volume that is attached to nothing, or to an instance that is stopped. A snapshot of it is taken,
   * which goes with the workbench; the volume itself is only read. It may lie in another availability zone than the helper.
   * @default none
   * @example
   * ```ts
   * { source: { volumeId: "vol-0123456789abcdef0" } }
   * ```
   */
  volumeId?: pulumi.Input<string>;
  /**
   * A paravirtual instance, running or stopped. A snapshot of its root volume is taken, which goes with the workbench;
   * its other volumes are named in `sourceReport` and stay where they are. Of a running instance the snapshot is
   * crash-consistent: what it would find on its disk after a power failure. Set `stopFirst` for one without writes under way.
   * @default none
   * @example
   * ```ts
   * { source: { instanceId: "i-0123456789abcdef0", stopFirst: true } }
   * ```
   */
  instanceId?: pulumi.Input<string>;
  /**
   * Architecture of the new image. Only with `snapshotId` and `volumeId`, which do not know their own; set it so that a
   * launch type can be checked before anything is created. Part of the key.
   * @default what the inspection finds in the guest (an image and an instance: their own)
   */
  architecture?: pulumi.Input<Architecture>;
  /**
   * What becomes of the volumes that the image maps beside its root. The new image has the root alone, so an image with
   * others is refused until this is said. Instance stores that it maps are told and stand in nobody's way. Only with `imageId`:
   * the other volumes of an instance stay on it, and are named in `sourceReport`. Plain. Not part of the key.
   * @default "refuse"
   */
  otherVolumes?: OtherVolumes;
  /**
   * MiB a second at which EBS loads the source volume from its snapshot, from 100 to 300. Without it a block is loaded when
   * it is first read, in the worst case at about 5 MiB/s, and 500 GiB take a day; at 300 they take half an hour. EBS bills it by
   * the GiB of the snapshot ([costs](costs.md)), and limits how many MiB/s of it an account may have at a time. Not part of the
   * key: a finished conversion does not mind another value.
   * @default none: blocks are loaded as they are read
   */
  volumeInitializationRate?: pulumi.Input<number>;
  /**
   * Stop the instance before its snapshot is taken, and start it again when that is complete: minutes for the first of a
   * volume, less for later ones. The helper is made before anything is stopped. Only with `instanceId`. Plain, since the graph's
   * shape hangs on it; part of the key.
   *
   * While it is stopped it serves nobody. Without an Elastic IP it comes back with another public address, and what is on
   * instance store volumes is lost (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html). An instance of an
   * Auto Scaling group is refused: the group would end it. One that is stopped already is started as well: leave this out
   * for one that shall stay as it is. Where the snapshot fails, the instance stays stopped until `pulumi up` is run again,
   * which goes on from there and starts it. `until: "inspect"` stops it too, unless `prepare` is set: what is inspected on
   * the helper is that snapshot.
   * @default false: the snapshot is taken while the instance runs
   */
  stopFirst?: boolean;
  /**
   * How the running instance is reached over ssh. Given, it is inspected in place before anything is created: kernels,
   * initramfs, boot files, free space, and what is missing. What it cannot be migrated with stops the migration there, and
   * nothing is written to it but the program, in the user's home, which is removed afterwards. Only with `instanceId`.
   * Whether it is given must be known to the program. Not part of the key: a finished conversion does not dial again.
   * @default none: the instance is not dialled
   * @example
   * ```ts
   * { connection: { user: "ec2-user", privateKey: config.requireSecret("sourceKey") } }
   * ```
   */
  connection?: SourceConnectionArgs;
  /**
   * Have the running instance prepared before its snapshot is taken: its own package manager installs what the inspection
   * found missing (GRUB, a kernel that boots as HVM, drivers for NVMe and ENA, a rebuilt initramfs). How it boots today stays
   * as it is. This alone writes to a source. Only with `connection`; plain; part of the key. With `until: "inspect"` nothing
   * is prepared and no copy is made: the inspection says what would be installed, and the dry run ends there.
   * @default false: the source is only read
   */
  prepare?: boolean;
}

/** How to reach a running source over ssh, by a key. Its sshd may be of 2010: nothing newer is asked of it, and no sftp. */
export interface SourceConnectionArgs {
  /**
   * The user to log in as: root, or one that may become root by `sudo -n`, without a password and a terminal.
   * @example
   * ```ts
   * { user: "root" }
   * ```
   */
  user: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form. Use RSA for systems older than OpenSSH 6.5, which know no ed25519. Kept secret.
   */
  privateKey: pulumi.Input<string>;
  /**
   * Address or name to dial. Set it for a name of your own, or where the instance is reached through a VPN.
   * @default the instance's public address; its private one with `usePrivateAddress` or a `jumpHost`
   */
  host?: pulumi.Input<string>;
  /**
   * ssh port.
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * The instance's public host key, as in its `/etc/ssh/ssh_host_ed25519_key.pub` (`ssh-ed25519 AAAA…`). Name an ed25519 or ecdsa key where
   * it has one: with an `ssh-rsa` key the command provider asks for signatures by SHA-1 alone. Systems before OpenSSH 5.7 have
   * no other, and give those. Without it the host is not checked, and a preview says so.
   * @default none
   */
  hostKey?: pulumi.Input<string>;
  /**
   * Reach the instance by its private address. Not beside `host`, which says it itself.
   * @default false; true where there is a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none
   */
  jumpHost?: JumpHostArgs;
}
