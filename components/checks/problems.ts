import * as pulumi from "@pulumi/pulumi";
import { shown, visible } from "../visible";

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
  return visible(`${path}: ${reason}. ${fix}`);
}

/** A migration, and what is wrong with it. */
export interface Refused {
  name: string;
  problems: Problem[];
}

/**
 * The error that stops a program's migrations before anything of them is registered. It carries every problem at once: as
 * properties, for programs in other languages (the provider's server prints those), and in its message, since the program
 * runner of Node prints the message alone. `others`: names of migrations that are in order and were not begun either; `hasBegun`:
 * others were let through before, so that it is not true that nothing was created.
 */
export function refusal(
  refused: Refused[],
  { others, hasBegun }: { others: string[]; hasBegun: boolean },
): pulumi.InputPropertiesError {
  const error = new pulumi.InputPropertiesError({
    message: [...refused.map((each) => block(each, hasBegun)), ...tellOthers(others)].join("\n"),
    errors: refused.flatMap(({ problems }) =>
      problems.map(({ path, reason, fix }) => ({ propertyPath: path, reason: visible(`${reason}. ${fix}`) })),
    ),
  });
  return shownWithoutStack(Object.assign(error, asStatus(refused)));
}

/** gRPC's FAILED_PRECONDITION. */
const FAILED_PRECONDITION = 9;

/** A refusal that has been printed: from now on its message only says so. */
export function toldAlready(error: Error): void {
  if (!pulumi.InputPropertiesError.isInstance(error)) return;
  const { details } = error as unknown as ReturnType<typeof asStatus>;
  Object.defineProperty(error, "message", { get: () => details });
}

/**
 * What the Automation API hands to the engine as the outcome of an inline program that exports what is refused: in place of
 * the message, which its runner has printed by then.
 */
function asStatus(refused: Refused[]): { code: number; details: string } {
  const names = refused.map(({ name }) => name);
  return {
    code: FAILED_PRECONDITION,
    details: `the program was refused for the problems of ${someOf(names)}`,
  };
}

function block({ name, problems }: Refused, hasBegun: boolean): string {
  const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
  const heading = hasBegun
    ? `${name}: ${count}, nothing of it was created. Other migrations of this program may go on.`
    : `${name}: ${count}, nothing was created.`;
  return [heading, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n");
}

function tellOthers(others: string[]): string[] {
  if (others.length === 0) return [];
  if (others.length === 1) return [`${others[0]}: is in order, and was not begun.`];
  // Of many the names of the wrong ones are what counts.
  const isMany = others.length > MOST_NAMES;
  const them = isMany ? `The other ${others.length} migrations of this program` : `${others.join(", ")}:`;
  return [`${them} are in order, and were not begun.`];
}

/** The error of a migration that is in order, where others are not. */
export function refusalOfOthers(name: string, wrong: string[]): Error {
  return visibleError(
    `${name}: is in order, and was not begun: something is wrong with ${someOf(wrong)}. See what is said of that.`,
  );
}

/** How many names an error repeats. */
const MOST_NAMES = 5;

function someOf(names: string[]): string {
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : "";
  return `${names.slice(0, MOST_NAMES).join(", ")}${more}`;
}

/** An error about what a remote program said. Shown without a stack: the reader's next step is in the message. */
export function visibleError(message: string): Error {
  return shownWithoutStack(new Error(shown(message)));
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
  Object.defineProperty(error, "message", { configurable: true, get: () => message, set: () => undefined });
  return Object.assign(error, { __pulumiRunError: true, stack: message });
}
