/**
 * Copies of a running machine's volumes, made by QEMU itself: what the guest overwrites while the copy is under way is
 * read first, so that it is of the moment at which it began. The job is QEMU's, and outlives whoever asked for it.
 */
import * as fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { QmpClient } from "../../converter/boot/qmp";
import { FailedError } from "../../converter/errors";
import { blockNode, copyNode } from "./disks";
import type { AttachedVolume } from "./machine";

/**
 * Begins a copy into a new file as large as the machine sees the volume.
 * @param name of the job, and of QEMU's node for the file: a letter, then up to 30 letters, digits, `-`, `.` or `_`.
 */
export async function beginCopy(
  qmp: QmpClient,
  volume: AttachedVolume,
  name: string,
  file: string,
): Promise<void> {
  const source = blockNode(volume)["node-name"];
  fs.writeFileSync(file, "", { mode: 0o600 });
  fs.truncateSync(file, await sizeOf(qmp, source));
  await qmp.execute("blockdev-add", copyNode(name, file));
  const job = { "job-id": name, device: source, target: name, sync: "full", "auto-dismiss": false };
  await qmp.execute("blockdev-backup", job);
}

/**
 * Waits until a copy is whole, and lets go of its file.
 * @throws FailedError if QEMU knows of none of this name (it was started anew since), or could not write it.
 */
export async function finishCopy(qmp: QmpClient, name: string): Promise<void> {
  let job = await jobOf(qmp, name);
  while (job.status !== "concluded") {
    await sleep(50);
    job = await jobOf(qmp, name);
  }
  await qmp.execute("job-dismiss", { id: name });
  await qmp.execute("blockdev-del", { "node-name": name });
  if (job.error !== undefined) throw new FailedError(`${name}: QEMU could not write the copy: ${job.error}.`);
}

/** Of a machine that has ended: its copies end with it. */
export function copyCutShort(name: string): FailedError {
  return new FailedError(
    `${name}: the machine ended before its volume was copied, and the copy with it. Take another snapshot.`,
  );
}

interface Job {
  id: string;
  status: string;
  error?: string;
}

async function jobOf(qmp: QmpClient, name: string): Promise<Job> {
  const job = ((await qmp.execute("query-jobs")) as Job[]).find(({ id }) => id === name);
  if (job === undefined) throw copyCutShort(name);
  return job;
}

interface BlockNode {
  "node-name": string;
  image: { "virtual-size": number };
}

async function sizeOf(qmp: QmpClient, node: unknown): Promise<number> {
  const nodes = (await qmp.execute("query-named-block-nodes", { flat: true })) as BlockNode[];
  const found = nodes.find((each) => each["node-name"] === node);
  if (found === undefined) throw new FailedError(`${String(node)}: the machine does not have this volume.`);
  return found.image["virtual-size"];
}
