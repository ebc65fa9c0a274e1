/** A migration's helper from outside: its processes, and what can happen to them. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { InstanceRecord } from "../../local/cloud/instanceRecord";
import { livePid } from "../../local/machines/process";
import { ancestorsOf, descendantsOf, type Process, processes, signal } from "./processes";

export class HelperMachine {
  constructor(
    readonly instance: InstanceRecord,
    /** `machines/i-…` of the cloud's folder. */
    readonly directory: string,
  ) {}

  get id(): string {
    return this.instance.instanceId;
  }

  /** The converter at work on a step; undefined while it is not. */
  converter(step: string): Process | undefined {
    return this.processes().find(
      ({ command }) =>
        /(^|\/)node$/.test(command[0]) &&
        command.some((word) => word.endsWith("pv-to-hvm.cjs")) &&
        command.includes(step),
    );
  }

  /** The end of the ssh connection over which a process was started: the server's, so that no packet says good-bye. */
  sshSessionOf(inside: Process): Process {
    const session = ancestorsOf(inside).find(({ command }) => /^sshd(-session)?:/.test(command[0]));
    if (!session) throw new Error(`${inside.command.join(" ")}: no ssh session is above it.`);
    return session;
  }

  /** Ends the whole machine as a power failure does. */
  kill(): void {
    signal(this.pid(), "SIGKILL");
  }

  /** Runs a command inside, as root there. Throws where it fails. */
  run(...command: string[]): string {
    const enter = ["--target", this.init(), "--mount", "--pid", "--net", "--root", "--wd"];
    return execFileSync("nsenter", [...enter, ...command], { encoding: "utf8" });
  }

  processes(): Process[] {
    const pid = livePid(this.directory);
    return pid === undefined ? [] : descendantsOf(pid, processes());
  }

  private pid(): number {
    const pid = livePid(this.directory);
    if (pid === undefined) throw new Error(`${this.id} does not run.`);
    return pid;
  }

  /** Of the container's process 1, as the host sees it. */
  private init(): string {
    return readFileSync(join(this.directory, "init.pid"), "utf8").trim();
  }
}
