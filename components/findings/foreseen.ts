/** Arguments that the program gave as outputs, judged as far as they are foreseen. */
import type * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../args";
import { checkPrivateKey } from "../checks/fieldChecks";
import type { Problem } from "../checks/problems";
import { checkWayOut } from "../checks/wayOut";
import { foreseen, isKnown } from "../known";

/** Arguments with a private key in them, and perhaps a jump host with another. */
export type Login = { privateKey?: pulumi.Input<string>; jumpHost?: Login };

/**
 * Judges private keys that the program gave as outputs, secrets of its configuration above all. They are read beside the other
 * arguments: one secret among those would make a secret of all that was found.
 */
export async function checkForeseenKeys({
  source,
  helper,
  launch,
}: PvToHvmMigrationArgs): Promise<Problem[]> {
  const keys = [
    ...keysOf("source.connection", source.connection),
    ...keysOf("helper", helper),
    ...keysOf("launch.connection", launch?.connection),
  ].filter(([, key]) => !isKnown(key));
  const judged = keys.map(async ([path, key]) => checkPrivateKey(path, await foreseen(key)));
  return (await Promise.all(judged)).flat();
}

function keysOf(path: string, login: Login | undefined): [path: string, key: Login["privateKey"]][] {
  if (!login) return [];
  return [[`${path}.privateKey`, login.privateKey], ...keysOf(`${path}.jumpHost`, login.jumpHost)];
}

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
