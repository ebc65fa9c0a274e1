/** The stack on the local cloud, run by the real engine through the Automation API (no language host is needed). */
import { existsSync } from "node:fs";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { automationCommand } from "./engine/automation";
import type { LocalCloud } from "./prepare";

export interface StackOptions {
  /** Folder with the Pulumi.yaml and its stacks/. */
  workDir: string;
  stackName: string;
  program: PulumiFn;
}

/** Selects the stack, and makes it where it is not there yet. */
export async function selectStack(local: LocalCloud, options: StackOptions): Promise<Stack> {
  return LocalWorkspace.createOrSelectStack(
    { stackName: options.stackName, projectName: "pv-to-hvm", program: options.program },
    {
      workDir: options.workDir,
      envVars: local.env,
      pulumiCommand: await automationCommand(local.engine, local.home),
    },
  );
}

/** Runs an operation; where a killed run left its lock behind, takes the lock away and runs it once more. */
export async function withStaleLockRemoved<T>(
  stack: Stack,
  log: (line: string) => void,
  operation: () => Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    if (!/currently locked by/.test(String(error))) throw error;
    const holder = lockHolder(String(error));
    if (holder !== undefined) {
      throw new Error(
        `The stack is being changed by process ${holder} at this moment. Wait for it to end, then try again.`,
        { cause: error },
      );
    }
    log("An earlier run was ended before it could unlock the stack: unlocking it and going on.");
    await stack.cancel();
    return operation();
  }
}

/** The living process that holds the lock, by what the engine says of it: `created by root@host (pid 4711)`. */
export function lockHolder(
  message: string,
  isAlive: (pid: number) => boolean = (pid) => existsSync(`/proc/${pid}`),
): number | undefined {
  const holders = [...message.matchAll(/created by \S+ \(pid (\d+)\)/g)].map(([, pid]) => Number(pid));
  return holders.find(isAlive);
}
