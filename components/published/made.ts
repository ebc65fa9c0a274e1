import type * as pulumi from "@pulumi/pulumi";
import { formatProblem, visibleError } from "../checks/problems";
import type { IsMade } from "../key";
import { lookUpTagged } from "../lookups/instances";
import { lookUpTaggedIds } from "../lookups/lookups";
import { TAG } from "../tags";

/**
 * Whether this account has an image or a helper of a conversion. In whichever stack: one that was moved here has the tag of
 * another. Rejects where EC2 does not answer.
 */
export function madeInEc2(parent: pulumi.Resource): IsMade {
  return async (conversion) => {
    const tags = { [TAG.conversion]: [conversion] };
    const answers = await Promise.all([
      lookUpTaggedIds("workbench", tags, parent),
      lookUpTagged("workbench", tags, parent),
    ]);
    const [problem] = answers.flatMap(({ problems }) => problems);
    if (problem) throw visibleError(formatProblem(problem));
    return answers.some(({ value = [] }) => value.length > 0);
  };
}
