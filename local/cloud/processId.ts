import { startTimeOf } from "../machines/process";

/** A process of this computer, told from a later one with the same pid by when it started. */
export interface ProcessId {
  pid: number;
  /** Since boot, in clock ticks. */
  startTime: string;
}

export function ownProcess(): ProcessId {
  return { pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
}

export function isAlive({ pid, startTime }: ProcessId): boolean {
  return startTimeOf(pid) === startTime;
}
