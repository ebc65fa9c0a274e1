/** QEMU's machine protocol: one JSON object a line, over a Unix socket. */
import * as net from "node:net";
import { monotonicMs } from "../clock";
import { FailedError } from "../errors";

interface Pending {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

interface Message {
  QMP?: unknown;
  return?: unknown;
  error?: { class: string; desc: string };
  event?: string;
  data?: unknown;
}

export interface QmpEvent {
  name: string;
  data: unknown;
}

/** A connection to one QEMU. Commands are answered in the order in which they were sent. */
export class QmpClient {
  private readonly waiting: Pending[] = [];
  private closed?: Error;

  /** Called for each event (`SHUTDOWN`, `DEVICE_DELETED` …). */
  onEvent: (event: QmpEvent) => void = () => undefined;

  private constructor(private readonly socket: net.Socket) {
    let rest = "";
    socket.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach((line) => this.receive(JSON.parse(line) as Message));
    });
    socket.on("error", (error) => this.end(error));
    socket.on("close", () => this.end(new Error("QEMU has ended")));
  }

  /** Connects, waiting until the socket is there. Default 10 s. Throws `FailedError` if none answers. */
  static async connect(path: string, timeoutSeconds = 10): Promise<QmpClient> {
    const end = monotonicMs() + timeoutSeconds * 1000;
    for (;;) {
      try {
        const client = new QmpClient(await open(path));
        await client.execute("qmp_capabilities");
        return client;
      } catch (error) {
        if (monotonicMs() >= end)
          throw new FailedError(
            `QEMU: nobody answers at ${path} (${(error as Error).message}). Run the rehearsal again.`,
          );
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Sends a command and gives its answer. Throws `FailedError` with QEMU's words where it is refused. */
  execute(command: string, args?: Record<string, unknown>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.closed) return reject(new FailedError(`QEMU: ${command}: ${this.closed.message}`));
      const pending = {
        resolve,
        reject: (error: Error) => reject(new FailedError(`QEMU: ${command}: ${error.message}`)),
      };
      this.waiting.push(pending);
      this.socket.write(`${JSON.stringify({ execute: command, arguments: args })}\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }

  private receive(message: Message): void {
    if (message.event) return this.onEvent({ name: message.event, data: message.data });
    if (message.QMP) return;
    const pending = this.waiting.shift();
    if (message.error) pending?.reject(new Error(message.error.desc));
    else pending?.resolve(message.return);
  }

  private end(error: Error): void {
    this.closed ??= error;
    for (const pending of this.waiting.splice(0)) pending.reject(this.closed);
  }
}

function open(path: string): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.createConnection(path);
    socket.once("connect", () => {
      socket.removeListener("error", reject);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

interface BlockStats {
  device?: string;
  stats: { rd_bytes: number; wr_bytes: number };
}

/** Bytes that the machine has read from and written to a drive since its start. */
export async function diskCounters(
  qmp: QmpClient,
  drive: string,
): Promise<{ readBytes: number; writtenBytes: number }> {
  const all = (await qmp.execute("query-blockstats")) as BlockStats[];
  const found = all.find((one) => one.device === drive);
  if (!found) throw new FailedError(`QEMU: has no drive ${drive}.`);
  return { readBytes: found.stats.rd_bytes, writtenBytes: found.stats.wr_bytes };
}
