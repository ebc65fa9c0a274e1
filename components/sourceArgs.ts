import * as pulumi from "@pulumi/pulumi";
import type { JumpHostArgs } from "./args";
import { Architecture, OtherVolumes } from "./enums";

/** A source with one id, and the arguments that are allowed with that id. */
type Said<T, Id extends keyof T, Further extends keyof T = never> = Required<Pick<T, Id>> &
  Pick<T, Further> & { [Other in Exclude<keyof T, Id | Further>]?: undefined };

/**
 * A source with exactly one id, and only the arguments that are allowed with that id: `{}`, two ids, or `stopFirst` with an
 * image do not compile. A schema has no unions: schema and documents read the fields from the type argument.
 */
export type OneSource<T extends SourceArgs> =
  | Said<T, "imageId", "otherVolumes" | Everywhere>
  | Said<T, "snapshotId", "architecture" | Everywhere>
  | Said<T, "volumeId", "architecture" | Everywhere>
  | Said<T, "instanceId", "stopFirst" | "connection" | "prepare" | Everywhere>;

/** Allowed with every source. */
type Everywhere = "volumeInitializationRate";

/**
 * The source of the migration. Give exactly one of `imageId`, `snapshotId`, `volumeId` and `instanceId`. The graph depends on
 * which one, so the program must know which one is given. Its value may be an output.
 */
export interface SourceArgs {
  /**
   * The paravirtual image. This account must be allowed to read its root snapshot. A shared image gives the right to launch it,
   * not to read its snapshot.
   * @default none
   * @example
   * ```ts
   * { source: { imageId: "ami-0123456789abcdef0" } }
   * ```
   */
  imageId?: pulumi.Input<string>;
  /**
   * A snapshot of a paravirtual root volume. Use it if the image was deregistered, or was never registered.
   * @default none
   * @example
   * ```ts
   * { source: { snapshotId: "snap-0123456789abcdef0" } }
   * ```
   */
  snapshotId?: pulumi.Input<string>;
  /**
   * A paravirtual root volume that is not attached, or is attached to a stopped instance. The migration takes a snapshot of it,
   * and deletes that with the workbench. It only reads the volume. The volume may be in another availability zone than the
   * helper.
   * @default none
   * @example
   * ```ts
   * { source: { volumeId: "vol-0123456789abcdef0" } }
   * ```
   */
  volumeId?: pulumi.Input<string>;
  /**
   * A paravirtual instance, running or stopped. The migration takes a snapshot of its root volume, and deletes that with the
   * workbench. `sourceReport` names its other volumes, which stay where they are. The snapshot of a running instance is
   * crash-consistent: it is like the disk after a power failure. Set `stopFirst` for a snapshot without writes under way.
   * @default none
   * @example
   * ```ts
   * { source: { instanceId: "i-0123456789abcdef0", stopFirst: true } }
   * ```
   */
  instanceId?: pulumi.Input<string>;
  /**
   * Architecture of the new image. Only with `snapshotId` and `volumeId`, which do not have one in EC2. Set it so that the launch
   * type can be checked before anything is created. Part of the key.
   * @default what the inspection finds in the guest (for an image or an instance: its own)
   */
  architecture?: pulumi.Input<Architecture>;
  /**
   * What happens to the volumes that the image maps in addition to its root. The new image has only the root, so an image with
   * other volumes is refused until you set this. Instance stores that it maps are listed, and do not matter. Only with `imageId`:
   * an instance keeps its other volumes, and `sourceReport` names them. Plain. Not part of the key.
   * @default "refuse"
   */
  otherVolumes?: OtherVolumes;
  /**
   * MiB/s at which EBS loads the source volume from its snapshot, from 100 to 300. Without it EBS loads a block when it is first
   * read, in the worst case at about 5 MiB/s: 500 GiB take a day. At 300 they take half an hour. EBS bills it by the GiB of the
   * snapshot ([costs](costs.md)), and limits how many MiB/s an account may have at a time. Not part of the key: a new value does
   * not affect a finished conversion.
   * @default none: blocks are loaded as they are read
   */
  volumeInitializationRate?: pulumi.Input<number>;
  /**
   * Stop the instance before its snapshot is taken, and start it again when the snapshot is complete. A volume's first snapshot
   * takes minutes, later ones less. The helper is made before anything is stopped. Only with `instanceId`. Plain, because the
   * graph depends on it; part of the key.
   *
   * While it is stopped it serves nobody. Without an Elastic IP it gets another public address, and data on instance store
   * volumes is lost (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html). An instance of an Auto Scaling group
   * is refused, because the group would terminate it. An instance that was stopped before is started too: leave `stopFirst` out
   * if it should stay stopped. If the snapshot fails, the instance stays stopped until you run `pulumi up` again, which continues
   * and starts it. `until: "inspect"` stops it too, unless `prepare` is set, because the helper inspects that snapshot.
   * @default false: the snapshot is taken while the instance runs
   */
  stopFirst?: boolean;
  /**
   * How to reach the running instance over ssh. If you give it, the instance is inspected in place before anything is created:
   * kernels, initramfs, boot files, free space, and what is missing. If the instance cannot be migrated, the migration stops
   * there. Only the inspection program is written to it, in the user's home, and removed afterwards. Only with `instanceId`. The
   * program must know whether it is given. Not part of the key: a finished conversion does not connect again.
   * @default none: nothing connects to the instance
   * @example
   * ```ts
   * { connection: { user: "ec2-user", privateKey: config.requireSecret("sourceKey") } }
   * ```
   */
  connection?: SourceConnectionArgs;
  /**
   * Prepare the running instance before its snapshot is taken: its own package manager installs what the inspection found missing
   * (GRUB, a kernel that boots as HVM, drivers for NVMe and ENA, a rebuilt initramfs). The way it boots today does not change.
   * This is the only argument that writes to a source. Only with `connection`; plain; part of the key. With `until: "inspect"`
   * nothing is prepared and no copy is made: the inspection says what would be installed, and the dry run ends there.
   * @default false: the source is only read
   */
  prepare?: boolean;
}

