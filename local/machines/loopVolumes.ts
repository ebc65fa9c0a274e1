/**
 * Volumes of a container: loop devices of the host, shown in the container's /dev under the names that EC2's udev rules
 * give. Which are attached is written down in the machine's directory, so that another process can free them.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import { serialOf } from "../../converter/disk/volume";
import { run } from "../../converter/run";
import type { AttachedVolume } from "./machine";

export interface LoopVolume {
  volumeId: string;
  file: string;
  /** On the host: `/dev/loop3`. */
  loop: string;
  /** In the container: `nvme1n1`. */
  node: string;
}

/** The link that udev makes for an EBS volume on Nitro. */
export const linkName = (volumeId: string) => `nvme-Amazon_Elastic_Block_Store_${serialOf(volumeId)}`;

/** The lowest name that is free; `nvme0n1` is the root volume. */
export function nextNode(attached: Pick<LoopVolume, "node">[]): string {
  const taken = new Set(attached.map(({ node }) => node));
  for (let number = 1; ; number++) {
    if (!taken.has(`nvme${number}n1`)) return `nvme${number}n1`;
  }
}

/** @param devFolder the container's /dev, as the host reaches it. */
export async function attachVolume(
  directory: string,
  devFolder: string,
  { volumeId, file }: AttachedVolume,
): Promise<void> {
  const attached = attachedVolumes(directory);
  if (attached.some((one) => one.volumeId === volumeId)) return;
  const found = await run(["losetup", "--find", "--show", file], {
    purpose: `attaching ${volumeId} as a loop device`,
  });
  const volume = { volumeId, file, loop: found.stdout.trim(), node: nextNode(attached) };
  save(directory, [...attached, volume]);
  await setWritable(volume);
  await showVolume(devFolder, volume);
}

/** Takes the names away and frees the loop device, at the latest when the last process in the container closes it. */
export async function detachVolume(directory: string, devFolder: string, volumeId: string): Promise<void> {
  const attached = attachedVolumes(directory);
  const volume = attached.find((one) => one.volumeId === volumeId);
  if (!volume) return;
  fs.rmSync(path.join(devFolder, "disk/by-id", linkName(volumeId)), { force: true });
  fs.rmSync(path.join(devFolder, volume.node), { force: true });
  await freeLoop(volume);
  save(
    directory,
    attached.filter((one) => one !== volume),
  );
}

/** Frees the loop devices of a container that has ended. */
export async function freeVolumes(directory: string): Promise<void> {
  for (const volume of attachedVolumes(directory)) await freeLoop(volume);
  save(directory, []);
}

async function showVolume(devFolder: string, { volumeId, loop, node }: LoopVolume): Promise<void> {
  const number = loop.replace("/dev/loop", "");
  await run(["mknod", "-m", "660", path.join(devFolder, node), "b", "7", number], {
    purpose: `showing ${volumeId}`,
  });
  fs.symlinkSync(`../../${node}`, path.join(devFolder, "disk/by-id", linkName(volumeId)));
}

/** Another machine may have the same loop device by now, which is left alone. */
async function freeLoop({ loop, file }: LoopVolume): Promise<void> {
  const own = await run(["losetup", "--noheadings", "--output", "NAME", "--associated", file], {
    purpose: `looking for ${loop}`,
  });
  if (!own.stdout.split(/\s+/).includes(loop)) return;
  await setWritable({ loop });
  await run(["losetup", "--detach", loop], { purpose: `freeing ${loop}` });
}

/**
 * A loop device that was set read-only (as the converter sets its source) stays so for whatever is attached to it next:
 * the kernel keeps that with the device, not with the file.
 */
async function setWritable({ loop }: Pick<LoopVolume, "loop">): Promise<void> {
  await run(["blockdev", "--setrw", loop], { purpose: `making ${loop} writable` });
}

const listFile = (directory: string) => path.join(directory, "volumes.json");

function attachedVolumes(directory: string): LoopVolume[] {
  const file = listFile(directory);
  return fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as LoopVolume[]) : [];
}

function save(directory: string, volumes: LoopVolume[]): void {
  if (fs.existsSync(directory)) fs.writeFileSync(listFile(directory), JSON.stringify(volumes, null, 2));
}
