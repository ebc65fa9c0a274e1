import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { FailedError } from "../../converter/errors";
import { makePrivateFolder } from "../privateFiles";
import { writeSeed } from "./cloudInitSeed";
import { containerCommand, INIT_PID_FILE, SEED_COPY } from "./containerScript";
import { setFirewall } from "./firewall";
import { filesystemsOf, freeLoopsOn } from "./innerLoops";
import { attachVolume, detachVolume, freeVolumes, linkName } from "./loopVolumes";
import type { AttachedVolume, Firewall, Machine, MachineSpec } from "./machine";
import { networkCommand } from "./network";
import { endProcess, livePid, recordProcess, waitForEnd } from "./process";
import { CONSOLE_FILE } from "./qemuArguments";
import { endStrays } from "./strays";

const START_SECONDS = 20;
const GRACE_SECONDS = 10;

/**
 * A helper without a virtual machine: its root volume mounted in namespaces of its own, its own cloud-init and sshd.
 * It has neither a metadata service nor a way out of its network. Needs root.
 */
export class Container implements Machine {
  readonly consoleFile: string;

  constructor(private readonly spec: MachineSpec) {
    this.consoleFile = path.join(spec.directory, CONSOLE_FILE);
  }

  async start(volumes: AttachedVolume[]): Promise<void> {
    if (await this.isRunning()) return;
    const { directory } = this.spec;
    makePrivateFolder(directory);
    // Of a container that was ended from outside.
    await freeVolumes(directory);
    fs.rmSync(path.join(directory, INIT_PID_FILE), { force: true });
    writeSeed(path.join(directory, SEED_COPY), this.spec);
    this.launch();
    await this.untilUsable();
    for (const volume of volumes) await this.attach(volume);
  }

  async stop(): Promise<void> {
    await this.end(async () => {
      process.kill(this.initPid(), "SIGTERM");
      if (!(await waitForEnd(this.spec.directory, GRACE_SECONDS))) await endProcess(this.spec.directory);
    });
  }

  async destroy(): Promise<void> {
    await this.end(() => endProcess(this.spec.directory));
    await endStrays(this.spec.instanceId);
    fs.rmSync(this.spec.directory, { recursive: true, force: true });
  }

  async attach(volume: AttachedVolume): Promise<void> {
    await attachVolume(this.spec.directory, this.devFolder(), volume);
  }

  async detach({ volumeId }: AttachedVolume): Promise<void> {
    if (!(await this.isRunning())) return;
    await detachVolume(this.spec.directory, this.devFolder(), volumeId);
  }

  /** Nothing is held back in it: what it has written is in the volume's file. */
  async beginCopy(): Promise<boolean> {
    return false;
  }

  async finishCopy(name: string): Promise<void> {
    throw new FailedError(`${name}: a container makes no copies.`);
  }

  async setFirewall(firewall: Firewall): Promise<void> {
    const pid = livePid(this.spec.directory);
    if (pid !== undefined) await setFirewall(pid, firewall);
  }

  async isRunning(): Promise<boolean> {
    return livePid(this.spec.directory) !== undefined;
  }

  /** Ends it in the given way, and frees every loop device that it had or made. */
  private async end(how: () => Promise<void>): Promise<void> {
    if (await this.isRunning()) {
      const inner = filesystemsOf(this.initPid());
      await how();
      await freeLoopsOn(inner);
    }
    await freeVolumes(this.spec.directory);
  }

  private launch(): void {
    const { directory, rootVolume } = this.spec;
    const rootLink = linkName(rootVolume.volumeId);
    const container = containerCommand({ directory, rootFile: rootVolume.file, rootLink });
    const [program, ...args] = networkCommand(this.spec, container);
    const console = fs.openSync(this.consoleFile, "w");
    const child = spawn(program, args, { detached: true, stdio: ["ignore", console, console] });
    fs.closeSync(console);
    child.unref();
    if (child.pid !== undefined) recordProcess(directory, child.pid);
  }

  private async untilUsable(): Promise<void> {
    const end = Date.now() + START_SECONDS * 1000;
    while (!this.initPid()) {
      if (!(await this.isRunning()) || Date.now() >= end) throw new FailedError(await this.explain());
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private async explain(): Promise<string> {
    await endProcess(this.spec.directory);
    const said = fs.readFileSync(this.consoleFile, "utf8").trim().split("\n").slice(-12).join("\n");
    return `${this.spec.instanceId}: the container did not start. It needs root and loop devices. It said:\n${said}`;
  }

  /** 0 until there is one. */
  private initPid(): number {
    const file = path.join(this.spec.directory, INIT_PID_FILE);
    return fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  }

  /** A process's root is reachable from outside its namespace. */
  private devFolder(): string {
    return `/proc/${this.initPid()}/root/dev`;
  }
}
