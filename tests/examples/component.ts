/** The component as a plugin of a PULUMI_HOME: so the engine constructs it for programs in other languages. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { standInScript } from "../../local/engine/plugins";
import type { LocalCloud } from "../../local/prepare";

/** Where the provider lies that `npm run build` made, and the version under which the SDKs ask for it. */
export function installComponent(root: string, { home }: LocalCloud): void {
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const folder = join(home, "plugins", `resource-pv-to-hvm-v${version}`);
  mkdirSync(folder, { recursive: true });
  const starter = join(folder, "start.cjs");
  writeFileSync(starter, `void require(${JSON.stringify(join(root, "dist", "provider", "main.js"))})();\n`);
  writeFileSync(join(folder, "pulumi-resource-pv-to-hvm"), standInScript(starter), { mode: 0o755 });
}
