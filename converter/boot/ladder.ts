/**
 * How far a boot has come. Old guests are silent in different places (`quiet`, no getty on the serial port), so rungs
 * are taken from whatever shows them: console lines, the processor, the disk's counters, a DHCP request. Pure.
 */
import type { RungName } from "../types";
import { type Fault, faultIn, isGrubError, telltaleIn } from "./faults";
import { rungsIn } from "./signs";

export const RUNGS: RungName[] = ["grub", "kernel", "init", "root-read", "root-written", "dhcp", "login"];

/** What was seen since the last look. */
export interface Observation {
  /** From QEMU's start. */
  second: number;
  lines: string[];
  /** The console's unfinished line. */
  prompt: string;
  /** Totals, absent while QEMU does not answer. */
  disk?: { readBytes: number; writtenBytes: number };
  /** What the processors run: told by their registers, so also of a guest that says nothing. */
  runs?: "kernel" | "programs";
  /** The first DHCP request among the packets, in words. */
  dhcp?: string;
}

export interface Rung {
  second: number;
  evidence: string;
}

export interface Climb {
  rungs: Partial<Record<RungName, Rung>>;
  /** A line after which no boot goes on. */
  fault?: Rung & { fault: Fault };
  /** The last line that will explain a failure. */
  telltale?: Rung & { fault: Fault };
  /** GRUB's error, which is fatal unless a fallback entry follows: the first one's words, the last one's second. */
  grubError?: Rung;
  /** Bytes read from the disk when the kernel was first seen: all of it was GRUB's. */
  readByGrub?: number;
  /** The last totals of the disk's counters. */
  disk?: { readBytes: number; writtenBytes: number };
  lastLineAt?: number;
  /** The last line, read or write. */
  lastSignAt: number;
  /** The first line that is not GRUB's: the console works under Linux too. */
  spokeAt?: number;
}

/** Before QEMU's first second. */
export const FOOT: Climb = { rungs: {}, lastSignAt: 0 };

/** The root filesystem has been read where more than this was read after GRUB: partition tables alone are less. */
const ROOT_READ_BYTES = 2 * 1024 * 1024;

/** Takes one observation in. */
export function climb(before: Climb, seen: Observation): Climb {
  const texts = [...seen.lines, seen.prompt].filter((text) => text !== "");
  const read = texts.reduce((state, text) => readLine(state, text, seen.second), before);
  const counted = readCounters(readProcessors(read, seen), seen);
  const asked = seen.dhcp === undefined ? counted : reach(counted, "dhcp", seen.second, seen.dhcp);
  return notice(asked, before, seen);
}

function readLine(state: Climb, text: string, second: number): Climb {
  const [fault, telltale] = [faultIn(text), telltaleIn(text)];
  const rungs = rungsIn(text);
  const reached = rungs.reduce((sum, rung) => reach(sum, rung, second, text), state);
  const isErrorOfGrub = !reached.rungs.kernel && isGrubError(text);
  const said = { second, evidence: text.trim() };
  return {
    ...reached,
    fault: state.fault ?? (fault && { ...said, fault }),
    telltale: telltale ? { ...said, fault: telltale } : state.telltale,
    grubError: isErrorOfGrub ? withError(state.grubError, said) : state.grubError,
    spokeAt: state.spokeAt ?? (speaks(reached, rungs) ? second : undefined),
  };
}

/** The first of GRUB's errors tells the cause, the last one since when it waits. */
function withError(before: Rung | undefined, said: Rung): Rung {
  return { second: said.second, evidence: before?.evidence ?? said.evidence };
}

/** GRUB is heard on every serial port; Linux is where a line is a sign of it, or comes when the root is long in use. */
function speaks({ rungs }: Climb, shown: RungName[]): boolean {
  return shown.some((rung) => rung !== "grub") || rungs["root-written"] !== undefined;
}

function readProcessors(state: Climb, { runs, second }: Observation): Climb {
  if (runs === undefined) return state;
  // The processor runs with its memory paged, as no loader does.
  const kernel = reach(state, "kernel", second, "kernel has started");
  return runs === "programs" ? reach(kernel, "init", second, "the processor runs programs") : kernel;
}

function readCounters(state: Climb, { disk, second }: Observation): Climb {
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

/** Enters when something was last heard of the machine. */
function notice(state: Climb, before: Climb, { lines, disk, second }: Observation): Climb {
  const worked =
    disk !== undefined &&
    (disk.readBytes !== before.disk?.readBytes || disk.writtenBytes !== before.disk.writtenBytes);
  return {
    ...state,
    disk: disk ?? state.disk,
    lastLineAt: lines.length > 0 ? second : state.lastLineAt,
    lastSignAt: lines.length > 0 || worked ? second : state.lastSignAt,
  };
}

/** Enough to know a line again. */
const EVIDENCE_LENGTH = 120;

/** The first time counts. */
function reach(state: Climb, rung: RungName, second: number, evidence: string): Climb {
  if (state.rungs[rung]) return state;
  return {
    ...state,
    rungs: { ...state.rungs, [rung]: { second, evidence: evidence.trim().slice(0, EVIDENCE_LENGTH) } },
  };
}

/** The highest rung that was reached. */
export function highest({ rungs }: Pick<Climb, "rungs">): RungName | undefined {
  return RUNGS.filter((rung) => rungs[rung]).at(-1);
}
