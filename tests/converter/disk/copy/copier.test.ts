import assert from "node:assert/strict";
import * as fs from "node:fs";
import fc from "fast-check";
import {
  type Checkpoint,
  type Copied,
  type CopyRequest,
  copyBetween,
  copyPieces,
} from "../../../../converter/disk/copy/copier";
import type { DirectDisk } from "../../../../converter/disk/copy/directDisk";
import { usedRanges } from "../../../../converter/disk/filesystem/freeMap";
import { type Piece, piecesOf } from "../../../../converter/disk/copy/pieces";
import { MIB } from "../../../../converter/disk/sizes";
import { blankDisk, command, fileInside, filesystemWith, noise, removeFolders, sha256 } from "../images";

const OFFSET = MIB;

function lengthOf(pieces: Iterable<Piece>): number {
  return [...pieces].reduce((sum, { length }) => sum + length, 0);
}

function copyInto(
  source: string,
  destination: string,
  pieces: Iterable<Piece>,
  more: Partial<CopyRequest> = {},
): Promise<Copied> {
  return copyPieces({
    ...{ source, destination, pieces, totalBytes: lengthOf(pieces) },
    onProgress: () => undefined,
    onVerified: () => undefined,
    ...more,
  });
}

async function usedPieces(image: string): Promise<Iterable<Piece>> {
  return piecesOf(await usedRanges(image, { type: "ext4" }), 0, OFFSET);
}

const whole = (megabytes: number): Piece[] => [{ from: 0, to: 0, length: megabytes * MIB }];

function noisyDisk(megabytes: number, seed: string): string {
  const file = blankDisk(megabytes);
  fs.writeFileSync(file, noise(megabytes * MIB, seed));
  return file;
}

describe("the copier", () => {
  after(removeFolders);

  const FILES = {
    "boot/vmlinuz": noise(3_000_000, "kernel"),
    "etc/fstab": "/dev/sda1 / ext3 defaults 0 0\n",
    "zeros.bin": Buffer.alloc(2 * MIB),
  };

  for (const type of ["ext2", "ext3", "ext4"]) {
    it(`carries every file of an ${type} filesystem by its used blocks alone`, async () => {
      const source = filesystemWith(FILES, 24, ["-t", type]);
      const destination = blankDisk(26);
      await copyInto(source, destination, await usedPieces(source));
      for (const [name, bytes] of Object.entries(FILES)) {
        assert.equal(sha256(fileInside(destination, `/${name}`, OFFSET)), sha256(Buffer.from(bytes)), name);
      }
      command("e2fsck", "-fn", `${destination}?offset=${OFFSET}`);
    });
  }

  it("takes along every block that e2image takes along, as it is", async () => {
    const source = filesystemWith(FILES);
    const [ours, theirs] = [blankDisk(25), blankDisk(24)];
    await copyInto(source, ours, await usedPieces(source));
    command("e2image", "-ra", source, theirs);
    const [a, b] = [fs.readFileSync(ours).subarray(OFFSET), fs.readFileSync(theirs)];
    // e2image leaves the unused ends of inode tables out: only what it took is compared.
    const taken = Array.from({ length: b.length / 1024 }, (_, block) => block * 1024).filter((at) =>
      b.subarray(at, at + 1024).some((byte) => byte !== 0),
    );
    assert.ok(taken.length > 3000, `${taken.length} blocks taken`);
    assert.deepEqual(
      taken.filter((at) => !a.subarray(at, at + 1024).equals(b.subarray(at, at + 1024))),
      [],
    );
  });

  it("moves each piece to its place, whatever its size and alignment, and touches nothing else", async () => {
    const source = noisyDisk(3, "pieces");
    const bytes = fs.readFileSync(source);
    const steps = fc.array(fc.tuple(fc.nat(300_000), fc.integer({ min: 1, max: 700_000 })), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(steps, fc.constantFrom(1, 512, 4096), fc.nat(1000), async (gaps, unit, shift) => {
        const pieces: Piece[] = [];
        let at = 0;
        for (const [gap, length] of gaps) {
          const piece = { from: at + Math.ceil(gap / unit) * unit, length: Math.ceil(length / unit) * unit };
          at = piece.from + piece.length;
          if (at <= bytes.length) pieces.push({ ...piece, to: piece.from + shift * unit });
        }
        const destination = blankDisk(8);
        fs.writeFileSync(destination, Buffer.alloc(8 * MIB, 0xee));
        const expected = Buffer.alloc(8 * MIB, 0xee);
        for (const { from, to, length } of pieces) bytes.copy(expected, to, from, from + length);
        await copyInto(source, destination, pieces);
        assert.ok(fs.readFileSync(destination).equals(expected));
      }),
      { numRuns: 20 },
    );
  });

  it("writes zeros over what a once used disk holds", async () => {
    const destination = blankDisk(3);
    fs.writeFileSync(destination, Buffer.alloc(3 * MIB, 0xff));
    await copyInto(blankDisk(2), destination, [{ from: 0, to: OFFSET, length: 2 * MIB }]);
    const bytes = fs.readFileSync(destination);
    assert.ok(
      bytes.subarray(0, OFFSET).every((byte) => byte === 0xff),
      "the gap before partition 1 was touched",
    );
    assert.ok(bytes.subarray(OFFSET).every((byte) => byte === 0));
  });

  it("leaves a blank disk thin, and counts what it read and wrote", async () => {
    const source = filesystemWith({ "a.bin": noise(MIB, "thin") });
    const destination = blankDisk(26);
    const { bytesRead, bytesWritten } = await copyInto(source, destination, whole(24));
    assert.equal(bytesRead, 24 * MIB);
    assert.ok(bytesWritten >= MIB && bytesWritten < 24 * MIB, `${bytesWritten} bytes written`);
    assert.ok(fs.statSync(destination).blocks * 512 <= bytesWritten + MIB);
  });

  it("says that the source ends too early", async () => {
    await assert.rejects(
      copyInto(blankDisk(1), blankDisk(4), whole(2)),
      /^Error: source .*disk\.img: ends at byte 1048576/,
    );
  });

  it("counts up to the whole", async () => {
    const seen: number[] = [];
    await copyInto(noisyDisk(3, "progress"), blankDisk(3), whole(3), {
      onProgress: (done) => seen.push(done),
    });
    assert.deepEqual(seen, [MIB, 2 * MIB, 3 * MIB]);
  });
});

