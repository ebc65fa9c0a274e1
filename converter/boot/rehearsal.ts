/** Boots a disk on a throw-away overlay and watches it climb. */
import * as fs from "node:fs/promises";
import type { Log } from "../progress";
import type { Runner } from "../run";
import type { Rehearsal } from "../types";
import { type Accelerator, type AcceleratorChoice, chooseAccelerator } from "./accelerator";
import { Console } from "./console";
import { hasDhcpRequest } from "./dhcp";
import type { Hardware } from "./hardware";
import { type Climb, type Observation, RUNGS, climb, highest, judge } from "./ladder";
import { type QmpClient, diskCounters } from "./qmp";
import { DRIVE, type RehearsalMachine, tracesIn, withQemu } from "./qemu";

export interface RehearsalRequest {
  disk: string;
  serial: string;
  hardware: Hardware;
  /** Seconds until a boot counts as failed. */
  timeoutSeconds: number;
  memoryMb: number;
  accelerator: AcceleratorChoice;
}

/** What a rehearsal showed, and in one sentence why it counts as booted or not. */
export interface RehearsalResult {
  rehearsal: Rehearsal;
  why: string;
}

const LOOK_MS = 500;
const TAIL_LINES = 25;
/** A kernel that KVM starts is heard within seconds of GRUB; where it is not, KVM is broken. Seconds. */
const KVM_GRACE = 60;

/** Rehearses, with TCG after all where KVM was only a promise. */
export async function rehearse(
  request: RehearsalRequest,
  runner: Runner,
  log: Log,
): Promise<RehearsalResult> {
  const accelerator = await chooseAccelerator(request.accelerator, runner);
  const first = await attempt(request, accelerator, runner, log);
  if (first !== "kvm-stuck") return first;
  log(`no kernel ${KVM_GRACE} s after GRUB with KVM: once more with TCG`);
  return (await attempt({ ...request, accelerator: "tcg" }, "tcg", runner, log)) as RehearsalResult;
}

async function attempt(
  request: RehearsalRequest,
  accelerator: Accelerator,
  runner: Runner,
  log: Log,
): Promise<RehearsalResult | "kvm-stuck"> {
  const { disk, serial, hardware, memoryMb, timeoutSeconds } = request;
  const folder = await fs.mkdtemp("/var/tmp/pv-to-hvm-boot-");
  const machine: RehearsalMachine = { disk, serial, hardware, accelerator, memoryMb, folder };
  log(
    `booting ${disk} in QEMU (${accelerator}, disk ${hardware.diskBus}, network card ${hardware.networkCard})`,
  );
  try {
    return await withQemu(machine, timeoutSeconds, runner, (qmp, ended) =>
      watch(request, machine, qmp, ended, log),
    );
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
}

async function watch(
  request: RehearsalRequest,
  machine: RehearsalMachine,
  qmp: QmpClient,
  ended: () => boolean,
  log: Log,
): Promise<RehearsalResult | "kvm-stuck"> {
  const eyes = new Eyes(machine, qmp);
  const tell = teller(log);
  let state: Climb = { rungs: {} };
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const over = ended();
    const seen = await eyes.look();
    state = climb(state, seen);
    tell(state, seen.second);
    const verdict = judge(state, seen.second, request.timeoutSeconds);
    if (verdict.kind !== "climbing")
      return describe(state, verdict.kind === "booted", verdict.why, machine, eyes.console);
    // -no-reboot: a guest that resets itself ends QEMU, as old kernels do after a panic.
    if (over)
      return describe(state, false, "the machine reset itself or was switched off", machine, eyes.console);
    if (isKvmStuck(state, machine.accelerator, seen.second) && request.accelerator === "auto")
      return "kvm-stuck";
  }
}

function isKvmStuck({ rungs }: Climb, accelerator: Accelerator, second: number): boolean {
  return (
    accelerator === "kvm" &&
    rungs.grub !== undefined &&
    Object.keys(rungs).length === 1 &&
    second > rungs.grub.second + KVM_GRACE
  );
}

/** Looks at everything that the machine leaves behind. */
class Eyes {
  readonly console = new Console();
  private readonly started = Date.now();
  private consoleBytes = 0;

  constructor(
    private readonly machine: RehearsalMachine,
    private readonly qmp: QmpClient,
  ) {}

  async look(): Promise<Observation> {
    const lines = this.console.feed(await this.newOutput());
    const disk = await diskCounters(this.qmp, DRIVE).catch(() => undefined);
    const dhcp = hasDhcpRequest(await readOrEmpty(tracesIn(this.machine.folder).packets));
    const second = Math.round((Date.now() - this.started) / 100) / 10;
    return { second, lines, prompt: this.console.unfinished, disk, dhcp };
  }

  private async newOutput(): Promise<string> {
    const all = await readOrEmpty(tracesIn(this.machine.folder).console);
    const fresh = all.subarray(this.consoleBytes);
    this.consoleBytes = all.length;
    // Latin-1: a character of several bytes may be cut in two, and no rung hangs on one.
    return fresh.toString("latin1");
  }
}

function readOrEmpty(file: string): Promise<Buffer> {
  return fs.readFile(file).catch(() => Buffer.alloc(0));
}

/** Tells each new rung at once, and every eight seconds that the boot goes on. */
function teller(log: Log): (state: Climb, second: number) => void {
  const told = new Set<string>();
  let last = 0;
  return (state, second) => {
    for (const rung of RUNGS.filter((name) => state.rungs[name] && !told.has(name))) {
      told.add(rung);
      last = second;
      log(`rehearsal: ${rung} after ${state.rungs[rung]?.second} s: ${state.rungs[rung]?.evidence}`);
    }
    if (second - last < 8) return;
    last = second;
    log(`rehearsal: ${highest(state) ?? "nothing"} seen so far, ${Math.round(second)} s`);
  };
}

function describe(
  state: Climb,
  booted: boolean,
  why: string,
  machine: RehearsalMachine,
  console: Console,
): RehearsalResult {
  const rungs = RUNGS.map((name) => ({ name, ...state.rungs[name] }));
  const { accelerator, hardware } = machine;
  return {
    why,
    rehearsal: { booted, accelerator, ...hardware, rungs, consoleTail: console.tail(TAIL_LINES) },
  };
}
