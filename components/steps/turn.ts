import * as pulumi from "@pulumi/pulumi";
import type { HelperArgs } from "../args";

/**
 * What was found, once it is this migration's turn: when all that `helper.waitFor` lists has resolved. Known as soon as
 * what was found is, so that a preview shows no change because of a helper that is yet to come; and without a dependency
 * in the engine, which would make `pulumi destroy` take one migration down after the other, and not let one go alone.
 * Rejects where what is waited for does, so that nothing of this migration is waited for without end.
 */
export function inTurn<T>(found: pulumi.Output<T>, waitFor: HelperArgs["waitFor"]): pulumi.Output<T> {
  if (waitFor === undefined) return found;
  const turn = settled(waitFor);
  // Whoever takes the output below is told of a rejection; the promise itself has nobody else.
  turn.catch(() => undefined);
  return found.apply(async (value) => {
    await turn;
    return value as T;
  }) as pulumi.Output<T>;
}

/** `apply` would pass over an output that stays unknown, as those of a resource that `--target` left out do. */
async function settled(waitFor: NonNullable<HelperArgs["waitFor"]>): Promise<void> {
  await pulumi.runtime.serializeProperties("helper.waitFor", { waitFor });
}