describe("a copy that was interrupted", () => {
  after(removeFolders);

  const SIZE = 160;
  let source: string;
  let checkpoints: Checkpoint[];
  let first: Copied;
  before(async () => {
    source = noisyDisk(SIZE, "interrupted");
    checkpoints = [];
    first = await copyInto(source, blankDisk(SIZE), whole(SIZE), {
      onVerified: (one) => void checkpoints.push(one),
    });
  });

  it("has told how far it was, every 32 MiB of a small disk and at its end", () => {
    assert.deepEqual(
      checkpoints.map(({ done }) => done / MIB),
      [32, 64, 96, 128, 160],
    );
  });

  it("goes on from there, reads nothing twice, and comes to the same checksum", async () => {
    const destination = blankDisk(SIZE);
    fs.writeFileSync(destination, fs.readFileSync(source).subarray(0, 32 * MIB));
    fs.truncateSync(destination, SIZE * MIB);
    const progress: number[] = [];
    const resumed = await copyInto(source, destination, whole(SIZE), {
      resume: checkpoints[0],
      onProgress: (done) => progress.push(done),
    });
    assert.equal(resumed.bytesRead, (SIZE - 32) * MIB);
    assert.equal(progress[0], 33 * MIB);
    assert.equal(resumed.sha256, first.sha256);
    assert.ok(fs.readFileSync(destination).equals(fs.readFileSync(source)));
  });

  it("has nothing left to do where it was at its end", async () => {
    const resumed = await copyInto(source, blankDisk(SIZE), whole(SIZE), { resume: checkpoints.at(-1) });
    assert.deepEqual(resumed, { bytesRead: 0, bytesWritten: 0, sha256: first.sha256 });
  });

  const OTHERS: [what: string, pieces: Piece[], resume: (checkpoint: Checkpoint) => Checkpoint][] = [
    ["other pieces", [{ from: 0, to: MIB, length: SIZE * MIB }], (one) => one],
    ["fewer bytes", [{ from: 0, to: 0, length: 8 * MIB }], (one) => one],
    ["a place that is no seam", whole(SIZE), (one) => ({ ...one, done: one.done - 1 })],
    ["a digest that is none", whole(SIZE), (one) => ({ ...one, digest: "" })],
  ];
  for (const [what, pieces, change] of OTHERS) {
    it(`begins anew where the checkpoint is of ${what}`, async () => {
      const { bytesRead } = await copyInto(source, blankDisk(SIZE + 1), pieces, {
        resume: change(checkpoints[0]),
      });
      assert.equal(bytesRead, lengthOf(pieces));
    });
  }
});

/** A disk in memory, with what tests make of it. */
function memoryDisk(bytes: Buffer, faults: Partial<DirectDisk> = {}): DirectDisk {
  return {
    path: "/dev/phony",
    read: async (buffer, offset) => void bytes.copy(buffer, 0, offset, offset + buffer.length),
    write: async (buffer, offset) => void buffer.copy(bytes, offset),
    sync: async () => undefined,
    ...faults,
  };
}

