/** Boots a disk on a throw-away overlay, and watches how far it comes. */
import * as fs from "node:fs/promises";
import { withUndo } from "../cleanup";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { withScratch } from "../scratch";
import type { Rehearsal } from "../types";
import { type AcceleratorChoice, chooseAccelerator } from "./accelerator";
import { BootMonitor } from "./bootMonitor";
import { type BootProgress, NOT_STARTED, RUNGS, advance, highestRung } from "./bootProgress";
import type { Hardware } from "./hardware";
import { OVERLAY_FOLDER } from "./overlaySpace";
import { type Accelerator, type RehearsalMachine, type Running, tracesIn, withQemu } from "./qemu";
import { sandboxFor } from "./qemuSandbox";
import { limitsFor, measureSlowness, slownessByGrub } from "./speed";
import { type Expected, type Outcome, failedBy, failedWithoutFault, judge } from "./verdict";

export interface RehearsalRequest {
  disk: string;
  serial: string;
  hardware: Hardware;
  expected: Expected;
  /** The most seconds that a boot may take. The limit for this machine is measured, and never longer. */
  timeoutSeconds: number;
  memoryMb: number;
  accelerator: AcceleratorChoice;
  /** The file that keeps the whole serial console, also if the boot fails. */
  consoleFile?: string;
}

const LOOK_MS = 500;
const TAIL_LINES = 25;
/** Shorter than the limit of `Heartbeat`, which says less. */
const TELL_SECONDS = 6;
/** With KVM, the kernel is seen within seconds of GRUB. If it is not seen within this time, KVM is broken. Seconds. */
const KVM_GRACE = 60;

/** Rehearses; if KVM turns out not to work, once more with TCG. */
export async function rehearse(request: RehearsalRequest, runner: Runner, log: Log): Promise<Rehearsal> {
  const sandbox = await sandboxFor(runner);
  if (sandbox.missing.length > 0)
    log(`note: this QEMU cannot have ${sandbox.missing.join(" and ")}; bubblewrap holds it all the same`);
  return boot(request, sandbox.arguments, runner, log);
}

async function boot(
  request: RehearsalRequest,
  sandboxArguments: string[],
  runner: Runner,
  log: Log,
): Promise<Rehearsal> {
  const accelerator = await chooseAccelerator(request.accelerator, runner);
  const first = await attempt(request, { accelerator, sandboxArguments }, runner, log);
  if (first !== "kvm-stuck") return first;
  log(`no kernel ${KVM_GRACE} s after GRUB with KVM: once more with TCG`);
  return boot({ ...request, accelerator: "tcg" }, sandboxArguments, runner, log);
}

async function attempt(
  request: RehearsalRequest,
  { accelerator, sandboxArguments }: Pick<RehearsalMachine, "accelerator" | "sandboxArguments">,
  runner: Runner,
  log: Log,
): Promise<Rehearsal | "kvm-stuck"> {
  const { disk, serial, hardware, memoryMb, timeoutSeconds } = request;
  const slowness = await measureSlowness(accelerator, runner);
  const { total } = limitsFor(slowness, timeoutSeconds);
  log(
    `booting ${disk} in QEMU (${accelerator}, disk ${hardware.diskBus}, network card ${hardware.networkCard}); ` +
      `${speedOf(slowness)}the boot may take up to ${total} s`,
  );
  const traces = { kind: "boot", what: "the traces of a rehearsal", folder: OVERLAY_FOLDER } as const;
  return withScratch(traces, (folder) => {
    const machine: RehearsalMachine = {
      disk,
      serial,
      hardware,
      accelerator,
      memoryMb,
      sandboxArguments,
      folder,
    };
    // On a signal too.
    return withUndo(
      () => keepConsole(folder, request.consoleFile, log),
      () =>
        withQemu(machine, timeoutSeconds, runner, (running) =>
          watch(request, machine, slowness, running, log),
        ),
    );
  });
}

