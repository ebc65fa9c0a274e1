import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../../converter/run";
import { makePrivateFolder } from "../privateFiles";
import { hostAccelerator } from "./accelerator";
import { blockNode, deviceId, diskDevice, freeSlot } from "./disks";
import { setFirewall } from "./firewall";
import type { AttachedVolume, Firewall, Machine, MachineSpec } from "./machine";
import { writeMetadata } from "./metadata";
import { takenSlots, unplug, withMonitor } from "./monitor";
import { networkCommand } from "./network";
import { endProcess, livePid, recordProcess, waitForEnd } from "./process";
import { beginCopy, copyCutShort, finishCopy } from "./liveCopy";
import { loadFromDisk, type PvGrubOutcome } from "./pvGrub";
import { CONSOLE_FILE, GUEST_NEIGHBOUR, PID_FILE, qemuArguments, type LoadedKernel } from "./qemuArguments";
import { endStrays } from "./strays";
import { toolboxCommand, toolboxImage } from "./toolbox";

/** EC2 waits some minutes for a guest to shut down; one that does not listen to the power button never does. */
const GRACE_SECONDS = 30;

/** A machine in QEMU: every guest of the local cloud, and its helpers where KVM works. */
export class VirtualMachine implements Machine {
  readonly consoleFile: string;

  constructor(private readonly spec: MachineSpec) {
    this.consoleFile = path.join(spec.directory, CONSOLE_FILE);
  }

  async start(volumes: AttachedVolume[]): Promise<void> {
    if (await this.isRunning()) return;
    const { directory, metadata, userData, metadataOptions } = this.spec;
    makePrivateFolder(directory);
    writeMetadata(directory, metadata, userData, metadataOptions);
    const outcome = await this.load();
    if (outcome && "console" in outcome) fs.writeFileSync(this.consoleFile, outcome.console);
    else await this.startQemu(volumes, outcome?.loaded);
  }

  async stop(): Promise<void> {
    if (!(await this.isRunning())) return;
    // A QEMU that ends just now, or does not answer, is dealt with below.
    await withMonitor(this.spec.directory, (qmp) => qmp.execute("system_powerdown")).catch(() => undefined);
    if (!(await waitForEnd(this.spec.directory, GRACE_SECONDS))) await endProcess(this.spec.directory);
  }

  async destroy(): Promise<void> {
    await endProcess(this.spec.directory);
    await endStrays(this.spec.instanceId);
    fs.rmSync(this.spec.directory, { recursive: true, force: true });
  }

  async attach(volume: AttachedVolume): Promise<void> {
    await withMonitor(this.spec.directory, async (qmp) => {
      const slot = freeSlot(await takenSlots(qmp));
      await qmp.execute("blockdev-add", blockNode(volume));
      await qmp.execute("device_add", diskDevice(volume, this.spec.boot, slot));
    });
  }

  /** The guest is asked to let go of the disk; one that does not answer makes this fail, as it makes EC2 wait. */
  async detach(volume: AttachedVolume): Promise<void> {
    if (!(await this.isRunning())) return;
    await withMonitor(this.spec.directory, async (qmp) => {
      await unplug(qmp, deviceId(volume));
      await qmp.execute("blockdev-del", { "node-name": blockNode(volume)["node-name"] });
    });
  }

  async beginCopy(volume: AttachedVolume, name: string, file: string): Promise<boolean> {
    if (!(await this.isRunning())) return false;
    await withMonitor(this.spec.directory, (qmp) => beginCopy(qmp, volume, name, file));
    return true;
  }

  async finishCopy(name: string): Promise<void> {
    if (!(await this.isRunning())) throw copyCutShort(name);
    await withMonitor(this.spec.directory, (qmp) => finishCopy(qmp, name));
  }

  async setFirewall(firewall: Firewall): Promise<void> {
    const pid = livePid(this.spec.directory);
    if (pid !== undefined) await setFirewall(pid, firewall, GUEST_NEIGHBOUR);
  }

  async isRunning(): Promise<boolean> {
    return livePid(this.spec.directory) !== undefined;
  }

  private async load(): Promise<PvGrubOutcome | undefined> {
    const { boot, rootVolume, directory } = this.spec;
    return boot === "pv-grub" ? loadFromDisk(rootVolume.file, directory) : undefined;
  }

  private async startQemu(volumes: AttachedVolume[], loaded?: LoadedKernel): Promise<void> {
    const { directory, instanceId } = this.spec;
    const image = toolboxImage();
    const command = qemuArguments(this.spec, volumes, { accelerator: await hostAccelerator(image), loaded });
    const files = [this.spec.rootVolume, ...volumes].map(({ file }) => file);
    const inToolbox = toolboxCommand(image, directory, command, files);
    await run(networkCommand(this.spec, inToolbox, GUEST_NEIGHBOUR), {
      purpose: `starting ${instanceId}`,
      timeoutSeconds: 60,
    });
    recordProcess(directory, Number(fs.readFileSync(path.join(directory, PID_FILE), "utf8")));
  }
}
