import { describeRefusal, Ec2Error } from "../../cloud/errors";
import { waitForState, type Wait } from "../../cloud/waiting";
import type { Context } from "../provider";

/**
 * Calls an operation of EC2. A refusal comes out as pulumi-aws words it: what was being done, the operation, EC2's
 * code and EC2's text.
 */
export async function call<T>(doing: string, operation: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Ec2Error)) throw error;
    throw new Error(`${doing}: ${describeRefusal(operation, error)}`);
  }
}

/** What is there, or undefined where EC2 says that it is not. */
export async function orGone<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Ec2Error && error.code.endsWith(".NotFound")) return undefined;
    throw error;
  }
}

/**
 * Waits as long as the user allows, or as pulumi-aws does by default. Ctrl-C does not cut it short: states change within
 * a second or two here, and what has been made must be recorded, or it would be left behind.
 */
export function wait(
  context: Context,
  defaultTimeoutSeconds: number,
  what: Pick<Wait, "what" | "state" | "pending" | "target" | "reason">,
): Promise<void> {
  const timeoutSeconds = context.timeoutSeconds ?? defaultTimeoutSeconds;
  return waitForState({ ...what, timeoutSeconds, everyMs: 100 });
}
