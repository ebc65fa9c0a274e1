import { setTimeout as sleep } from "node:timers/promises";
import type { Ec2Action } from "../../cloud/actions";
import type { Cloud } from "../../cloud/cloud";
import { describeRefusal, Ec2Error } from "../../cloud/errors";
import { isRetried } from "../../cloud/refusals";
import { waitForState, type Wait } from "../../cloud/waiting";
import type { Context } from "../provider";

/** How often pulumi-aws sends a request that EC2 throttles, where `maxRetries` says nothing else. */
const DEFAULT_ATTEMPTS = 25;

/** Speaks with EC2 as pulumi-aws does: sends again what is throttled, words refusals, waits for states. */
export class Client {
  private attempts = DEFAULT_ATTEMPTS;

  constructor(readonly cloud: Cloud) {}

  /** The provider's `maxRetries`: how often a request is sent in all. 0 stands for the default, as in pulumi-aws. */
  limitAttempts(maxRetries: number): void {
    this.attempts = maxRetries || DEFAULT_ATTEMPTS;
  }

  /**
   * Calls an action. A refusal comes out as pulumi-aws words it: what was being done, the action, EC2's code and EC2's
   * text.
   */
  async call<T>(doing: string, action: Ec2Action, work: () => Promise<T>): Promise<T> {
    try {
      return await this.send(action, work);
    } catch (error) {
      throw this.worded(doing, action, error);
    }
  }

  /** The same for what may be gone: undefined where EC2 says so. */
  async find<T>(doing: string, action: Ec2Action, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await this.send(action, work);
    } catch (error) {
      if (error instanceof Ec2Error && error.code.endsWith(".NotFound")) return undefined;
      throw this.worded(doing, action, error);
    }
  }

  /**
   * Waits as long as the user allows, or as pulumi-aws does by default. Ctrl-C does not cut it short: states change
   * within a second or two here, and what has been made must be recorded, or it would be left behind.
   */
  wait(
    context: Context,
    defaultTimeoutSeconds: number,
    what: Pick<Wait, "what" | "state" | "pending" | "target" | "reason">,
  ): Promise<void> {
    const timeoutSeconds = context.timeoutSeconds ?? defaultTimeoutSeconds;
    return waitForState({ ...what, timeoutSeconds, everyMs: 100 });
  }

  private async send<T>(action: Ec2Action, work: () => Promise<T>): Promise<T> {
    for (let failures = 1; ; failures++) {
      try {
        return await this.cloud.request(action, work);
      } catch (error) {
        if (!mayBeSentAgain(error) || failures >= this.attempts) throw error;
        await sleep(pauseMs(failures, this.cloud.background.delayMs));
      }
    }
  }

  private worded(doing: string, action: Ec2Action, error: unknown): unknown {
    if (!(error instanceof Ec2Error)) return error;
    const attempts = mayBeSentAgain(error) ? this.attempts : undefined;
    return new Error(`${doing}: ${describeRefusal(action, error, attempts)}`);
  }
}

function mayBeSentAgain(error: unknown): boolean {
  return error instanceof Ec2Error && isRetried(error.code);
}

/**
 * Each pause is twice the one before, up to five units. The AWS SDK's unit is a second; here it is the cloud's own
 * least time in a pending state, so that 25 attempts last 23 s and not minutes.
 */
export function pauseMs(failures: number, unitMs: number): number {
  return Math.min(2 ** (failures - 1), 5) * unitMs;
}
