/** moto's server, from PyPI: AWS as nobody here wrote it. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PATIENCE_MS = 120_000;

export interface Moto {
  url: string;
  pid: number;
  end: () => void;
}

/** Starts a server of its own. `env`: what moto takes of the environment. `root`: the checkout. */
export async function startMoto(
  env: Record<string, string> = {},
  root = join(__dirname, ".."),
): Promise<Moto> {
  const python = join(root, ".cache", "ec2-clients", "bin", "python");
  if (!existsSync(python))
    throw new Error(`${python} is not there: bash local/setup.sh --for test (or bench) brings it.`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server: ChildProcess = spawn(python, ["-m", "moto.server", "-p", String(port)], {
    stdio: "ignore",
    env: { ...process.env, ...env },
  });
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    if (await fetch(`${url}/moto-api/`).catch(() => undefined)) break;
    if (Date.now() >= end) throw new Error("moto's server did not start.");
  }
  return { url, pid: server.pid ?? 0, end: () => void server.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
