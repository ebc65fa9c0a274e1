import * as pulumi from "@pulumi/pulumi";

/** Whether a value can be judged now: an output or a promise is judged when it has resolved. */
export function isKnown<T>(value: pulumi.Input<T> | undefined): value is T {
  return (
    value !== undefined && value !== null && !pulumi.Output.isInstance(value) && !(value instanceof Promise)
  );
}

/**
 * Whether an output has a value by now. In a preview, what comes of a resource that is still to be made has none; in an
 * update, what comes of one that failed and was passed over (`--continue-on-error`), or that is not among the targets. The
 * SDK knows it of every output, and has no word for it in its types.
 */
export function isResolvable(output: pulumi.Output<unknown>): Promise<boolean> {
  return (output as unknown as { isKnown: Promise<boolean> }).isKnown;
}

/** The resources that an output comes of, as far as that is known at once. The SDK has no word for it in its types. */
export function resourcesOf(output: pulumi.Output<unknown>): Set<pulumi.Resource> {
  return (output as unknown as { resources(): Set<pulumi.Resource> }).resources();
}

/** Whether this is an update and an output has no value all the same. */
export async function isLost(output: pulumi.Output<unknown>): Promise<boolean> {
  return !(await isResolvable(output)) && !pulumi.runtime.isDryRun();
}

/**
 * A resource's output, unknown where there is none: of a resource that `--target` left out and that was never made, an
 * update gives the program undefined, where a preview gives it unknown.
 */
export function orUnknown<T>(output: pulumi.Output<T>): pulumi.Output<T> {
  const unknown = pulumi.output(pulumi.unknown) as unknown as pulumi.Output<T>;
  return output.apply((value) => (value === undefined ? unknown : value)) as pulumi.Output<T>;
}

/** Resolves once an output has a value, or never will have one. Never rejects. */
export async function settled(output: pulumi.Output<unknown>): Promise<void> {
  await promiseOf(output).catch(() => undefined);
}

/** An output's value, when it is there. The SDK has no word for it in its types. */
function promiseOf<T>(output: pulumi.Output<T>): Promise<T> {
  return (output as unknown as { promise(): Promise<T> }).promise();
}

/**
 * What an input holds, where no resource has to be made first; undefined where one has, and for what nobody knows: configuration,
 * look-ups and other stacks' outputs can be waited for, what a program makes itself is there by its own making. Never rejects.
 */
export async function foreseen<T>(input: pulumi.Input<T> | undefined): Promise<T | undefined> {
  const output = pulumi.output(input) as pulumi.Output<T | undefined>;
  if (![...resourcesOf(output)].every((each) => each instanceof pulumi.StackReference)) return undefined;
  try {
    return (await isResolvable(output)) ? await promiseOf(output) : undefined;
  } catch {
    return undefined;
  }
}
