import type { Advice } from "./types";

/** The command line cannot be understood, or names what does not exist: exit status 2. */
export class UsageError extends Error {}

/** The machine cannot be converted, and nothing has been written: exit status 3. Carries every reason at once. */
export class RefusedError extends Error {
  constructor(readonly reasons: Advice[]) {
    super(reasons.map(formatAdvice).join("\n"));
  }
}

/** Something went wrong on the way: exit status 4. The message says what was found, what was needed, what to do. */
export class FailedError extends Error {}

/** This machine cannot do the work, whatever the disks hold: before the first write a reason to refuse, later a failure. */
export class ObstacleError extends FailedError {
  constructor(readonly reason: Advice) {
    super(formatAdvice(reason));
  }
}

/** For what takes an error for a finding about the guest: an obstacle of this machine's is none, and thrown again. */
export function rethrowObstacle(error: unknown): undefined {
  if (error instanceof ObstacleError) throw error;
  return undefined;
}

/** `subject: what was found. What to do.` */
export function formatAdvice({ subject, found, advice }: Advice): string {
  return `${subject}: ${found} ${advice}`;
}
