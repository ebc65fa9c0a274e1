/** Runs one command over an open SSH connection. */
import type { Client, ClientChannel } from "ssh2";
import { Collector, describeFailure, type Logging, type Output } from "./output";

export interface SessionRequest {
  command: string;
  environment: Record<string, string>;
  stdin?: string;
  logging?: Logging;
  log: (line: string) => void;
}

/** Resolves with the output; rejects where the exit status is not 0, or where the connection ends before it comes. */
export async function runOver(client: Client, request: SessionRequest): Promise<Output> {
  const channel = await open(client, request.command, request.environment);
  const collector = new Collector(request.logging, request.log);
  collector.listen("stdout", channel);
  collector.listen("stderr", channel.stderr);
  const how = await ended(channel, request.stdin);
  const output = collector.finish();
  if (how) throw new Error(describeFailure(how, request.command, output));
  return output;
}

/**
 * Those of `names` that the server does not set: sshd takes only what its AcceptEnv allows, and says nothing (ssh2 asks
 * for no answer). Asks the other side itself, so that what the real provider refuses is refused here too.
 */
export async function refusedVariables(
  client: Client,
  environment: Record<string, string>,
): Promise<string[]> {
  const refused: string[] = [];
  for (const name of Object.keys(environment)) {
    const channel = await open(client, `printenv '${name.replaceAll("'", "")}' >/dev/null`, environment);
    channel.resume();
    channel.stderr.resume();
    if ((await ended(channel)) === "Process exited with status 1") refused.push(name);
  }
  return refused;
}

function open(client: Client, command: string, env: Record<string, string>): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) => (error ? reject(error) : resolve(channel)));
  });
}

/** How it ended, in the words of Go's ssh package; undefined if all is well. */
function ended(channel: ClientChannel, stdin = ""): Promise<string | undefined> {
  return new Promise((resolve) => {
    let how: string | undefined = "wait: remote command exited without exit status or exit signal";
    channel.on("exit", (code: number | null, signal?: string) => (how = describeExit(code, signal)));
    channel.on("close", () => resolve(how));
    // A command that does not read its input closes it; its exit status tells the story.
    channel.on("error", () => undefined);
    channel.end(stdin);
  });
}

export function describeExit(code: number | null, signal?: string): string | undefined {
  if (code === 0) return undefined;
  if (code !== null) return `Process exited with status ${code}`;
  const name = (signal ?? "").replace(/^SIG/, "");
  return `Process exited with status ${128 + (SIGNAL_NUMBERS[name] ?? 0)} from signal ${name}`;
}

/** RFC 4254's names, with the numbers that Go adds to 128. */
const SIGNAL_NUMBERS: Record<string, number> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  ILL: 4,
  ABRT: 6,
  FPE: 8,
  KILL: 9,
  SEGV: 11,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
};
