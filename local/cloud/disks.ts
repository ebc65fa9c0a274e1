import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { chmod, link, open, readdir, rename, rm, stat, truncate } from "node:fs/promises";
import path from "node:path";
import { run } from "../../converter/run";

export const BYTES_PER_GB = 1024 ** 3;

/** Sizes on EC2 are whole GiB: the bytes of a file, rounded up. */
export function sizeInGb(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / BYTES_PER_GB));
}

/** The bytes of volumes and snapshots: sparse raw files, `volumes/<id>.raw` and `snapshots/<id>.raw`. */
export class Disks {
  constructor(private readonly directory: string) {
    for (const folder of ["volumes", "snapshots", "copies", "instance-stores"])
      mkdirSync(path.join(directory, folder), { recursive: true });
  }

  volumeFile(volumeId: string): string {
    return path.join(this.directory, "volumes", `${volumeId}.raw`);
  }

  snapshotFile(snapshotId: string): string {
    return path.join(this.directory, "snapshots", `${snapshotId}.raw`);
  }

  /** The root disk of an instance that has no EBS volume for it. */
  instanceStoreFile(instanceId: string): string {
    return path.join(this.directory, "instance-stores", `${instanceId}.raw`);
  }

  /** With the bytes of what was uploaded to S3. */
  async fillInstanceStore(instanceId: string, imageLocation: string): Promise<void> {
    await makeWhole(this.instanceStoreFile(instanceId), async (file) => {
      await copySparse(path.join(this.directory, "s3", imageLocation), file, "filling the instance store");
    });
  }

  async removeInstanceStore(instanceId: string): Promise<void> {
    await rm(this.instanceStoreFile(instanceId), { force: true });
  }

  /** A volume's file of its full size: blank, or with a snapshot's bytes at its beginning. */
  async fillVolume(volumeId: string, sizeGb: number, snapshotId?: string): Promise<void> {
    await makeWhole(this.volumeFile(volumeId), async (file) => {
      if (snapshotId) await copySparse(this.snapshotFile(snapshotId), file, "filling the volume");
      else await (await open(file, "w")).close();
      await chmod(file, 0o600);
      await truncate(file, sizeGb * BYTES_PER_GB);
    });
  }

  /** The file only grows: EC2 cannot shrink a volume either. */
  async growVolume(volumeId: string, sizeGb: number): Promise<void> {
    await truncate(this.volumeFile(volumeId), sizeGb * BYTES_PER_GB);
  }

  /** A snapshot's bytes never change again, and the file's mode says so. */
  async takeSnapshot(volumeId: string, snapshotId: string): Promise<void> {
    await makeWhole(this.snapshotFile(snapshotId), async (file) => {
      await copySparse(this.volumeFile(volumeId), file, "taking the snapshot");
      await chmod(file, 0o444);
    });
  }

  /** Where a running machine puts the copy that a snapshot is made of, as long as it is not whole. */
  copyFile(snapshotId: string): string {
    return path.join(this.directory, "copies", `${snapshotId}.raw`);
  }

  /** The same when it is whole: whoever takes over from a killed process asks no machine for it any more. */
  private wholeCopyFile(snapshotId: string): string {
    return `${this.copyFile(snapshotId)}.whole`;
  }

  hasWholeCopy(snapshotId: string): boolean {
    return existsSync(this.wholeCopyFile(snapshotId));
  }

  /** The machine has let go of it. */
  async markCopyWhole(snapshotId: string): Promise<void> {
    await rename(this.copyFile(snapshotId), this.wholeCopyFile(snapshotId));
  }

  /** Makes a snapshot of a machine's copy, which goes. The copy has no holes; the snapshot has. */
  async takeSnapshotOfCopy(snapshotId: string, sizeGb: number): Promise<void> {
    await makeWhole(this.snapshotFile(snapshotId), async (file) => {
      await copySparse(this.wholeCopyFile(snapshotId), file, "taking the snapshot");
      await truncate(file, sizeGb * BYTES_PER_GB);
      await chmod(file, 0o444);
    });
    await this.removeCopy(snapshotId);
  }

  async removeCopy(snapshotId: string): Promise<void> {
    for (const file of [this.copyFile(snapshotId), this.wholeCopyFile(snapshotId)])
      await rm(file, { force: true });
  }

  /** When a volume's bytes were last written, in milliseconds since 1970. */
  async lastWritten(volumeId: string): Promise<number> {
    return (await stat(this.volumeFile(volumeId))).mtimeMs;
  }

  /**
   * Makes a snapshot of an image file: by a hard link where both lie on one filesystem, so that no gigabyte is
   * copied. Does nothing if the snapshot already has that file's size and time of change.
   */
  async adoptAsSnapshot(imageFile: string, snapshotId: string): Promise<void> {
    const file = this.snapshotFile(snapshotId);
    if (await looksTheSame(imageFile, file)) return;
    await makeWhole(file, async (beside) => {
      await link(imageFile, beside).catch(() => copySparse(imageFile, beside, "seeding the snapshot"));
      await chmod(beside, 0o444);
    });
  }

  /** Its file, and what copies that were cut short have left of it. */
  async removeVolume(volumeId: string): Promise<void> {
    await removeParts(this.volumeFile(volumeId));
    await rm(this.volumeFile(volumeId), { force: true });
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    await removeParts(this.snapshotFile(snapshotId));
    await rm(this.snapshotFile(snapshotId), { force: true });
  }
}

/**
 * Makes a file beside its place and puts it there when it is whole, so that no half of one ever passes for it. The name
 * is another each time: a copy that outlives its killed parent writes into what nobody looks at any more.
 */
async function makeWhole(file: string, make: (beside: string) => Promise<void>): Promise<void> {
  await removeParts(file);
  const beside = `${file}.${randomUUID()}.new`;
  await make(beside);
  await rename(beside, file);
}

async function removeParts(file: string): Promise<void> {
  const folder = path.dirname(file);
  const begun = (name: string) => name.startsWith(`${path.basename(file)}.`) && name.endsWith(".new");
  const parts = (await readdir(folder)).filter(begun);
  await Promise.all(parts.map((name) => rm(path.join(folder, name), { force: true })));
}

async function copySparse(from: string, to: string, purpose: string): Promise<void> {
  // Node's copyFile keeps no holes: a blank volume of 8 GiB would take 8 GiB.
  const command = ["cp", "--sparse=always", "--reflink=auto", "--preserve=timestamps", from, to];
  await run(command, { purpose, timeoutSeconds: 3600 });
}

async function looksTheSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(one), stat(other).catch(() => undefined)]);
  // cp keeps the time to the nanosecond, JavaScript to a fraction of a millisecond.
  return b !== undefined && a.size === b.size && Math.abs(a.mtimeMs - b.mtimeMs) < 1;
}
