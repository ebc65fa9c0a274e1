import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import type { MachineKind } from "../machines/machine";
import { TOOLBOX_VARIABLE } from "../machines/toolbox";
import { ACCOUNT_ID, DEBIAN_ACCOUNT_ID } from "./account";
import type { Cloud } from "./cloud";
import { sizeInGb } from "./disks";
import type { ImageRecord } from "./images";
import { formatRsaPublicKey } from "./openssh";

export interface SeedFiles {
  /** A raw image without a partition table: what PV-GRUB boots. */
  sampleImage: string;
  /** A raw disk image that boots, and in whose first partition sshd can be started: the root of helpers. */
  helperImage: string;
  /** What instances of the helper's image run on. Default `container`. */
  helperMachine?: MachineKind;
}

export const SAMPLE_IMAGE_ID = "ami-00000000000000001";
export const HELPER_IMAGE_ID = "ami-00000000000000002";
export const SAMPLE_SNAPSHOT_ID = "snap-00000000000000001";
export const HELPER_SNAPSHOT_ID = "snap-00000000000000002";
export const LIVE_SOURCE_IMAGE_ID = "ami-00000000000000003";
export const LIVE_SOURCE_SNAPSHOT_ID = "snap-00000000000000003";
export const SEEDED_KEY_NAME = "local";

/**
 * Puts into the cloud what a region has before its user comes: an old PV image of the user's own, Debian's image for
 * the helper, a key pair. The ids are fixed, since configurations name them. May be run again at any time: what is
 * there already stays, and an image file that changed is taken anew.
 */
export async function seed(cloud: Cloud, files: SeedFiles): Promise<void> {
  const { sampleImage, helperImage, helperMachine = "container" } = files;
  await seedImage(cloud, sampleImage, SAMPLE_SNAPSHOT_ID, pvSample);
  await seedImage(cloud, helperImage, HELPER_SNAPSHOT_ID, (facts) => debianHelper(facts, helperMachine));
  await seedKeyPair(cloud);
}

/** Puts the image of live sources into the cloud, where a machine of it is asked for: nothing else needs it. */
export async function seedLiveSource(cloud: Cloud, image: string): Promise<void> {
  await seedImage(cloud, image, LIVE_SOURCE_SNAPSHOT_ID, (facts) => ({
    ...pvSample(facts),
    ...rootedAt("/dev/sda1", LIVE_SOURCE_SNAPSHOT_ID, facts.sizeGb, "standard"),
    imageId: LIVE_SOURCE_IMAGE_ID,
    name: "debian-12-pv-live",
    description: "Paravirtual, to be run and to be prepared while it runs",
  }));
}

/** Lets machines run out of the helper's image that a cloud was seeded with, where the environment names none. */
export function useSeededToolbox(directory: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = path.join(directory, "snapshots", `${HELPER_SNAPSHOT_ID}.raw`);
  if (env[TOOLBOX_VARIABLE] === undefined && existsSync(file)) env[TOOLBOX_VARIABLE] = file;
}

/** Where the private half of the seeded key pair lies, in PEM. */
export function seededKeyFile(cloud: Cloud): string {
  return path.join(cloud.directory, "keys", "local.pem");
}

interface ImageFile {
  sizeGb: number;
  changedAt: Date;
}

async function seedImage(
  cloud: Cloud,
  file: string,
  snapshotId: string,
  describe: (facts: ImageFile) => ImageRecord,
): Promise<void> {
  const { size, mtime } = await stat(file).catch(() => {
    throw new Error(`${file}: there is no such image file. Build the images first: npm run demo does.`);
  });
  const image = describe({ sizeGb: sizeInGb(size), changedAt: mtime });
  await cloud.disks.adoptAsSnapshot(file, snapshotId);
  await cloud.snapshots.register({
    snapshotId,
    volumeId: "vol-ffffffff",
    volumeSizeGb: sizeInGb(size),
    description: `Root volume of ${image.name}`,
    state: "completed",
    encrypted: false,
    ownerId: image.ownerId,
    startTime: mtime.toISOString(),
    tags: {},
  });
  await cloud.images.adopt(image);
}

/** As somebody registered it in 2014 and kept: see `ec2-register --kernel aki-919dcaf8`. */
function pvSample({ sizeGb, changedAt }: ImageFile): ImageRecord {
  return {
    ...rootedAt("/dev/sda1", SAMPLE_SNAPSHOT_ID, sizeGb, "standard"),
    imageId: SAMPLE_IMAGE_ID,
    name: "debian-12-pv-sample",
    description: "Paravirtual sample: a bare filesystem with a menu.lst",
    ownerId: ACCOUNT_ID,
    isPublic: false,
    virtualizationType: "paravirtual",
    kernelId: "aki-919dcaf8",
    enaSupport: false,
    creationDate: changedAt.toISOString(),
    machine: "virtual-machine",
  };
}

function debianHelper({ sizeGb, changedAt }: ImageFile, machine: MachineKind): ImageRecord {
  const date = changedAt.toISOString().slice(0, 10).replaceAll("-", "");
  return {
    ...rootedAt("/dev/xvda", HELPER_SNAPSHOT_ID, sizeGb, "gp3"),
    imageId: HELPER_IMAGE_ID,
    name: `debian-13-amd64-${date}`,
    description: "Debian 13, with what the converter needs",
    ownerId: DEBIAN_ACCOUNT_ID,
    isPublic: true,
    virtualizationType: "hvm",
    enaSupport: true,
    sriovNetSupport: "simple",
    bootMode: "legacy-bios",
    creationDate: changedAt.toISOString(),
    machine,
  };
}

type Rooted = Pick<ImageRecord, "architecture" | "rootDeviceName" | "blockDeviceMappings" | "state" | "tags">;

function rootedAt(
  rootDeviceName: string,
  snapshotId: string,
  volumeSizeGb: number,
  volumeType: string,
): Rooted {
  const ebs = { snapshotId, volumeSizeGb, volumeType, deleteOnTermination: true, encrypted: false };
  const instanceStore = { deviceName: "/dev/sdb", virtualName: "ephemeral0" };
  const root = { deviceName: rootDeviceName, ebs };
  return {
    architecture: "x86_64",
    rootDeviceName,
    // Old images name their instance-store disk; Debian's of today do not.
    blockDeviceMappings: rootDeviceName === "/dev/sda1" ? [root, instanceStore] : [root],
    state: "available",
    tags: {},
  };
}

/** RSA, since the OpenSSH of an old guest may know nothing newer. */
async function seedKeyPair(cloud: Cloud): Promise<void> {
  if (await cloud.keyPairs.find(SEEDED_KEY_NAME)) return;
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
  const file = seededKeyFile(cloud);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, privateKey.export({ type: "pkcs1", format: "pem" }), { mode: 0o600 });
  await cloud.keyPairs.import(SEEDED_KEY_NAME, formatRsaPublicKey(publicKey, SEEDED_KEY_NAME));
}
