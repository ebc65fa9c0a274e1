/** What the tests of real machines share: the images, keys, ssh. */
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { AttachedVolume, Firewall, MachineSpec } from "../../../local/machines/machine";
import { interfaceOf } from "../../../local/machines/network";

/** The image file that an environment variable names; these tests have nothing to say without it. */
export function imageNamedBy(variable: "PV_TO_HVM_HELPER_IMAGE" | "PV_TO_HVM_SAMPLE_IMAGE"): string {
  const file = process.env[variable];
  assert.ok(
    file && fs.existsSync(file),
    `${variable} must name an image (local/images builds it), but is ${file ?? "not set"}`,
  );
  return file;
}

/** One of sixteen addresses that machines of this process can have. */
export function testAddress(number: number): string {
  const pair = (process.pid % 4096) * 16 + (number % 16);
  return `198.${18 + (pair >> 15)}.${(pair >> 7) % 256}.${((2 * pair) % 256) + 1}`;
}

/** From this host, and nothing out. */
export const SSH_ALONE: Firewall = {
  ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: ["198.18.0.0/15"] }],
  egress: [],
};

/** What the host sees of an instance's network: one line, or none. */
export function hostInterfaces(instanceId: string): string[] {
  const links = execFileSync("ip", ["-o", "link", "show"], { encoding: "utf8" }).split("\n");
  return links.filter((line) => line.includes(` ${interfaceOf(instanceId)}@`));
}

/** The kernel takes an interface away some moments after the last process of its namespace. */
export async function untilGone(instanceId: string): Promise<void> {
  for (const end = Date.now() + 5000; hostInterfaces(instanceId).length > 0;) {
    assert.ok(Date.now() < end, `${interfaceOf(instanceId)} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A folder for one test file, with a key in it. */
export class Bench {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "machines-"));

  constructor() {
    this.makeKey("key");
  }

  makeKey(name: string): { privateKey: string; publicKey: string } {
    const file = path.join(this.folder, name);
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file]);
    return { privateKey: fs.readFileSync(file, "utf8"), publicKey: this.read(`${name}.pub`) };
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.folder, name), "utf8").trim();
  }

  /** A volume with an image's bytes, or a blank one of some MiB. */
  volume(number: number, content: string | number): AttachedVolume {
    const volumeId = `vol-${String(number).padStart(17, "0")}`;
    const file = path.join(this.folder, `${volumeId}.raw`);
    if (typeof content === "string") execFileSync("cp", ["--sparse=always", content, file]);
    else execFileSync("truncate", ["-s", `${content}M`, file]);
    return { volumeId, file, deviceName: "/dev/sdf" };
  }

  spec(number: number, rootVolume: AttachedVolume, rest: Partial<MachineSpec> = {}): MachineSpec {
    // Id and address are of this process, so that two runs of the tests do not meet.
    const instanceId = `i-${String(process.pid).padStart(13, "0")}${String(number).padStart(4, "0")}`;
    return {
      instanceId,
      directory: path.join(this.folder, instanceId),
      address: testAddress(number),
      instanceType: "t3.micro",
      vcpus: 2,
      memoryMb: 1024,
      boot: "boot-record",
      rootVolume,
      metadata: {
        "meta-data/instance-id": instanceId,
        "meta-data/public-keys/0/openssh-key": this.read("key.pub"),
      },
      firewall: SSH_ALONE,
      ...rest,
    };
  }

  /** Runs a command on a machine, trying until it answers. With a host key, no other is taken. */
  async ssh(
    address: string,
    command: string,
    options: { seconds: number; hostKey?: string },
  ): Promise<string> {
    const known = path.join(this.folder, `known-${address}`);
    if (options.hostKey) fs.writeFileSync(known, `${address} ${options.hostKey}\n`);
    const trust = options.hostKey
      ? [`UserKnownHostsFile=${known}`, "StrictHostKeyChecking=yes"]
      : ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
    const args = [...trust, "ConnectTimeout=5", "BatchMode=yes", "LogLevel=ERROR"].flatMap((option) => [
      "-o",
      option,
    ]);
    const end = Date.now() + options.seconds * 1000;
    for (;;) {
      try {
        const ssh = promisify(execFile)("ssh", [
          ...args,
          "-i",
          path.join(this.folder, "key"),
          `root@${address}`,
          command,
        ]);
        return (await ssh).stdout.trim();
      } catch (error) {
        // 255 is ssh's own: nobody answers yet. Anything else is the command's.
        if ((error as { code?: unknown }).code !== 255 || Date.now() >= end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 300));
      }
    }
  }

  /** Backing files below this folder that are still loop devices. */
  loops(): string[] {
    const list = execFileSync("losetup", ["--list", "--noheadings", "--output", "BACK-FILE"], {
      encoding: "utf8",
    });
    return list.split("\n").filter((file) => file.includes(this.folder));
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
