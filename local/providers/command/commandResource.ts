/** The life of a command, wherever it runs: local:Command and remote:Command differ in their runner alone. */
import type { Context, Properties, ResourceHandler } from "../provider";
import {
  COMMAND_OUTPUTS,
  diffCommand,
  newId,
  previewCommand,
  updateCommand,
  type CommandInputs,
  type CommandState,
} from "./commandInputs";

type Printed = Pick<CommandState, "stdout" | "stderr">;

/** Runs a command to its end and gives what it printed. `state` is what the last one printed. */
export type Runner<Inputs> = (
  command: string,
  inputs: Inputs,
  state: Partial<CommandState>,
  context: Context,
) => Promise<Printed>;

/**
 * A command as a resource: `create` makes it, `update` (or else `create` again) changes it, `delete` removes it. Where
 * there is no command for it nothing runs: without `delete` no machine is dialled, which may be long gone.
 */
export function commandResource<Inputs extends CommandInputs>(
  check: ResourceHandler["check"],
  run: Runner<Inputs>,
): ResourceHandler {
  return {
    outputs: COMMAND_OUTPUTS,
    diff: diffCommand,
    preview: previewCommand,
    check,

    async create(properties, context) {
      const inputs = properties as unknown as Inputs;
      const nothing = { stdout: "", stderr: "" };
      const printed = inputs.create ? await run(inputs.create, inputs, {}, context) : nothing;
      return { id: newId(context.urn), state: { ...properties, ...printed } };
    },

    async update(_id, properties, _olds, state, context) {
      const inputs = properties as unknown as Inputs;
      const last = printedIn(state);
      const command = updateCommand(inputs);
      return { ...properties, ...(command ? await run(command, inputs, last, context) : last) };
    },

    async delete(_id, properties, context) {
      const inputs = properties as unknown as Inputs;
      if (inputs.delete) await run(inputs.delete, inputs, printedIn(properties), context);
    },
  };
}

function printedIn({ stdout, stderr }: Properties): Printed {
  return { stdout: String(stdout ?? ""), stderr: String(stderr ?? "") };
}
