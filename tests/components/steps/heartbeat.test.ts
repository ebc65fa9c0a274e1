import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settled } from "../../../components/known";
import { beat, duration } from "../../../components/steps/heartbeat";
import { ARGS, PREPARING, register } from "../mockEngine";
import { FakeWorld } from "./fakeWorld";

function begin(world: FakeWorld) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const beating = beat("the snapshot of vol-1", ended, world);
  return { end, beating };
}

describe("a heartbeat", () => {
  it("says every 10 seconds what is awaited and how long it has been", async () => {
    const world = new FakeWorld(10_000);
    const { end, beating } = begin(world);
    await world.pass(3);
    end();
    await beating;
    assert.deepEqual(
      world.said,
      [10, 20, 30].map((seconds) => `waiting for the snapshot of vol-1: ${seconds} s`),
    );
  });

  it("ends with what is awaited", async () => {
    const world = new FakeWorld(10_000);
    const { end, beating } = begin(world);
    assert.ok(world.beats);
    end();
    await beating;
    assert.ok(!world.beats);
    await world.pass(2);
    assert.deepEqual(world.said, []);
  });

  it("ends where the engine is gone, and what is awaited never comes", async () => {
    const world = new FakeWorld(10_000);
    begin(world);
    world.connected = false;
    await world.pass(1);
    assert.ok(!world.beats);
    assert.deepEqual(world.said, []);
  });

  const DURATIONS: [milliseconds: number, text: string][] = [
    [9_600, "10 s"],
    [59_400, "59 s"],
    [60_000, "1 min 0 s"],
    [150_000, "2 min 30 s"],
    [3_900_000, "1 h 5 min"],
    [90_000_000, "25 h 0 min"],
  ];
  for (const [milliseconds, text] of DURATIONS) {
    it(`calls ${milliseconds} ms ${text}`, () => assert.equal(duration(milliseconds), text));
  }

  it("takes an output that rejects for one that has settled", async () => {
    const failed = pulumi.output(Promise.reject(new Error("never made")));
    await settled(failed);
  });

  it("beats for the two snapshots, the image and the stop and start of the source, once the resources before are there", async () => {
    const timers = await timersOf(() => register(PREPARING));
    assert.equal(timers.filter(({ milliseconds }) => milliseconds === 10_000).length, 5);
    assert.ok(timers.every(({ timer }) => (timer as unknown as { _destroyed: boolean })._destroyed));
  });

  it("is silent in previews", async () => {
    const { runtime } = pulumi;
    const isDryRun = runtime.isDryRun;
    Object.defineProperty(runtime, "isDryRun", { value: () => true, configurable: true, writable: true });
    try {
      const timers = await timersOf(() => register(ARGS));
      assert.deepEqual(
        timers.filter(({ milliseconds }) => milliseconds === 10_000),
        [],
      );
    } finally {
      Object.defineProperty(runtime, "isDryRun", { value: isDryRun, configurable: true, writable: true });
    }
  });
});

/** Every interval that is set meanwhile. */
async function timersOf(work: () => Promise<unknown>) {
  const timers: { milliseconds?: number; timer: NodeJS.Timeout }[] = [];
  const { setInterval: original } = globalThis;
  globalThis.setInterval = ((callback: () => void, milliseconds?: number) => {
    const timer = original(callback, milliseconds);
    timers.push({ milliseconds, timer });
    return timer;
  }) as typeof setInterval;
  try {
    await work();
  } finally {
    globalThis.setInterval = original;
  }
  return timers;
}
