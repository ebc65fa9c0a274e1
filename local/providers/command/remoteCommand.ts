/** command:remote:Command: a command that runs over SSH when the resource is made, changed or removed. */
import type { Context, Properties, ResourceHandler } from "../provider";
import {
  COMMAND_OUTPUTS,
  commandFailures,
  diffCommand,
  newId,
  previewCommand,
  previousOutput,
  updateCommand,
  type CommandInputs,
  type CommandState,
} from "./commandInputs";
import { connectionFailures, withDefaults, type Connection } from "./connection";
import { dial } from "./dial";
import { stateOf } from "./output";
import { refusedVariables, runOver } from "./session";

type Inputs = CommandInputs & { connection: Connection };

export const remoteCommand: ResourceHandler = {
  outputs: COMMAND_OUTPUTS,
  diff: diffCommand,
  preview: previewCommand,

  async check(inputs) {
    const complete: Properties = { ...inputs, connection: withDefaults(inputs.connection) };
    return {
      inputs: complete,
      failures: [...connectionFailures(inputs.connection), ...commandFailures(inputs)],
    };
  },

  async create(properties, context) {
    const inputs = properties as unknown as Inputs;
    const printed = inputs.create
      ? await runRemotely(inputs.create, inputs, {}, context)
      : { stdout: "", stderr: "" };
    return { id: newId(context.urn), state: { ...inputs, ...printed } };
  },

  async update(_id, properties, _olds, state, context) {
    const inputs = properties as unknown as Inputs;
    const last = { stdout: String(state.stdout ?? ""), stderr: String(state.stderr ?? "") };
    const command = updateCommand(inputs);
    return { ...inputs, ...(command ? await runRemotely(command, inputs, last, context) : last) };
  },

  /** Without a `delete` command nothing is dialled: the machine may be long gone. */
  async delete(_id, properties, context) {
    const state = properties as unknown as Inputs & CommandState;
    if (state.delete) await runRemotely(state.delete, state, state, context);
  },
};

async function runRemotely(command: string, inputs: Inputs, state: Partial<CommandState>, context: Context) {
  const client = await dial(inputs.connection, context);
  try {
    const environment = inputs.environment ?? {};
    const [refused] = await refusedVariables(client, environment);
    if (refused) throw new Error(describeRefusal(refused));
    return stateOf(
      await runOver(client, {
        command,
        environment: { ...environment, ...previousOutput(inputs, state) },
        stdin: inputs.stdin,
        logging: inputs.logging,
        log: (line) => context.log(line),
      }),
    );
  } finally {
    client.end();
  }
}

function describeRefusal(name: string): string {
  return (
    `could not set environment variable ${JSON.stringify(name)}: ssh: setenv failed. ` +
    `Allow it with AcceptEnv in the server's sshd_config, or write it before the command: ${name}=value command.`
  );
}