function systemError(code: string, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: i/o error, ${syscall}`), { code, syscall });
}

function copyInMemory(source: DirectDisk, destination: DirectDisk, megabytes = 4): Promise<Copied> {
  return copyBetween(source, destination, {
    ...{ pieces: whole(megabytes), totalBytes: megabytes * MIB, pausesMs: [0, 0, 0] },
    onProgress: () => undefined,
    onVerified: () => undefined,
  });
}

describe("a disk that fails while it is copied", () => {
  const bytes = noise(4 * MIB, "failing");

  it("is tried again where a read failed, and the copy is whole", async () => {
    let failures = 3;
    const disk = memoryDisk(bytes);
    const source = memoryDisk(bytes, {
      read: async (buffer, offset) => {
        if (offset === 2 * MIB && failures-- > 0) throw systemError("EIO", "read");
        return disk.read(buffer, offset);
      },
    });
    const copy = Buffer.alloc(bytes.length);
    await copyInMemory(source, memoryDisk(copy));
    assert.ok(copy.equals(bytes));
  });

  it("is written again where a write failed", async () => {
    let failures = 3;
    const copy = Buffer.alloc(bytes.length);
    const disk = memoryDisk(copy);
    const write: DirectDisk["write"] = async (buffer, offset) => {
      if (offset === MIB && failures-- > 0) throw systemError("EIO", "write");
      return disk.write(buffer, offset);
    };
    await copyInMemory(memoryDisk(bytes), memoryDisk(copy, { write }));
    assert.ok(copy.equals(bytes));
  });

  const read = (disk: Buffer) => memoryDisk(disk).read;
  const FAULTS: [
    what: string,
    source: Partial<DirectDisk>,
    destination: Partial<DirectDisk>,
    said: RegExp,
  ][] = [
    [
      "the source, by its byte, when it stays unreadable",
      {
        read: (buffer, at) =>
          at === MIB ? Promise.reject(systemError("EIO", "read")) : read(bytes)(buffer, at),
      },
      {},
      /^Error: source \/dev\/phony: 512 bytes from byte 1048576 on cannot be read \(EIO.* 4 times .*dmesg.*ddrescue/,
    ],
    [
      "the destination when it cannot be written",
      {},
      { write: () => Promise.reject(systemError("EIO", "write")) },
      /^Error: destination \/dev\/phony, byte 0: the 1 MiB from there on cannot be written \(EIO.*new revision/,
    ],
    [
      "the room on the disk below a file that is full",
      {},
      { write: () => Promise.reject(systemError("ENOSPC", "write")) },
      /^Error: destination \/dev\/phony, byte 0: .* cannot be written \(ENOSPC.*Make room/,
    ],
    [
      "that the disk did not keep what was written",
      {},
      { sync: () => Promise.reject(systemError("EIO", "fdatasync")) },
      /^Error: destination \/dev\/phony: what was written did not reach the disk \(EIO/,
    ],
    [
      "the byte where the destination does not hold what was written",
      {},
      { read: async (buffer) => void buffer.fill(7) },
      /^Error: destination \/dev\/phony, byte \d+: the 1048576 bytes from there on are not what was written/,
    ],
  ];
  for (const [what, source, destination, said] of FAULTS) {
    it(`is told: ${what}`, async () => {
      const copy = Buffer.alloc(bytes.length);
      await assert.rejects(copyInMemory(memoryDisk(bytes, source), memoryDisk(copy, destination)), said);
    });
  }

  it("is written in the order of the disk, whichever read ends first", async () => {
    const places: number[] = [];
    const copy = Buffer.alloc(bytes.length);
    const ended: (() => void)[] = [];
    const source = memoryDisk(bytes, {
      read: async (buffer, offset) => {
        // The last read asked for is the first to end.
        await new Promise<void>((resolve) => {
          ended.push(resolve);
          if (ended.length === 4) ended.reverse().forEach((end) => end());
        });
        bytes.copy(buffer, 0, offset, offset + buffer.length);
      },
    });
    const write = memoryDisk(copy).write;
    const destination = memoryDisk(copy, { write: (buffer, to) => (places.push(to), write(buffer, to)) });
    await copyInMemory(source, destination);
    assert.deepEqual(places, [0, MIB, 2 * MIB, 3 * MIB]);
    assert.ok(copy.equals(bytes));
  });

  it("is not told done before it is on the disk", async () => {
    const order: string[] = [];
    const destination = memoryDisk(Buffer.alloc(bytes.length), { sync: async () => void order.push("sync") });
    await copyBetween(memoryDisk(bytes), destination, {
      ...{ pieces: whole(4), totalBytes: 4 * MIB },
      onProgress: () => undefined,
      onVerified: ({ done }) => void order.push(`verified ${done}`),
    });
    assert.deepEqual(order, ["sync", `verified ${4 * MIB}`]);
  });
});