/** Says that the machine is slow if it takes at least twice as long as the reference: its limits are longer. */
function speedOf(slowness: number): string {
  return slowness >= 2 ? `slow machine (${slowness} x): ` : "";
}

/** A console that cannot be kept does not change what the boot showed. */
async function keepConsole(folder: string, file: string | undefined, log: Log): Promise<void> {
  if (file === undefined) return;
  await fs
    .copyFile(tracesIn(folder).console, file)
    .catch((error: Error) => log(`${file}: the console could not be kept (${error.message})`));
}

async function watch(
  { expected, timeoutSeconds, accelerator }: RehearsalRequest,
  machine: RehearsalMachine,
  slowness: number,
  running: Running,
  log: Log,
): Promise<Rehearsal | "kvm-stuck"> {
  const monitor = new BootMonitor(machine.folder, running);
  const logProgress = progressLogger(log);
  for (let state = NOT_STARTED; ;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const over = running.ended();
    const seen = await monitor.observe();
    state = advance(state, seen);
    logProgress(state, seen.second, monitor.console.tail(1).at(0) ?? "");
    const slow = Math.max(slowness, slownessByGrub(state.rungs.grub?.second));
    const verdict = judge(state, seen.second, expected, limitsFor(slow, timeoutSeconds));
    if (verdict.kind !== "undecided") return describe(state, verdict, machine, monitor);
    const end = endOf(state, monitor, over, expected);
    if (end) return describe(state, end, machine, monitor);
    if (accelerator === "auto" && isKvmStuck(state, machine.accelerator, seen.second)) return "kvm-stuck";
  }
}

/** The outcome if the machine ended itself, or cannot continue. Console lines and counters do not show this. */
function endOf(
  state: BootProgress,
  { stuck, shutdown }: BootMonitor,
  over: boolean,
  expected: Expected,
): Outcome | undefined {
  if (stuck) return failedWithoutFault(state, stuck, expected);
  if (!over && shutdown === undefined) return undefined;
  if (state.fault) return failedBy(state.fault, state, expected);
  // -no-reboot: a guest that resets itself ends QEMU, as old kernels do after a panic.
  const what =
    shutdown === "guest-shutdown" ? "the guest switched the machine off" : "the guest reset itself";
  return failedWithoutFault(state, what, expected);
}

function isKvmStuck({ rungs }: BootProgress, accelerator: Accelerator, second: number): boolean {
  return (
    accelerator === "kvm" &&
    rungs.grub !== undefined &&
    Object.keys(rungs).length === 1 &&
    second > rungs.grub.second + KVM_GRACE
  );
}

/**
 * Logs each new rung at once. Between rungs, logs every few seconds how far the boot is, and the console's last line if
 * it has changed.
 */
export function progressLogger(log: Log): (state: BootProgress, second: number, console: string) => void {
  const told = new Set<string>();
  let last = 0;
  let shown = "";
  return (state, second, console) => {
    for (const rung of RUNGS.filter((name) => state.rungs[name] && !told.has(name))) {
      told.add(rung);
      last = second;
      log(`rehearsal: ${rung} after ${state.rungs[rung]?.second} s: ${state.rungs[rung]?.evidence}`);
    }
    if (second - last < TELL_SECONDS) return;
    last = second;
    const top = highestRung(state);
    const line = console.trim();
    const said = line === shown ? "nothing new on its console" : `its console: ${line}`;
    shown = line;
    log(
      `rehearsal: ${Math.round(second)} s, ${top ? `${top} was the last step seen` : "no step seen yet"}; ${said}`,
    );
  };
}

function describe(
  state: BootProgress,
  outcome: Outcome,
  { accelerator, hardware }: RehearsalMachine,
  { console }: BootMonitor,
): Rehearsal {
  const rungs = RUNGS.map((name) => ({ name, ...state.rungs[name] }));
  const { kind, ...reason } = outcome;
  const consoleTail = console.tail(TAIL_LINES);
  return { booted: kind === "booted", accelerator, ...hardware, rungs, consoleTail, ...reason };
}
