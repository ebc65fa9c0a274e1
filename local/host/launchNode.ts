import { join } from "node:path";
import type { Launch, Operation } from "./program";

/**
 * A program in JavaScript, by the node SDK's own starter, as Pulumi's node host starts it.
 * @param sdk the folder of `@pulumi/pulumi`.
 * @param program its file, or a folder with a package.
 */
export function launchNode(sdk: string, program: string): Launch {
  return (operation) => ({
    command: [process.execPath, join(sdk, "cmd", "run"), ...flags(operation), program],
    env: { PULUMI_NODEJS_TYPESCRIPT: "false" },
  });
}

/** An operation in the words that the starters of the SDKs for node and Python take. */
export function flags(operation: Operation): string[] {
  const { monitor, engine, organization, project, stack, folder, parallel, isPreview } = operation;
  const values = { monitor, engine, organization, project, stack, pwd: folder, parallel };
  const given = Object.entries(values).map(([name, value]) => `--${name}=${value}`);
  return isPreview ? [...given, "--dry-run"] : given;
}
