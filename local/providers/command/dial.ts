/** Opens SSH connections, and tries again while a machine is still booting. */
import { createConnection } from "node:net";
import { Client, type ConnectConfig } from "ssh2";
import type { Context } from "../provider";
import { endpointOf, sshConfig, type Connection } from "./connection";

/** Pauses between dials, in milliseconds (source: pulumi/pulumi sdk/go/common/util/retry): ten take about 11 s. */
const PAUSE = { first: 100, factor: 1.5, most: 5000 };

/**
 * Connects, through the proxy where there is one. A dial that fails is tried again until `dialErrorLimit` is reached;
 * the last failure is in the error. Ctrl-C and the resource's time-out end it too. The caller ends the client.
 */
export async function dial(connection: Connection, context: Context): Promise<Client> {
  const config = sshConfig(connection);
  if (!connection.proxy) {
    return retry("Dial", connection.dialErrorLimit, context, () => connect(config, endpointOf(connection)));
  }
  try {
    return await dialThrough(connection.proxy, connection, config, context);
  } catch (error) {
    throw new Error(`proxy: ${(error as Error).message}`);
  }
}

async function dialThrough(proxy: Connection, target: Connection, config: ConnectConfig, context: Context) {
  const bridge = await retry("Dial proxy", proxy.dialErrorLimit, context, () =>
    connect(sshConfig(proxy), endpointOf(proxy)),
  );
  try {
    const client = await retry("Dial from proxy", target.dialErrorLimit, context, async () => {
      const sock = await forward(bridge, target);
      return connect({ ...config, sock }, endpointOf(target));
    });
    client.on("close", () => bridge.end());
    return client;
  } catch (error) {
    bridge.end();
    throw error;
  }
}

function forward(bridge: Client, { host, port }: Connection): Promise<NonNullable<ConnectConfig["sock"]>> {
  return new Promise((resolve, reject) => {
    bridge.forwardOut("127.0.0.1", 0, host, port, (error, stream) =>
      error ? reject(error) : resolve(stream),
    );
  });
}

/**
 * After this time of silence the kernel asks the other side for a sign of life, as Go's `net` has it; without an answer
 * the connection ends (here 10 s later; with Go's pauses of 15 s after two minutes and a half). A machine that was cut
 * off is noticed by that alone: a command that runs says nothing for as long as it likes.
 */
const SILENCE_MS = 15_000;

/** One attempt. */
function connect(config: ConnectConfig, endpoint: string): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.on("keyboard-interactive", (_name, _instructions, _language, prompts, answer) =>
      answer(prompts.map(() => String(config.password))),
    );
    client.once("ready", () => resolve(client));
    // For good, not once: a connection lost in the handshake is told twice, and one lost later ends the session, whose
    // own end tells the story.
    client.on("error", (error: DialError) => {
      client.destroy();
      reject(new Error(describeDialError(error, endpoint)));
    });
    const { host = "", port = 22 } = config;
    const sock =
      config.sock ?? createConnection({ host, port, keepAlive: true, keepAliveInitialDelay: SILENCE_MS });
    client.connect({ ...config, sock });
  });
}

export type DialError = Error & { code?: string; level?: string };

/** In the words of Go's `net` and `ssh` packages, which the real provider's users search for. */
export function describeDialError({ code, level, message }: DialError, endpoint: string): string {
  if (code === "ECONNREFUSED") return `dial tcp ${endpoint}: connect: connection refused`;
  if (code === "EHOSTUNREACH") return `dial tcp ${endpoint}: connect: no route to host`;
  if (code === "ENOTFOUND") return `dial tcp: lookup ${endpoint.replace(/:\d+$/, "")}: no such host`;
  if (code === "ETIMEDOUT" || level === "client-timeout") return `dial tcp ${endpoint}: i/o timeout`;
  if (code === "ECONNRESET") return `ssh: handshake failed: read tcp ${endpoint}: connection reset by peer`;
  if (level === "client-authentication")
    return "ssh: handshake failed: ssh: unable to authenticate, no supported methods remain";
  if (/verification failed/.test(message)) return "ssh: handshake failed: ssh: host key mismatch";
  return level === "client-socket" ? `dial tcp ${endpoint}: ${message}` : `ssh: handshake failed: ${message}`;
}

/** Tries until it works, the limit of failures is reached (-1: none) or the operation is over. */
export async function retry<T>(
  what: string,
  limit: number,
  context: Context,
  attempt: () => Promise<T>,
  pause: (ms: number, signal: AbortSignal) => Promise<void> = sleep,
): Promise<T> {
  const signal = signalOf(context);
  for (let failures = 1, wait = PAUSE.first; ; failures++, wait = Math.min(wait * PAUSE.factor, PAUSE.most)) {
    try {
      return await attempt();
    } catch (error) {
      const { message } = error as Error;
      if (limit >= 0 && failures > limit) throw new Error(`after ${limit} failed attempts: ${message}`);
      if (signal.aborted) throw new Error(`${describeEnd(signal)}: ${message}`);
      context.log(`${what} ${failures}/${limit < 0 ? "inf" : limit} failed: retrying`);
      await pause(wait, signal);
    }
  }
}

/** Node's timers count to 2^31 ms, 24 days; a limit may be longer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function signalOf({ signal, timeoutSeconds }: Context): AbortSignal {
  if (timeoutSeconds === undefined) return signal;
  const milliseconds = Math.min(timeoutSeconds * 1000, LONGEST_TIMER_MS);
  return AbortSignal.any([signal, AbortSignal.timeout(milliseconds)]);
}

function describeEnd(signal: AbortSignal): string {
  const { name } = signal.reason as Error;
  return name === "TimeoutError" ? "context deadline exceeded" : "context canceled";
}

/** Ends early, without an error, when the signal comes. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
  });
}
