/** Disks that really fail: the kernel's own errors, from places that QEMU's blkdebug made bad. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { RECORD_OFFSET, MIB } from "../../../converter/disk/sizes";
import { readAt, withDisk } from "../../../converter/disk/bytes";
import { type CopyRequest, copyPieces } from "../../../converter/disk/copy/copier";
import { UnreadableError } from "../../../converter/disk/copy/diskErrors";
import { checkHealth } from "../../../converter/disk/filesystem/health";
import { withLoop } from "../../../converter/disk/loop";
import { writeRecord } from "../../../converter/disk/record";
import { run } from "../../../converter/run";
import type { DiskRecord } from "../../../converter/types";
import { type DiskFault, withFaultyDisk } from "../faultyDisk";
import { blankDisk, command, filesystemWith, isRoot, noise, removeFolders } from "./images";

const SIZE = 8 * MIB;
const NO_PAUSES = [0, 0, 0];

function noisyDisk(): string {
  const file = blankDisk(SIZE / MIB);
  fs.writeFileSync(file, noise(SIZE, "faults"));
  return file;
}

function copyWhole(source: string, destination: string, more: Partial<CopyRequest> = {}) {
  return copyPieces({
    ...{ source, destination, pieces: [{ from: 0, to: 0, length: SIZE }], totalBytes: SIZE },
    ...{ pausesMs: NO_PAUSES, onProgress: () => undefined, onVerified: () => undefined },
    ...more,
  });
}

const hasTools = isRoot && fs.existsSync("/usr/bin/qemu-storage-daemon") && fs.existsSync("/dev/fuse");
(hasTools ? describe : describe.skip)("a disk with bad places", function () {
  this.timeout(60_000);
  after(removeFolders);

  it("is copied whole where the places recover, and says that it was tried again", async () => {
    const file = noisyDisk();
    const destination = blankDisk(SIZE / MIB);
    const told: string[] = [];
    const readErrors = { offset: 3 * MIB + 4096, times: 2 };
    await withFaultyDisk({ file, readErrors }, (source) =>
      copyWhole(source, destination, { onRetry: (error, byte) => told.push(`${byte} ${error.message}`) }),
    );
    assert.ok(fs.readFileSync(destination).equals(fs.readFileSync(file)));
    assert.deepEqual(told, Array(2).fill(`${3 * MIB} EIO: i/o error, read`));
  });

  it("is told by its unreadable bytes, to the sector, and by what was read well", async () => {
    const file = noisyDisk();
    const before = fs.readFileSync(file);
    const readErrors = { offset: 5 * MIB + 1024, length: 1536 };
    const failure = await withFaultyDisk({ file, readErrors }, (source) =>
      copyWhole(source, blankDisk(SIZE / MIB)).catch((error: unknown) => error),
    );
    assert.ok(failure instanceof UnreadableError, String(failure));
    assert.deepEqual(failure.unreadable.ranges, [{ start: 5 * MIB + 1024, end: 5 * MIB + 2560 }]);
    assert.match(failure.message, /1536 bytes from byte 5243904 on cannot be read \(EIO: i\/o error, read\)/);
    assert.ok((failure.goodBytes ?? SIZE) <= SIZE - MIB);
    assert.ok(fs.readFileSync(file).equals(before), "the source changed");
  });

  const WRITES: [what: string, fault: DiskFault, said: RegExp | undefined][] = [
    ["is written in spite of a write that failed twice", { offset: 2 * MIB, times: 2 }, undefined],
    [
      "is told by the byte from which on it cannot be written",
      { offset: 2 * MIB + 512 },
      /^Error: destination \/dev\/loop\d+, byte 2097152: the 1 MiB from there on cannot be written \(EIO/,
    ],
    [
      "is told where there is no room for it any more",
      { offset: 6 * MIB, code: "ENOSPC" },
      /byte 6291456: the 1 MiB .* cannot be written \(ENOSPC.*Make room on the disk that the file lies on/,
    ],
  ];
  for (const [what, writeErrors, said] of WRITES) {
    it(what, async () => {
      const source = noisyDisk();
      const file = blankDisk(SIZE / MIB);
      await withFaultyDisk({ file, writeErrors }, async (destination) => {
        const copying = copyWhole(source, destination);
        if (said) await assert.rejects(copying, said);
        else await copying;
      });
      if (!said) assert.ok(fs.readFileSync(file).equals(fs.readFileSync(source)));
    });
  }

  it("is told by the byte of the disk, where a loop device showed a part of it", async () => {
    const file = noisyDisk();
    await withFaultyDisk({ file, readErrors: { offset: 4 * MIB } }, (disk) =>
      withLoop({ path: disk, offset: MIB, readOnly: true }, run, (part) =>
        withDisk(part, "read", (handle) =>
          assert.rejects(
            readAt(handle, 3 * MIB, 512, NO_PAUSES),
            new RegExp(`^Error: ${disk}, byte 4194304: 512 bytes from there on cannot be read \\(EIO`),
          ),
        ),
      ),
    );
  });

  it("is told where the record cannot be written, and keeps the one before", async () => {
    const file = blankDisk(8);
    const record = { format: 1, fingerprint: "f", finished: [] } as unknown as DiskRecord;
    await withDisk(file, "write", (disk) => writeRecord(disk, record));
    const slots = fs.readFileSync(file).subarray(RECORD_OFFSET, MIB);
    const writeErrors = { offset: RECORD_OFFSET + (MIB - RECORD_OFFSET) / 2 };
    await withFaultyDisk({ file, writeErrors }, (path) =>
      assert.rejects(
        withDisk(path, "write", (disk) => writeRecord(disk, { ...record, fingerprint: "g" })),
        /disk, byte 917504: what was written from there on did not reach the disk \(EIO.*new revision/,
      ),
    );
    const left = fs.readFileSync(file).subarray(RECORD_OFFSET, MIB);
    assert.ok(left.subarray(0, left.length / 2).equals(slots.subarray(0, left.length / 2)));
  });

  describe("that are metadata of its filesystem", () => {
    const EXT4 = { type: "ext4", needsRecovery: false, blockCount: 6144, blockSizeBytes: 4096 } as const;

    /** Where the inodes lie, and nothing else that is read before them. */
    function inodeTable(file: string): number {
      const text = command("dumpe2fs", file);
      const block = Number(/Inode table at (\d+)/i.exec(text)?.[1]);
      return block * Number(/^Block size: +(\d+)/m.exec(text)?.[1]);
    }

    it("is not called damaged where they recover", async () => {
      const file = filesystemWith({ a: "b" });
      const readErrors = { offset: inodeTable(file), times: 2 };
      const found = await withFaultyDisk({ file, readErrors }, (device) =>
        checkHealth(device, EXT4, run, { pausesMs: NO_PAUSES }),
      );
      assert.deepEqual(found, { health: "clean", said: [] });
    });

    it("is called unreadable, in the checker's words, where they do not", async () => {
      const file = filesystemWith({ a: "b" });
      const found = await withFaultyDisk({ file, readErrors: { offset: inodeTable(file) } }, (device) =>
        checkHealth(device, EXT4, run, { pausesMs: [] }),
      );
      assert.equal(found.health, undefined);
      assert.match(found.unreadable ?? "", /^Error reading block \d+ \(Input\/output error\)$/);
    });
  });
});
