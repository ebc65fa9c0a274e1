import { rmSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";

/** Ends every machine of an environment and removes its folder. The environment may be left from a run that was killed. */
export async function clearEnvironment(folder: string): Promise<void> {
  await empty(new Cloud(join(folder, "cloud")));
  rmSync(folder, { recursive: true, force: true });
}
