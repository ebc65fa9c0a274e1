/** Reads what a machine shows of its boot: console, firmware's messages, packets, disk counters, registers. */
import * as fs from "node:fs/promises";
import { monotonicMs, secondsSince } from "../clock";
import { Console } from "./console";
import { findDhcpRequest } from "./dhcp";
import { firmwareFault } from "./firmware";
import type { Observation } from "./bootProgress";
import { whatRuns } from "./processors";
import { DRIVE, type Running, tracesIn } from "./qemu";
import { diskCounters } from "./qmp";

/** Bytes that are read at once: a getty that respawns can fill the console. */
const LONGEST_READ = 1024 * 1024;

/** Watches one machine, from its start to its end. */
export class BootMonitor {
  readonly console = new Console();
  /** Why the machine cannot continue although it runs: the firmware has nothing to boot, or the overlay is full. */
  stuck?: string;
  /** How QEMU's machine ended itself: `guest-reset`, `guest-shutdown`. */
  shutdown?: string;
  private readonly started = monotonicMs();
  private consoleBytes = 0;
  private runs?: "kernel" | "programs";
  private dhcp?: string;

  constructor(
    private readonly folder: string,
    private readonly running: Running,
  ) {
    running.qmp.onEvent = ({ name, data }) => this.onEvent(name, data);
  }

  /** What is new since the last call. */
  async observe(): Promise<Observation> {
    const lines = this.console.feed(await this.newOutput());
    const disk = await diskCounters(this.running.qmp, DRIVE).catch(() => undefined);
    // After init has started, programs always run: the registers show nothing new.
    if (this.runs !== "programs") this.runs = (await whatRuns(this.running.qmp)) ?? this.runs;
    this.dhcp ??= findDhcpRequest(await readOrEmpty(tracesIn(this.folder).packets));
    this.stuck ??= firmwareFault((await readOrEmpty(tracesIn(this.folder).firmware)).toString("latin1"));
    const second = secondsSince(this.started);
    return { second, lines, prompt: this.console.unfinished, disk, runs: this.runs, dhcp: this.dhcp };
  }

  private onEvent(name: string, data: unknown): void {
    if (name === "SHUTDOWN") this.shutdown ??= (data as { reason?: string } | undefined)?.reason;
    if (name === "BLOCK_IO_ERROR" && (data as { nospace?: boolean }).nospace)
      this.stuck ??= "the overlay has no more room in /var/tmp";
  }

  private async newOutput(): Promise<string> {
    const file = await fs.open(tracesIn(this.folder).console).catch(() => undefined);
    if (!file) return "";
    try {
      const { bytesRead, buffer } = await file.read(
        Buffer.alloc(LONGEST_READ),
        0,
        LONGEST_READ,
        this.consoleBytes,
      );
      this.consoleBytes += bytesRead;
      // Latin-1: a character of several bytes may be cut in two, but no sign of a rung contains one.
      return buffer.toString("latin1", 0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

function readOrEmpty(file: string): Promise<Buffer> {
  return fs.readFile(file).catch(() => Buffer.alloc(0));
}
