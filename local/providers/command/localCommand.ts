/** command:local:Command: a command that runs on this machine, through a shell. */
import { spawn } from "node:child_process";
import type { Context } from "../provider";
import { commandFailures, previousOutput, type CommandInputs, type CommandState } from "./commandInputs";
import { commandResource } from "./commandResource";
import { Collector, describeFailure, stateOf } from "./output";

type Inputs = CommandInputs & {
  interpreter?: string[];
  dir?: string;
  assetPaths?: string[];
  archivePaths?: string[];
};

export const localCommand = commandResource<Inputs>(async (inputs) => {
  const unknown = ["assetPaths", "archivePaths"].filter((name) => inputs[name] !== undefined);
  const reason = "the local command provider does not collect files. Leave it out, or use the real provider.";
  return {
    inputs,
    failures: [...commandFailures(inputs), ...unknown.map((property) => ({ property, reason }))],
  };
}, runLocally);

/** Ctrl-C ends the process too. */
async function runLocally(command: string, inputs: Inputs, state: Partial<CommandState>, context: Context) {
  const [program, ...args] = [
    ...(inputs.interpreter?.length ? inputs.interpreter : ["/bin/sh", "-c"]),
    command,
  ];
  const env = { ...process.env, ...inputs.environment, ...previousOutput(inputs, state) };
  const child = spawn(program, args, { cwd: inputs.dir, env, signal: context.signal });
  const collector = new Collector(inputs.logging, (line) => context.log(line));
  collector.listen("stdout", child.stdout);
  collector.listen("stderr", child.stderr);
  // A command that does not read its input closes it; its exit status tells the story.
  child.stdin.on("error", () => undefined);
  child.stdin.end(inputs.stdin ?? "");
  const how = await new Promise<string | undefined>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) =>
      resolve(code === 0 ? undefined : signal ? `signal: ${signal}` : `exit status ${code}`),
    );
  });
  const output = collector.finish();
  if (how) throw new Error(describeFailure(how, command, output));
  return stateOf(output);
}
