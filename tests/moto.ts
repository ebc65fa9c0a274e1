/** AWS as nobody here wrote it: moto's server, from PyPI (`bash local/setup.sh --for test` brings it). */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const PYTHON = join(__dirname, "..", ".cache", "ec2-clients", "bin", "python");
const PATIENCE_MS = 60_000;

export interface Moto {
  url: string;
  end(): void;
}

/** Starts an empty one on a free port. */
export async function startMoto(): Promise<Moto> {
  assert.ok(existsSync(PYTHON), `${PYTHON} is not there: bash local/setup.sh --for test brings it`);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(PYTHON, ["-m", "moto.server", "-p", String(port)], { stdio: "ignore" });
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(100)) {
    if (await fetch(`${url}/moto-api/`).catch(() => undefined)) break;
    assert.ok(Date.now() < end, "moto's server did not start");
  }
  return { url, end: () => void server.kill() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
