import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with an argument: where, what was found, what to do. */
export interface Problem {
  /** e.g. `helper.allowedCidrs[0]` */
  path: string;
  /** What was found against what is needed, without a full stop. */
  reason: string;
  /** What to do about it, a sentence. */
  fix: string;
  /** Set where a look-up had no answer: the thing is not there, or could not be asked for. */
  unanswered?: "missing" | "unreachable";
}

/** `path: reason. What to do.` */
export function formatProblem({ path, reason, fix }: Problem): string {
  return `${path}: ${reason}. ${fix}`;
}

/**
 * The error that stops a migration before anything is registered. It carries every problem at once: as properties, for
 * programs in other languages (the provider's server prints those), and in its message, since the program runner of
 * Node prints the message alone.
 */
export function problemsError(name: string, problems: Problem[]): pulumi.InputPropertiesError {
  const heading = `${name}: ${problems.length === 1 ? "one problem" : `${problems.length} problems`}, nothing was created.`;
  const error = new pulumi.InputPropertiesError({
    message: [heading, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n"),
    errors: problems.map((problem) => ({
      propertyPath: problem.path,
      reason: `${problem.reason}. ${problem.fix}`,
    })),
  });
  return shownWithoutStack(error);
}

/** An error about what a remote program said. Shown without a stack: the reader's next step is in the message. */
export function visibleError(message: string): Error {
  return shownWithoutStack(new Error(message));
}

/**
 * Marks an error whose stack is of no use to the reader (`RunError.isInstance` asks the program runner), and holds on to
 * its message: an output that rejects passes through every resource that waits for it, and the SDK puts
 * `error serializing property "…": ` before the message at each. The provider's server prints the stack all the same, so
 * that is the message, too; and Node 20 takes a minute to print one in colours that names a file right below a scope
 * (`node_modules/@pulumi/output.ts`, as the SDK's source maps have it; measured with 20.20.2: 47 s).
 */
function shownWithoutStack<E extends Error>(error: E): E {
  const { message } = error;
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
  return Object.assign(error, { __pulumiRunError: true, stack: message });
}
