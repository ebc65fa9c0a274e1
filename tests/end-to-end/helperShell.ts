/** A shell on a migration's helper, by the keys that its stack holds. */
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { InstanceRecord } from "../../local/cloud/instanceRecord";
import type { LocalCloud } from "../../local/prepare";

interface StackExport {
  deployment: { resources: { urn: string; outputs?: Record<string, unknown> }[] };
}

export class HelperShell {
  private readonly folder = mkdtempSync(join(tmpdir(), "helper-shell-"));

  private constructor(private readonly address: string) {}

  /** @param workDir the folder of the stack's Pulumi.yaml. */
  static open(local: LocalCloud, workDir: string, helper: InstanceRecord): HelperShell {
    const shell = new HelperShell(helper.publicIp ?? helper.privateIp);
    const keys = keysOf(local, workDir);
    writeFileSync(join(shell.folder, "key"), keys.client, { mode: 0o600 });
    writeFileSync(join(shell.folder, "known"), `${shell.address} ${keys.host}\n`);
    return shell;
  }

  /** What a command prints. Throws where it fails. */
  async run(command: string): Promise<string> {
    const options = ["StrictHostKeyChecking=yes", "BatchMode=yes", "LogLevel=ERROR", "ConnectTimeout=20"];
    const known = `UserKnownHostsFile=${join(this.folder, "known")}`;
    const args = [...options, known].flatMap((option) => ["-o", option]);
    const host = ["-i", join(this.folder, "key"), `root@${this.address}`];
    const { stdout } = await promisify(execFile)("ssh", [...args, ...host, command]);
    return stdout.trim();
  }

  /** Removes the keys. */
  forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function keysOf({ engine, env }: LocalCloud, workDir: string): { client: string; host: string } {
  const text = execFileSync(engine.pulumi, ["stack", "export", "--show-secrets"], {
    cwd: workDir,
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
  const { resources } = (JSON.parse(text) as StackExport).deployment;
  const key = (name: string, half: string) =>
    String(plain(resources.find(({ urn }) => urn.endsWith(`::${name}`))?.outputs?.[half]));
  return {
    client: key("sample-client-key", "privateKeyOpenssh"),
    host: key("sample-host-key", "publicKeyOpenssh"),
  };
}

/** A shown secret is an object around its JSON. */
function plain(value: unknown): unknown {
  const shown = (value as { plaintext?: string } | undefined)?.plaintext;
  return shown === undefined ? value : JSON.parse(shown);
}
