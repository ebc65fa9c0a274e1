import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation";
import type { Engine } from "./engine";

/**
 * The engine as the Automation API takes it, which looks for `<root>/bin/pulumi` and nowhere else: a link there. `home`
 * is a folder of the local cloud's own (its PULUMI_HOME).
 */
export async function automationCommand(engine: Engine, home: string): Promise<PulumiCommand> {
  const root = join(home, "engine");
  const link = join(root, "bin", "pulumi");
  mkdirSync(join(root, "bin"), { recursive: true });
  rmSync(link, { force: true });
  symlinkSync(engine.pulumi, link);
  return PulumiCommand.get({ root });
}
