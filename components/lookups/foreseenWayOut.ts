import type * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import type { Problem } from "../checks/problems";
import { checkWayOut } from "../checks/wayOut";
import { foreseen } from "../known";

/**
 * Judges where the helper may connect to, where the program gave some of that as outputs. It is read beside the other arguments: a
 * secret among those would make a secret of all that was found, and an unknown value would put off every other check.
 */
export async function checkForeseenWayOut({ helper }: PvToHvmMigrationArgs): Promise<Problem[]> {
  const [egressCidrs, proxy, mirror] = await Promise.all([
    foreseen(helper.egressCidrs as pulumi.Input<string[]> | undefined),
    foreseen(helper.proxy),
    foreseen(helper.mirror),
  ]);
  return checkWayOut({ egressCidrs, proxy, mirror });
}
