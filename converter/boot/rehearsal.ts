/** Boots a disk on a throw-away overlay and watches it climb. */
import * as fs from "node:fs/promises";
import { withUndo } from "../cleanup";
import type { Log } from "../progress";
import type { Runner } from "../run";
import { withScratch } from "../scratch";
import type { Rehearsal } from "../types";
import { type AcceleratorChoice, chooseAccelerator } from "./accelerator";
import { Eyes } from "./eyes";
import type { Hardware } from "./hardware";
import { type Climb, FOOT, RUNGS, climb, highest } from "./ladder";
import { OVERLAY_FOLDER } from "./overlaySpace";
import { type Accelerator, type RehearsalMachine, type Running, tracesIn, withQemu } from "./qemu";
import { wallsOf } from "./qemuSandbox";
import { limitsFor, measureSlowness, slownessByGrub } from "./speed";
import { type Expected, type Landed, failedBy, fallenShort, judge } from "./verdict";

export interface RehearsalRequest {
  disk: string;
  serial: string;
  hardware: Hardware;
  expected: Expected;
  /** Seconds that a boot may take at the very most; how long it may on this machine is measured. */
  timeoutSeconds: number;
  memoryMb: number;
  accelerator: AcceleratorChoice;
  /** Where the whole of the serial console is kept, whatever becomes of the boot. */
  consoleFile?: string;
}

const LOOK_MS = 500;
const TAIL_LINES = 25;
/** Sooner than a silence is broken by what says less (`Heartbeat`). */
const TELL_SECONDS = 6;
/** A kernel that KVM starts is heard within seconds of GRUB; where it is not, KVM is broken. Seconds. */
const KVM_GRACE = 60;

/** Rehearses, with TCG after all where KVM was only a promise. */
export async function rehearse(request: RehearsalRequest, runner: Runner, log: Log): Promise<Rehearsal> {
  const walls = await wallsOf(runner);
  if (walls.missing.length > 0)
    log(`note: this QEMU cannot have ${walls.missing.join(" and ")}; bubblewrap holds it all the same`);
  return boot(request, walls.arguments, runner, log);
}

async function boot(
  request: RehearsalRequest,
  walls: string[],
  runner: Runner,
  log: Log,
): Promise<Rehearsal> {
  const accelerator = await chooseAccelerator(request.accelerator, runner);
  const first = await attempt(request, { accelerator, walls }, runner, log);
  if (first !== "kvm-stuck") return first;
  log(`no kernel ${KVM_GRACE} s after GRUB with KVM: once more with TCG`);
  return boot({ ...request, accelerator: "tcg" }, walls, runner, log);
}

async function attempt(
  request: RehearsalRequest,
  { accelerator, walls }: Pick<RehearsalMachine, "accelerator" | "walls">,
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
    const machine: RehearsalMachine = { disk, serial, hardware, accelerator, memoryMb, walls, folder };
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

/** A machine that is twice as slow as the reference, and slower, is worth a word: it waits longer. */
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
  const eyes = new Eyes(machine.folder, running);
  const tell = teller(log);
  for (let state = FOOT; ;) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const over = running.ended();
    const seen = await eyes.look();
    state = climb(state, seen);
    tell(state, seen.second, eyes.console.tail(1).at(0) ?? "");
    const slow = Math.max(slowness, slownessByGrub(state.rungs.grub?.second));
    const verdict = judge(state, seen.second, expected, limitsFor(slow, timeoutSeconds));
    if (verdict.kind !== "climbing") return describe(state, verdict, machine, eyes);
    const end = endOf(state, eyes, over, expected);
    if (end) return describe(state, end, machine, eyes);
    if (accelerator === "auto" && isKvmStuck(state, machine.accelerator, seen.second)) return "kvm-stuck";
  }
}

/** What no ladder shows: the machine has ended itself, or cannot go on. */
function endOf(
  state: Climb,
  { trouble, shutdown }: Eyes,
  over: boolean,
  expected: Expected,
): Landed | undefined {
  if (trouble) return fallenShort(state, trouble, expected);
  if (!over && shutdown === undefined) return undefined;
  if (state.fault) return failedBy(state.fault, state, expected);
  // -no-reboot: a guest that resets itself ends QEMU, as old kernels do after a panic.
  const what =
    shutdown === "guest-shutdown" ? "the guest switched the machine off" : "the guest reset itself";
  return fallenShort(state, what, expected);
}

function isKvmStuck({ rungs }: Climb, accelerator: Accelerator, second: number): boolean {
  return (
    accelerator === "kvm" &&
    rungs.grub !== undefined &&
    Object.keys(rungs).length === 1 &&
    second > rungs.grub.second + KVM_GRACE
  );
}

/**
 * Tells each new rung at once, and how far the boot is before the silence gets long: with the console's last line, where that is
 * another one than was told before.
 */
export function teller(log: Log): (state: Climb, second: number, console: string) => void {
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
    const top = highest(state);
    const line = console.trim();
    const said = line === shown ? "nothing new on its console" : `its console: ${line}`;
    shown = line;
    log(
      `rehearsal: ${Math.round(second)} s, ${top ? `${top} was the last step seen` : "no step seen yet"}; ${said}`,
    );
  };
}

function describe(
  state: Climb,
  landed: Landed,
  { accelerator, hardware }: RehearsalMachine,
  { console }: Eyes,
): Rehearsal {
  const rungs = RUNGS.map((name) => ({ name, ...state.rungs[name] }));
  const { kind, ...reason } = landed;
  const consoleTail = console.tail(TAIL_LINES);
  return { booted: kind === "booted", accelerator, ...hardware, rungs, consoleTail, ...reason };
}
