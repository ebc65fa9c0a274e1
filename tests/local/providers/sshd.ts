/**
 * A real OpenSSH server for tests, on a free port of the loopback, with keys of its own. It runs out of the helper's
 * image: the package openssh-server would start one on the computer of whoever runs the tests. Needs root.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { TOOLBOX_VARIABLE, toolboxCommand, toolboxImage } from "../../../local/machines/toolbox";
import type { Connection } from "../../../local/providers/command/connection";
import { describeKey, generateKey, type KeyTexts } from "../../../local/providers/tls/keyPair";

export interface TestServer {
  /** Reaches it, with its host key pinned. */
  connection: Connection;
  /** The key that it lets in. */
  client: KeyTexts;
  /** A folder for what tests copy. */
  folder: string;
  stop(): void;
}

/**
 * Starts one. `settings`: further lines of sshd_config, which win over the usual ones.
 * @throws FailedError where the environment names no helper's image, with what to do.
 */
export async function startSshd(
  algorithm: "ED25519" | "RSA" = "ED25519",
  settings: string[] = [],
): Promise<TestServer> {
  const image = helperImage();
  const folder = mkdtempSync(join(tmpdir(), "sshd-test-"));
  const [host, client] = [await makeKey(algorithm), await makeKey(algorithm)];
  const port = await freePort();
  writeFileSync(join(folder, "host"), host.privateKeyOpenssh, { mode: 0o600 });
  writeFileSync(join(folder, "authorized"), client.publicKeyOpenssh);
  writeFileSync(join(folder, "config"), configuration(folder, port, settings));
  const [program, ...args] = toolboxCommand(image, folder, ["sh", "-euc", SSHD]);
  const server = spawn(program, args, { stdio: ["ignore", "ignore", "pipe"] });
  await answers(port, server);
  return {
    folder,
    client,
    connection: {
      host: "127.0.0.1",
      port,
      user: userInfo().username,
      privateKey: client.privateKeyOpenssh,
      hostKey: host.publicKeyOpenssh,
      dialErrorLimit: 0,
      perDialTimeout: 5,
    },
    stop: () => {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function makeKey(algorithm: "ED25519" | "RSA"): Promise<KeyTexts> {
  return describeKey(await generateKey({ algorithm, rsaBits: 2048, ecdsaCurve: "P256" }));
}

/** The folder that sshd asks for is made where the host does not see it. */
const SSHD = `
mount -t tmpfs -o mode=0755 run /run
mkdir /run/sshd
exec /usr/sbin/sshd -D -e -f "$PWD/config"
`;

/** Under either of the names that the tests know it by. */
function helperImage(): string {
  const { PV_TO_HVM_HELPER_IMAGE, ...env } = process.env;
  return toolboxImage({ [TOOLBOX_VARIABLE]: PV_TO_HVM_HELPER_IMAGE, ...env });
}

function configuration(folder: string, port: number, settings: string[]): string {
  return [
    ...settings,
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${join(folder, "host")}`,
    `AuthorizedKeysFile ${join(folder, "authorized")}`,
    "StrictModes no",
    "UsePAM no",
    "PermitRootLogin yes",
    "PidFile none",
    // Tests that are let in by no key must not keep the next one waiting (OpenSSH 9.8 and newer).
    "PerSourcePenalties no",
    "AcceptEnv GREETING PULUMI_COMMAND_*",
    "Subsystem sftp internal-sftp",
    "",
  ].join("\n");
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answers(port: number, server: ChildProcess): Promise<void> {
  let said = "";
  server.stderr?.on("data", (text) => (said += text));
  for (let attempt = 0; attempt < 100; attempt++) {
    if (server.exitCode !== null)
      throw new Error(`sshd ended with exit code ${server.exitCode}. It needs root. It said:\n${said}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).on("error", () => resolve(false));
      socket.unref().once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`sshd: no answer within 5 s. It said:\n${said}`);
}
