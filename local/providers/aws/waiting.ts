import { setTimeout as sleep } from "node:timers/promises";

export interface Wait {
  /** Opens the error: `EBS Volume (vol-…) create`. */
  what: string;
  /** The state now; undefined if the resource is gone. */
  state: () => Promise<string | undefined>;
  /** States on the way. Any other one that is not the target ends the wait with an error. */
  pending: string[];
  /** Where it ends well; any of these where there are several. */
  target: string | string[];
  /** Why it went wrong, where the resource tells. */
  reason?: () => Promise<string | undefined>;
  timeoutSeconds: number;
  /** Milliseconds between two looks. */
  everyMs: number;
}

/** Waits for a state as pulumi-aws does, and fails in its words: on a time-out, on an unexpected state. */
export async function waitForState(wait: Wait): Promise<void> {
  const end = Date.now() + wait.timeoutSeconds * 1000;
  for (;;) {
    const state = (await wait.state()) ?? "gone";
    if ([wait.target].flat().includes(state)) return;
    if (!wait.pending.includes(state)) throw await unexpectedState(wait, state);
    if (Date.now() > end) throw timedOut(wait, state);
    await sleep(wait.everyMs);
  }
}

async function unexpectedState(wait: Wait, state: string): Promise<Error> {
  const reason = await wait.reason?.();
  const because = reason ? `. last error: ${reason}` : "";
  return new Error(
    `waiting for ${wait.what}: unexpected state '${state}', wanted target '${targetsOf(wait)}'${because}`,
  );
}

function timedOut(wait: Wait, state: string): Error {
  return new Error(
    `waiting for ${wait.what}: timeout while waiting for state to become '${targetsOf(wait)}' ` +
      `(last state: '${state}', timeout: ${wait.timeoutSeconds}s). Raise it with customTimeouts.`,
  );
}

function targetsOf({ target }: Wait): string {
  return [target].flat().join(", ");
}
