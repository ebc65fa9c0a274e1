/** command:remote:Command: a command that runs over SSH when the resource is made, changed or removed. */
import type { Context } from "../provider";
import { commandFailures, previousOutput, type CommandInputs, type CommandState } from "./commandInputs";
import { commandResource } from "./commandResource";
import { connectionFailures, withDefaults, type Connection } from "./connection";
import { dial } from "./dial";
import { stateOf } from "./output";
import { refusedVariables, runOver } from "./session";

type Inputs = CommandInputs & { connection: Connection };

export const remoteCommand = commandResource<Inputs>(
  async (inputs) => ({
    inputs: { ...inputs, connection: withDefaults(inputs.connection) },
    failures: [...connectionFailures(inputs.connection), ...commandFailures(inputs)],
  }),
  runRemotely,
);

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
