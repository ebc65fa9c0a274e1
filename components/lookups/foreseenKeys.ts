import type { PvToHvmMigrationArgs } from "../args";
import { checkPrivateKey } from "../checks/fieldChecks";
import type { Problem } from "../checks/problems";
import { foreseen, isKnown } from "../known";
import type { Login } from "../recordedInputs";

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
