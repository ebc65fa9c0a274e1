/** A stack in a folder and on a local cloud of its own, whose configuration is a file as in the project. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "@pulumi/pulumi/automation";
import program from "../../index";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { type LocalCloud, prepareLocalCloud } from "../../local/prepare";
import { selectStack } from "../../local/stack";

const ROOT = join(__dirname, "..", "..");

/** Where the stack of a name has its project, and the file with its configuration. */
export function placeOfStack(name: string): { workDir: string; file: string } {
  const workDir = join(ROOT, ".cache", `${name}-stack`);
  return { workDir, file: join(workDir, "stacks", `Pulumi.${name}.yaml`) };
}

/** Makes it anew. */
export async function openEmptyStack(name: string): Promise<{ local: LocalCloud; stack: Stack }> {
  const { workDir } = placeOfStack(name);
  const directory = join(ROOT, ".cache", `${name}-cloud`);
  await empty(new Cloud(directory));
  const local = await prepareLocalCloud({ root: ROOT, directory, log: () => undefined });
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(join(workDir, "stacks"), { recursive: true });
  // The engine looks whether `main` is there; what runs is the program of this process.
  for (const file of ["Pulumi.yaml", "index.ts"]) cpSync(join(ROOT, file), join(workDir, file));
  return { local, stack: await selectStack(local, { workDir, stackName: name, program }) };
}
