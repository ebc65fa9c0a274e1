/** A paravirtual machine that runs, to be prepared and migrated, and a shell on it. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { InstanceRecord } from "../../local/cloud/instanceRecord";
import { seedLiveSource, seededKeyFile } from "../../local/cloud/seed";
import { runLiveSource } from "../../local/commands/launchSource";
import { buildLiveSourceImage } from "../../local/images";
import { LIVE_SOURCE_USER } from "../../local/images/liveSourceFiles";
import type { LocalCloud } from "../../local/prepare";

const ROOT = join(__dirname, "..", "..");

/** By this tag the policies for live sources know a source. */
export const MAY_BE_MIGRATED = { migrate: "yes" };

/** How long it may take to boot, on a busy machine under TCG. */
const BOOT_SECONDS = 240;

/** ssh's own exit status: nobody answers, or nobody is let in yet. */
const NO_ANSWER = 255;

export class LiveSource {
  private constructor(
    private readonly local: LocalCloud,
    readonly instanceId: string,
  ) {}

  /** Starts one. It boots from then on. */
  static async launch(local: LocalCloud): Promise<LiveSource> {
    const log = (line: string) => console.log(`      ${line}`);
    await seedLiveSource(local.cloud, await buildLiveSourceImage({ cache: join(ROOT, ".cache"), log }));
    const { instanceId } = await runLiveSource(local.cloud);
    const { tagging, volumes } = local.cloud;
    for (const id of [instanceId, ...(await volumes.attachedTo(instanceId)).map(({ volumeId }) => volumeId)])
      await tagging.change(id, (tags) => ({ ...tags, ...MAY_BE_MIGRATED }));
    return new LiveSource(local, instanceId);
  }

  describe(): Promise<InstanceRecord> {
    return this.local.cloud.instances.describe(this.instanceId);
  }

  /** What a command prints, run by the login user; tried until it answers. Throws where the command fails. */
  async run(command: string, user = LIVE_SOURCE_USER): Promise<string> {
    const { publicIp } = await this.describe();
    const end = Date.now() + BOOT_SECONDS * 1000;
    for (;;) {
      try {
        const ssh = [...sshOptions(seededKeyFile(this.local.cloud)), `${user}@${publicIp}`, command];
        return (await promisify(execFile)("ssh", ssh)).stdout.trim();
      } catch (error) {
        if ((error as { code?: unknown }).code !== NO_ANSWER || Date.now() >= end) throw error;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    }
  }

  /** What it boots by, each with its digest: kernel, initramfs, menu. */
  bootFiles(): Promise<string> {
    return this.run("sha256sum /boot/vmlinuz-$(uname -r) /boot/initrd.img-$(uname -r) /boot/grub/menu.lst");
  }

  /** Waits until it installs packages, and ends every connection of the login user: by root, whose own one stays. */
  async cutOffInstallation(): Promise<void> {
    const installing = "while ! pgrep -x dpkg > /dev/null; do sleep 0.1; done";
    await this.run(`${installing}; pkill -KILL -f '^sshd: ${LIVE_SOURCE_USER}'`, "root");
  }
}

/** What this sshd of 2010 knows, and a client of today offers only when it is told to. */
function sshOptions(keyFile: string): string[] {
  const options = [
    ...["BatchMode=yes", "ConnectTimeout=5", "LogLevel=ERROR"],
    ...["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"],
    ...["HostKeyAlgorithms=+ssh-rsa", "KexAlgorithms=+diffie-hellman-group14-sha1"],
  ];
  return [...options.flatMap((option) => ["-o", option]), "-i", keyFile];
}
