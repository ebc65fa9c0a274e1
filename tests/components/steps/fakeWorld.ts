import assert from "node:assert/strict";
import type { WaitWorld } from "../../../components/steps/heartbeat";

/** A world whose time passes when it is told to. */
export class FakeWorld implements WaitWorld {
  readonly said: string[] = [];
  connected = true;
  private time = 0;
  private work = () => {};
  private timer?: NodeJS.Timeout;

  /** `beat`: milliseconds after which its timer is expected to go. */
  constructor(private readonly beat: number) {}

  every(milliseconds: number, work: () => void): NodeJS.Timeout {
    assert.equal(milliseconds, this.beat);
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

  /** So many beats; what each begins gets its turn before the next. */
  async pass(beats: number): Promise<void> {
    for (; beats > 0; beats--) {
      this.time += this.beat;
      if (this.beats) this.work();
      await new Promise((done) => setImmediate(done));
    }
  }
}
