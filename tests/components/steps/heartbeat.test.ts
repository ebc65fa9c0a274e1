import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { settled } from "../../../components/known";
import { beat, duration, type HeartbeatWorld } from "../../../components/steps/heartbeat";
import { ARGS, PREPARING, register } from "../mockEngine";

/** A world whose time passes when it is told to. */
class FakeWorld implements HeartbeatWorld {
  readonly said: string[] = [];
  connected = true;
  private time = 0;
  private work = () => {};
  private timer?: NodeJS.Timeout;

  every(milliseconds: number, work: () => void): NodeJS.Timeout {
    assert.equal(milliseconds, 10_000);
    this.work = work;
    // What is cleared is a timer of Node's; it comes to nothing by itself.
    this.timer = setInterval(() => {}, 1_000_000).unref();
    return this.timer;
  }

  now = () => this.time;
  isConnected = () => this.connected;
  log = (message: string) => void this.said.push(message);

  /** Whether the timer still goes. */
  get beats(): boolean {
    return this.timer !== undefined && !(this.timer as unknown as { _destroyed: boolean })._destroyed;
  }

  pass(seconds: number): void {
    for (let beats = seconds / 10; beats > 0; beats--) {
      this.time += 10_000;
      if (this.beats) this.work();
    }
  }
}

function begin(world: FakeWorld) {
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const beating = beat("the snapshot of vol-1", ended, world);
  return { end, beating };
}

describe("a heartbeat", () => {
  it("says every 10 seconds what is awaited and how long it has been", async () => {
    const world = new FakeWorld();
    const { end, beating } = begin(world);
    world.pass(30);
    end();
    await beating;
    assert.deepEqual(
      world.said,
      [10, 20, 30].map((seconds) => `waiting for the snapshot of vol-1: ${seconds} s`),
    );
  });

  it("ends with what is awaited", async () => {
    const world = new FakeWorld();
    const { end, beating } = begin(world);
    assert.ok(world.beats);
    end();
    await beating;
    assert.ok(!world.beats);
    world.pass(20);
    assert.deepEqual(world.said, []);
  });

  it("ends where the engine is gone, and what is awaited never comes", () => {
    const world = new FakeWorld();
    begin(world);
    world.connected = false;
    world.pass(10);
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
