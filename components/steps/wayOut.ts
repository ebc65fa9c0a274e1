import * as pulumi from "@pulumi/pulumi";
import type { HelperArgs } from "../args";
import { checkWayOut, type WayOut } from "../checks/wayOut";
import { formatProblem, visibleError } from "../checks/problems";

/**
 * The helper's way to its packages, once all of it has a value. What comes of a resource that the same program makes is known by
 * then alone, so it is judged here, before a security group or a helper is made of it. Rejects with every problem.
 */
export function wayOutOf({ egressCidrs, proxy, mirror }: HelperArgs): pulumi.Output<WayOut> {
  return pulumi.output({ egressCidrs, proxy, mirror }).apply((known) => {
    const problems = checkWayOut(known);
    if (problems.length > 0) throw visibleError(problems.map(formatProblem).join("\n"));
    return known;
  });
}
