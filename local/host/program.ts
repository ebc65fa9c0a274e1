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

export interface ProgramEnd {
  /** What it said at last, where not all went well. */
  error?: string;
  /** The engine has shown it to the user already. */
  isTold?: boolean;
}

/** The node SDK's starter ends so where each error was logged with the engine (`@pulumi/pulumi/cmd/run`). */
const STATUS_OF_TOLD_ERRORS = 32;

/** Runs it to its end, in a session of its own: Ctrl-C is for the engine, which then has the program end. */
export async function runProgram(launch: Launch, operation: Operation): Promise<ProgramEnd> {
  const { command, env } = launch(operation);
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: operation.folder,
    env: { ...process.env, ...configurationOf(operation), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const end = () => child.kill();
  process.once("exit", end);
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  process.removeListener("exit", end);
  if (status === 0) return {};
  const error = `${program} ended with status ${status}\n${said}`;
  return { error, isTold: status === STATUS_OF_TOLD_ERRORS };
}

/** Every SDK reads the stack's configuration from here. */
function configurationOf({ config, secretKeys }: Operation): Record<string, string> {
  return { PULUMI_CONFIG: JSON.stringify(config), PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys) };
}
