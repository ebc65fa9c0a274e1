import { rmSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";

/** Ends every machine of a stage and removes its folder; also of a stage that an earlier, killed run left. */
export async function clearStage(folder: string): Promise<void> {
  await empty(new Cloud(join(folder, "cloud")));
  rmSync(folder, { recursive: true, force: true });
}
