import type { Cloud } from "../cloud/cloud";

/** Who asks, by what the signature of the request says. Any credentials will do: nothing else is made of it. */
export interface Caller {
  accessKeyId: string;
  region: string;
  /** `ec2` or `sts`. */
  service: string;
}

/** Where a request is answered. */
export interface Context {
  caller: Caller;
  region: string;
  /** What that region holds. */
  cloud: Cloud;
}

/** How the local cloud answers one action of EC2's. */
export interface Action<Input = never, Output extends object = object> {
  /**
   * The parameters that it has, by the names of EC2's model; one stands for all below it. `DryRun` and `ClientToken` are
   * every action's. Any other is refused: nothing is ever ignored.
   */
  takes: readonly string[];
  /**
   * Finds all that the request names, refuses what EC2 refuses, and writes nothing: a dry run ends here. What it gives
   * does what was asked, and may still refuse.
   */
  prepare(context: Context, input: Input): Promise<() => Promise<Output>>;
}

/** An action that only tells. */
export function telling<Input, Output extends object>(
  takes: readonly string[],
  tell: (context: Context, input: Input) => Promise<Output>,
): Action<Input, Output> {
  return {
    takes,
    prepare: async (context, input) => {
      const answer = await tell(context, input);
      return async () => answer;
    },
  };
}

/** An action that changes something. */
export function changing<Input, Output extends object>(
  takes: readonly string[],
  prepare: (context: Context, input: Input) => Promise<() => Promise<Output>>,
): Action<Input, Output> {
  return { takes, prepare };
}

/** The answer of what is answered with nothing. */
export const NOTHING = {};
