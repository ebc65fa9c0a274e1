/**
 * How far a boot has come. Old guests are silent in different places (`quiet`, no getty on the serial port), so rungs
 * are taken from whatever shows them: console lines, the disk's counters, a DHCP request. Pure.
 */
import type { RungName } from "../types";

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
  dhcp?: boolean;
}

export interface Rung {
  second: number;
  evidence: string;
}

export interface Climb {
  rungs: Partial<Record<RungName, Rung>>;
  /** A line after which no boot goes on. */
  fault?: string;
  /** GRUB's error, which is fatal unless a fallback entry follows. */
  grubError?: Rung;
  /** Bytes read from the disk when the kernel was first seen: all of it was GRUB's. */
  readByGrub?: number;
  lastLineAt?: number;
}

const ON_CONSOLE: [RungName, RegExp][] = [
  ["grub", /^GRUB|GNU GRUB|^\s*Booting /],
  ["kernel", /Linux version \d/],
  [
    "init",
    /Run \S*init as init process|Freeing unused kernel|Loading, please wait|INIT: version|systemd\[1\]:|dracut:|Welcome to |Begin: /,
  ],
  [
    "root-read",
    /INIT: version|systemd\[1\]: Detected architecture|Welcome to |Entering runlevel|mounted filesystem/,
  ],
  ["login", /(?:^|\s)login:\s*$/],
];

const FATAL = [
  /Kernel panic - not syncing/,
  /Gave up waiting for (?:the )?root/,
  /ALERT!.*does not exist/,
  /^\(initramfs\)/,
  /dracut:\/#/,
  /Entering emergency mode|You are in emergency mode|Give root password for maintenance/,
  /Cannot open root device/,
  /^grub rescue>/,
  /^grub>/,
];

/** The root filesystem has been read where more than this was read after GRUB: partition tables alone are less. */
const ROOT_READ_BYTES = 2 * 1024 * 1024;

/** Takes one observation in. */
export function climb(before: Climb, seen: Observation): Climb {
  const texts = [...seen.lines, seen.prompt].filter((text) => text !== "");
  const after = texts.reduce((state, text) => readLine(state, text, seen.second), before);
  const counted = readCounters(after, seen);
  const dhcp = seen.dhcp
    ? reach(counted, "dhcp", seen.second, "a DHCP request left the network card")
    : counted;
  return seen.lines.length > 0 ? { ...dhcp, lastLineAt: seen.second } : dhcp;
}

function readLine(state: Climb, text: string, second: number): Climb {
  const fault = state.fault ?? (FATAL.some((pattern) => pattern.test(text)) ? text : undefined);
  const reached = ON_CONSOLE.filter(([, pattern]) => pattern.test(text)).reduce(
    (sum, [rung]) => reach(sum, rung, second, text),
    state,
  );
  const isGrubError = !state.rungs.kernel && /^error: /.test(text);
  return {
    ...reached,
    fault,
    grubError: state.grubError ?? (isGrubError ? { second, evidence: text } : undefined),
  };
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
export function highest(state: Climb): RungName | undefined {
  return RUNGS.filter((rung) => state.rungs[rung]).at(-1);
}

export type Verdict =
  { kind: "climbing" } | { kind: "booted"; why: string } | { kind: "failed"; why: string };

/** A guest without a getty on the serial port is given this long for a login prompt after disk and network. Seconds. */
const LOGIN_GRACE = 120;
/** GRUB says "Press any key" for ten seconds and takes the fallback entry; then the kernel would be there. Seconds. */
const FALLBACK_GRACE = 60;
/** A disk without a boot loader says nothing at all. Seconds. */
const SILENCE = 180;

/** What the climb amounts to at this second. */
export function judge(state: Climb, second: number, timeoutSeconds: number): Verdict {
  const { rungs, fault, grubError } = state;
  if (fault) return { kind: "failed", why: fault };
  if (rungs.login) return { kind: "booted", why: rungs.login.evidence };
  const last = Math.max(rungs["root-written"]?.second ?? Infinity, rungs.dhcp?.second ?? Infinity);
  if (second >= last + LOGIN_GRACE)
    return { kind: "booted", why: "root filesystem written, DHCP request seen, no panic" };
  if (grubError && !rungs.kernel && second >= grubError.second + FALLBACK_GRACE)
    return { kind: "failed", why: grubError.evidence };
  if (!highest(state) && state.lastLineAt === undefined && second >= SILENCE) {
    return {
      kind: "failed",
      why: `nothing on the serial line for ${SILENCE} s: is there a boot loader on the disk?`,
    };
  }
  return second >= timeoutSeconds
    ? { kind: "failed", why: `time was up after ${timeoutSeconds} s` }
    : { kind: "climbing" };
}
