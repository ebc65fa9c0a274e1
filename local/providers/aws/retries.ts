import type { EC2ClientConfig } from "@aws-sdk/client-ec2";
import { isThrottlingError } from "@smithy/core/retry";

/** How the SDK asks whether to send a request again. */
type RetryStrategy = Extract<EC2ClientConfig["retryStrategy"], { acquireInitialRetryToken: unknown }>;

/** The shortest pause. The AWS SDK's is a second; here a state takes no longer than this, so that 25 attempts last 23 s. */
const PAUSE_MS = 200;

/**
 * Sends again what pulumi-aws sends again: throttled requests, answers of the 500 kind, and those that brought no answer.
 * The SDK's own strategy would share one budget among all requests, which pulumi-aws has turned off.
 */
export function persistently(attempts: number, unitMs = PAUSE_MS): RetryStrategy {
  const tokenAfter = (failures: number) => ({
    getRetryCount: () => failures,
    getRetryDelay: () => (failures === 0 ? 0 : pauseMs(failures, unitMs)),
  });
  return {
    acquireInitialRetryToken: async () => tokenAfter(0),
    refreshRetryTokenForRetry: async (last, { error }) => {
      const failures = last.getRetryCount() + 1;
      if (!isRetried(error) || failures >= attempts) throw error;
      return tokenAfter(failures);
    },
    recordSuccess: () => undefined,
  };
}

/** Each pause is twice the one before, up to five units. */
export function pauseMs(failures: number, unitMs: number): number {
  return Math.min(2 ** (failures - 1), 5) * unitMs;
}

/** Of an answer of EC2's, or of the attempt to get one. */
export interface Failure extends Error {
  cause?: Error;
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string; attempts?: number };
}

/** EC2 has no room with a status of 500; pulumi-aws takes that out, or a launch without room would last for minutes. */
export function isRetried(error: unknown): boolean {
  const failure = error as Failure;
  const status = failure.$metadata?.httpStatusCode;
  if (status === undefined) return isUnanswered(error);
  if (failure.name === "InsufficientInstanceCapacity") return false;
  return status >= 500 || isThrottlingError(failure);
}

/** The system's words where nothing answers, or no longer. */
const UNANSWERED = /^(ECONNREFUSED|ECONNRESET|EPIPE|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

function isUnanswered(error: unknown): boolean {
  const { name, code = "" } = error as Failure;
  return UNANSWERED.test(code) || name === "TimeoutError";
}