/** How to reach a running source over ssh, with a key. Its sshd may be from 2010. It needs no sftp. */
export interface SourceConnectionArgs {
  /**
   * The user to log in as: root, or a user that becomes root by `sudo -n`, without a password or a terminal.
   * @example
   * ```ts
   * { user: "root" }
   * ```
   */
  user: pulumi.Input<string>;
  /**
   * Private key in PEM or OpenSSH form. Use RSA for systems before OpenSSH 6.5, which do not know ed25519. Kept secret.
   */
  privateKey: pulumi.Input<string>;
  /**
   * Address or name to connect to. Set it to use your own name, or if you reach the instance through a VPN.
   * @default the instance's public address; its private one with `usePrivateAddress` or a `jumpHost`
   */
  host?: pulumi.Input<string>;
  /**
   * ssh port.
   * @default 22
   */
  port?: pulumi.Input<number>;
  /**
   * The instance's public host key, as in its `/etc/ssh/ssh_host_ed25519_key.pub` (`ssh-ed25519 AAAA…`). Give an ed25519 or ecdsa
   * key if it has one: with an `ssh-rsa` key the command provider asks only for SHA-1 signatures. Systems before OpenSSH 5.7 have
   * only RSA, and accept those. Without `hostKey` the host is not checked, and a preview says so.
   * @default none
   */
  hostKey?: pulumi.Input<string>;
  /**
   * Reach the instance by its private address. Not with `host`, which names the address itself.
   * @default false; true with a `jumpHost`
   */
  usePrivateAddress?: boolean;
  /**
   * Go through this host.
   * @default none
   */
  jumpHost?: JumpHostArgs;
}
