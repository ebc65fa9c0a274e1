/** What local:Command and remote:Command have in common: inputs, what is checked, what replaces, which command runs. Pure. */
import { randomBytes } from "node:crypto";
import { UNKNOWN, type CheckFailure, type Diff, type Properties } from "../provider";
import { changedNames } from "../server/differences";
import { LOGGINGS, type Logging } from "./output";

export interface CommandInputs {
  create?: string;
  update?: string;
  delete?: string;
  environment?: Record<string, string>;
  stdin?: string;
  logging?: Logging;
  /** Default true: PULUMI_COMMAND_STDOUT and …_STDERR hold what the last command printed. */
  addPreviousOutputInEnv?: boolean;
  triggers?: unknown[];
}

export interface CommandState extends CommandInputs {
  stdout: string;
  stderr: string;
}

/** The two outputs that are no inputs. */
export const COMMAND_OUTPUTS = ["stdout", "stderr"];

/** `triggers` replaces; whatever else changed, the connection included, is an update. */
export async function diffCommand(_id: string, olds: Properties, news: Properties): Promise<Diff> {
  const changed = changedNames(olds, news);
  return { changed, replaces: changed.filter((name) => name === "triggers") };
}

/** An update runs `update`, or else `create` again; without either it runs nothing. */
export function updateCommand({ update, create }: CommandInputs): string | undefined {
  return update ?? create;
}

/** An update runs a command again, so what it will print is not known before. */
export function previewCommand(inputs: Properties): Properties {
  return inputs;
}

/** The variables with what the last run printed. Empty ones are left out. */
export function previousOutput(inputs: CommandInputs, state: Partial<CommandState>): Record<string, string> {
  if (inputs.addPreviousOutputInEnv === false) return {};
  return {
    ...(state.stdout && { PULUMI_COMMAND_STDOUT: state.stdout }),
    ...(state.stderr && { PULUMI_COMMAND_STDERR: state.stderr }),
  };
}

export function commandFailures({ logging }: Properties): CheckFailure[] {
  if (logging === undefined || logging === UNKNOWN || LOGGINGS.includes(String(logging))) return [];
  return [{ property: "logging", reason: `must be one of ${LOGGINGS.join(", ")}, got ${String(logging)}` }];
}

/** The resource's name and eight random digits. */
export function newId(urn: string): string {
  return `${urn.split("::").pop() ?? ""}${randomBytes(4).toString("hex")}`;
}
