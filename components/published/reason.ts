import * as pulumi from "@pulumi/pulumi";
import { type PresentInput, reasonToConvert } from "./keyChanges";
import { isResolvable } from "../known";
import { isWorkbenchRemoved } from "../asked";
import type { Migration } from "../together/migration";
import { lookUpPublished } from "./publishedImage";
import { visible } from "../visible";

/** The inputs of the key, those without a value yet among them. */
function presentInputs({ inputs }: Migration): pulumi.Output<PresentInput[]> {
  const present = inputs.map(async ({ name, value }) =>
    (await isResolvable(value)) ? value.apply((text): PresentInput => ({ name, value: text })) : { name },
  );
  return pulumi.output(present) as pulumi.Output<PresentInput[]>;
}

/**
 * Says in preview and update why what was published is made anew: which inputs of the key are others, old and new. Says
 * nothing where none is, or where EC2 does not answer: a finished migration does not need to know.
 */
export function explain(migration: Migration): pulumi.Output<void> {
  const { args, parent, formerNames } = migration;
  // A removed workbench converts nothing: `recallPublished` says what stands in the way.
  if (isWorkbenchRemoved(args)) return pulumi.output(undefined);
  return pulumi.all([formerNames, presentInputs(migration)]).apply(async ([names, inputs]) => {
    const { image, problems } = await lookUpPublished(migration, names);
    for (const { reason } of problems) await pulumi.log.debug(visible(reason), parent);
    const reason = image && reasonToConvert(image, inputs);
    if (reason) await pulumi.log.info(visible(reason), parent);
  });
}
