import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout: the nearest folder upwards that has the project's Pulumi.yaml. */
export function projectRoot(from = __dirname): string {
  if (existsSync(join(from, "Pulumi.yaml"))) return from;
  const parent = dirname(from);
  if (parent === from)
    throw new Error("Pulumi.yaml: not found above this program. Run it from a checkout of pv-to-hvm.");
  return projectRoot(parent);
}

/** Mounts, loop devices and containers need root: starts this same program again through sudo where it is not. */
export function ensureRoot(): void {
  if (process.getuid?.() === 0) return;
  console.error("The local cloud mounts file systems and starts containers: going on through sudo.");
  // sudo would put a PATH of its own in place of the user's, and might find another pulumi there.
  const command = ["env", `PATH=${process.env.PATH}`, process.execPath, ...process.argv.slice(1)];
  const again = spawnSync("sudo", ["--preserve-env", ...command], { stdio: "inherit" });
  process.exit(again.status ?? 1);
}
