import { mkdirSync } from "node:fs";
import { chmod, link, open, rename, rm, stat, truncate } from "node:fs/promises";
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
    for (const folder of ["volumes", "snapshots"])
      mkdirSync(path.join(directory, folder), { recursive: true });
  }

  volumeFile(volumeId: string): string {
    return path.join(this.directory, "volumes", `${volumeId}.raw`);
  }

  snapshotFile(snapshotId: string): string {
    return path.join(this.directory, "snapshots", `${snapshotId}.raw`);
  }

  /** A volume's file of its full size: blank, or with a snapshot's bytes at its beginning. */
  async fillVolume(volumeId: string, sizeGb: number, snapshotId?: string): Promise<void> {
    const file = this.volumeFile(volumeId);
    if (snapshotId) await copySparse(this.snapshotFile(snapshotId), file, "filling the volume");
    else await (await open(file, "w")).close();
    await chmod(file, 0o600);
    await truncate(file, sizeGb * BYTES_PER_GB);
  }

  /** The file only grows: EC2 cannot shrink a volume either. */
  async growVolume(volumeId: string, sizeGb: number): Promise<void> {
    await truncate(this.volumeFile(volumeId), sizeGb * BYTES_PER_GB);
  }

  /** A snapshot's bytes never change again, and the file's mode says so. */
  async takeSnapshot(volumeId: string, snapshotId: string): Promise<void> {
    const file = this.snapshotFile(snapshotId);
    await copySparse(this.volumeFile(volumeId), file, "taking the snapshot");
    await chmod(file, 0o444);
  }

  /**
   * Makes a snapshot of an image file: by a hard link where both lie on one filesystem, so that no gigabyte is
   * copied. Does nothing where the snapshot already has that file's size and time of change.
   */
  async adoptAsSnapshot(imageFile: string, snapshotId: string): Promise<void> {
    const file = this.snapshotFile(snapshotId);
    if (await looksTheSame(imageFile, file)) return;
    const beside = `${file}.new`;
    await rm(beside, { force: true });
    await link(imageFile, beside).catch(() => copySparse(imageFile, beside, "seeding the snapshot"));
    await chmod(beside, 0o444);
    await rename(beside, file);
  }

  async removeVolume(volumeId: string): Promise<void> {
    await rm(this.volumeFile(volumeId), { force: true });
  }

  async removeSnapshot(snapshotId: string): Promise<void> {
    await rm(this.snapshotFile(snapshotId), { force: true });
  }
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
