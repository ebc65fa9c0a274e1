/** What a copy repeats after it was killed, counted in bytes read from the source. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Checkpoint, type CopyRequest, copyBetween } from "../../../../converter/disk/copy/copier";
import { maxRepeatedBytes } from "../../../../converter/disk/copy/checkpointTracker";
import type { DirectDisk } from "../../../../converter/disk/copy/directDisk";
import { MIB } from "../../../../converter/disk/sizes";

const GIB = 1024 * MIB;

/** Killed: whatever is asked from here on is never answered. */
class Killed extends Error {}

interface Machine {
  /** The bytes that were asked for of the source. */
  read: number;
  /** What is on the disk, whoever is killed. */
  record?: Checkpoint;
}

/**
 * Copies a disk that holds the same byte everywhere: only who asks for how much counts. It is killed when it has asked
 * for so many bytes; answers come in the order that `order` makes, and the disk takes a while to keep what was written.
 */
async function copyUntil(
  machine: Machine,
  totalBytes: number,
  killedAt: number,
  syncTurns = 3,
): Promise<void> {
  const gone = { now: false };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  const dieOr = (): void => {
    if (gone.now) throw new Killed("killed");
  };
  const source: DirectDisk = {
    path: "/dev/source",
    write: async () => assert.fail("the source was written"),
    sync: async () => undefined,
    read: async (buffer, offset) => {
      dieOr();
      machine.read += buffer.length;
      gone.now ||= machine.read >= killedAt;
      for (let turns = (offset / MIB) % 4; turns > 0; turns--) await turn();
      dieOr();
    },
  };
  const destination: DirectDisk = {
    path: "/dev/destination",
    // Blank, as is what was read: the copy then writes nothing, which only makes it faster.
    read: async () => dieOr(),
    write: async () => dieOr(),
    sync: async () => {
      for (let turns = syncTurns; turns > 0; turns--) await turn();
      dieOr();
    },
  };
  const request: Omit<CopyRequest, "source" | "destination"> = {
    pieces: [{ from: 0, to: 0, length: totalBytes }],
    ...{ totalBytes, resume: machine.record, pausesMs: [] },
    onProgress: () => undefined,
    onVerified: async (checkpoint) => {
      await turn();
      dieOr();
      machine.record = checkpoint;
    },
  };
  await copyBetween(source, destination, request).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
}

describe("a copy that was killed and gone on with", function () {
  this.timeout(120_000);

  const SIZES = [300 * MIB, 2 * GIB, 6 * GIB];
  const PERCENT = [1, 33, 50, 67, 95];
  for (const size of SIZES) {
    for (const percent of PERCENT) {
      it(`of ${size / MIB} MiB at ${percent} % repeats no more than 5 % or 64 MiB`, async () => {
        const machine: Machine = { read: 0 };
        await copyUntil(machine, size, (percent / 100) * size);
        assert.ok(machine.read < size, "it was not killed");
        await copyUntil(machine, size, Infinity);
        assert.equal(machine.record?.done, size);
        const repeated = machine.read - size;
        assert.ok(repeated <= Math.max(64 * MIB, size / 20), `${repeated / MIB} MiB read twice`);
      });
    }
  }

  it("repeats no more where the disk takes long to keep what was written", async () => {
    const size = 512 * MIB;
    const machine: Machine = { read: 0 };
    await copyUntil(machine, size, size / 2, 500);
    await copyUntil(machine, size, Infinity, 500);
    assert.ok(machine.read - size <= maxRepeatedBytes(size), `${(machine.read - size) / MIB} MiB read twice`);
  });

  it("repeats no more wherever it is killed, and however often", async () => {
    const size = 200 * MIB;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 200 }), { maxLength: 5 }), async (kills) => {
        const machine: Machine = { read: 0 };
        for (const after of kills) await copyUntil(machine, size, machine.read + after * MIB);
        await copyUntil(machine, size, Infinity);
        assert.ok(machine.read - size <= kills.length * maxRepeatedBytes(size));
      }),
      { numRuns: 10 },
    );
  });
});

describe("what may be repeated of a copy", () => {
  const MOST: [size: number, most: number][] = [
    [MIB, 64 * MIB],
    [GIB, 64 * MIB],
    [10 * GIB, (10 * GIB) / 25],
    [1024 * GIB, (1024 * GIB) / 25],
  ];
  for (const [size, most] of MOST)
    it(`is ${Math.floor(most / MIB)} MiB of ${size / MIB}`, () =>
      assert.equal(maxRepeatedBytes(size), Math.floor(most)));
});
