/**
 * How far a boot has come, in rungs (`highest rung` in messages, `rungs` in reports). Old guests are silent in different
 * places (`quiet`, no getty on the serial port). So several sources show a rung: console lines, the processor, the
 * disk's counters, a DHCP request. Pure.
 */
import type { RungName } from "../types";
import { type Fault, faultIn, hintIn, isGrubError } from "./faults";
import { rungsIn } from "./signs";

export const RUNGS: RungName[] = ["grub", "kernel", "init", "root-read", "root-written", "dhcp", "login"];

/** What was seen since the last observation. */
export interface Observation {
  /** From QEMU's start. */
  second: number;
  lines: string[];
  /** The console's unfinished line. */
  prompt: string;
  /** Totals, absent while QEMU does not answer. */
  disk?: { readBytes: number; writtenBytes: number };
  /** What the processors run. Their registers show it, even if the guest prints nothing. */
  runs?: "kernel" | "programs";
  /** The first DHCP request among the packets, in words. */
  dhcp?: string;
}

export interface Rung {
  second: number;
  evidence: string;
}

export interface BootProgress {
  rungs: Partial<Record<RungName, Rung>>;
  /** A line after which no boot continues. */
  fault?: Rung & { fault: Fault };
  /** The last line that will explain a failure. */
  hint?: Rung & { fault: Fault };
  /** GRUB's errors: the text of the first, the second of the last. They are fatal unless a fallback entry follows. */
  grubError?: Rung;
  /** Bytes read from the disk when the kernel was first seen: GRUB read all of them. */
  readByGrub?: number;
  /** The last totals of the disk's counters. */
  disk?: { readBytes: number; writtenBytes: number };
  lastLineAt?: number;
  /** The last line, read or write. */
  lastActivityAt: number;
  /** The first line that Linux printed: the console works under Linux too. */
  linuxHeardAt?: number;
}

/** The state before the first observation. */
export const NOT_STARTED: BootProgress = { rungs: {}, lastActivityAt: 0 };

/** If more than this was read after GRUB, the root filesystem has been read: partition tables alone are less. */
const ROOT_READ_BYTES = 2 * 1024 * 1024;

/** The state after one more observation. */
export function advance(before: BootProgress, seen: Observation): BootProgress {
  const texts = [...seen.lines, seen.prompt].filter((text) => text !== "");
  const read = texts.reduce((state, text) => readLine(state, text, seen.second), before);
  const counted = readCounters(readProcessors(read, seen), seen);
  const asked = seen.dhcp === undefined ? counted : reach(counted, "dhcp", seen.second, seen.dhcp);
  return noteActivity(asked, before, seen);
}

function readLine(state: BootProgress, text: string, second: number): BootProgress {
  const [fault, hint] = [faultIn(text), hintIn(text)];
  const rungs = rungsIn(text);
  const reached = rungs.reduce((sum, rung) => reach(sum, rung, second, text), state);
  const isErrorOfGrub = !reached.rungs.kernel && isGrubError(text);
  const said = { second, evidence: text.trim() };
  return {
    ...reached,
    fault: state.fault ?? (fault && { ...said, fault }),
    hint: hint ? { ...said, fault: hint } : state.hint,
    grubError: isErrorOfGrub ? withError(state.grubError, said) : state.grubError,
    linuxHeardAt: state.linuxHeardAt ?? (isConsoleOfLinux(reached, rungs) ? second : undefined),
  };
}

/** GRUB's first error tells the cause; its last one tells since when GRUB waits. */
function withError(before: Rung | undefined, said: Rung): Rung {
  return { second: said.second, evidence: before?.evidence ?? said.evidence };
}

/** GRUB prints on every serial port. A line is from Linux if it shows a later rung, or if the root is already in use. */
function isConsoleOfLinux({ rungs }: BootProgress, shown: RungName[]): boolean {
  return shown.some((rung) => rung !== "grub") || rungs["root-written"] !== undefined;
}

function readProcessors(state: BootProgress, { runs, second }: Observation): BootProgress {
  if (runs === undefined) return state;
  // The processor uses paging, which no boot loader does.
  const kernel = reach(state, "kernel", second, "kernel has started");
  return runs === "programs" ? reach(kernel, "init", second, "the processor runs programs") : kernel;
}

function readCounters(state: BootProgress, { disk, second }: Observation): BootProgress {
  if (!disk) return state;
  const readByGrub = state.readByGrub ?? (state.rungs.kernel ? disk.readBytes : undefined);
  const read = readByGrub === undefined ? 0 : disk.readBytes - readByGrub;
  const withRead =
    read > ROOT_READ_BYTES
      ? reach(state, "root-read", second, `${read} bytes read after the kernel's start`)
      : state;
  // GRUB never writes, and a throw-away overlay is mounted read-write late in the boot.
  const withWritten =
    disk.writtenBytes > 0
      ? reach(withRead, "root-written", second, `${disk.writtenBytes} bytes written`)
      : withRead;
  return { ...withWritten, readByGrub };
}

/** Notes when the machine last printed, read or wrote something. */
function noteActivity(
  state: BootProgress,
  before: BootProgress,
  { lines, disk, second }: Observation,
): BootProgress {
  const worked =
    disk !== undefined &&
    (disk.readBytes !== before.disk?.readBytes || disk.writtenBytes !== before.disk.writtenBytes);
  return {
    ...state,
    disk: disk ?? state.disk,
    lastLineAt: lines.length > 0 ? second : state.lastLineAt,
    lastActivityAt: lines.length > 0 || worked ? second : state.lastActivityAt,
  };
}

/** Characters: enough to recognise a line. */
const EVIDENCE_LENGTH = 120;

/** Marks a rung as reached; the first time counts. */
function reach(state: BootProgress, rung: RungName, second: number, evidence: string): BootProgress {
  if (state.rungs[rung]) return state;
  return {
    ...state,
    rungs: { ...state.rungs, [rung]: { second, evidence: evidence.trim().slice(0, EVIDENCE_LENGTH) } },
  };
}

/** The highest rung that was reached. */
export function highestRung({ rungs }: Pick<BootProgress, "rungs">): RungName | undefined {
  return RUNGS.filter((rung) => rungs[rung]).at(-1);
}
