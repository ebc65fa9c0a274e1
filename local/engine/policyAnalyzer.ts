/** What starts a policy pack in JavaScript for an engine without Pulumi's language host for Node. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_VERSION } from "./version";

/** The engine's name for it: `pulumi-analyzer-policy-RUNTIME`, where the runtime is that of PulumiPolicy.yaml. */
const NAME = "policy-nodejs";

/**
 * As Pulumi's own language host does: the node SDK's starter for policy packs, of the SDK that the pack itself finds. The engine starts
 * this in the pack's folder, and gives its own address and the folder.
 */
const SCRIPT = `#!/bin/sh
starter=$(node -p 'require.resolve("@pulumi/pulumi/cmd/run-policy-pack", { paths: [process.cwd()] })') || exit 1
exec node "$starter" "$@"
`;

/** Puts it where the engine looks for plugins. An engine with a language host never does, and starts packs by that. */
export function installPolicyAnalyzer(home: string): void {
  const folder = join(home, "plugins", `analyzer-${NAME}-v${ENGINE_VERSION}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `pulumi-analyzer-${NAME}`), SCRIPT, { mode: 0o755 });
}
