/**
 * The time for waits, limits and durations: it only goes forward, whatever NTP or an administrator sets the wall clock
 * to. A helper that has just started may be hours off until its clock is set.
 */
import { performance } from "node:perf_hooks";

/** Milliseconds since this program began. */
export function monotonicMs(): number {
  return performance.now();
}

/** What waits go by; tests have one that goes when they say so. */
export interface Clock {
  /** Milliseconds from any beginning. */
  now: () => number;
  /** Calls `tick` again and again, so many milliseconds apart, until the function that it gives back is called. */
  every: (milliseconds: number, tick: () => void) => () => void;
}

export const CLOCK: Clock = {
  now: monotonicMs,
  every: (milliseconds, tick) => {
    const timer = setInterval(tick, milliseconds);
    return () => clearInterval(timer);
  },
};

/** Whole seconds and one decimal since a time that `monotonicMs` gave. */
export function secondsSince(started: number, now = monotonicMs()): number {
  return Math.round((now - started) / 100) / 10;
}
