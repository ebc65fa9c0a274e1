/** A program's process, started as Pulumi's own language hosts start it. */
import { spawn } from "node:child_process";

/** One operation on one stack, as the engine announces it. */
export interface Operation {
  /** Addresses of the engine's two ends. */
  monitor: string;
  engine: string;
  organization: string;
  project: string;
  stack: string;
  /** Where the program lies and runs. */
  folder: string;
  parallel: number;
  isPreview: boolean;
  /** By full key: `project:name`. */
  config: Record<string, string>;
  secretKeys: string[];
}

/** How a language starts its programs. */
export type Launch = (operation: Operation) => { command: string[]; env: Record<string, string> };

/** Runs it to its end. Undefined where all went well; else what the program said at last. */
export async function runProgram(launch: Launch, operation: Operation): Promise<string | undefined> {
  const { command, env } = launch(operation);
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: operation.folder,
    env: { ...process.env, ...configurationOf(operation), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  return status === 0 ? undefined : `${program} ended with status ${status}\n${said}`;
}

/** Every SDK reads the stack's configuration from here. */
function configurationOf({ config, secretKeys }: Operation): Record<string, string> {
  return { PULUMI_CONFIG: JSON.stringify(config), PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
}
