/** Judges a boot's progress at a given second: booted, failed, or not decided yet. Pure. */
import { type Fault, GRUB_ERROR } from "./faults";
import { type BootProgress, highestRung } from "./bootProgress";
import type { Limits } from "./speed";

/** What the boot should show, by the guest's own files. */
export interface Expected {
  /** The file that configures eth0 by DHCP. Absent if there is none, or no driver for the emulated card. */
  dhcp?: string;
  /** Kernel arguments that may not work on HVM, and what each does: the first thing to check if the kernel falls silent. */
  suspects?: { word: string; harm: string }[];
}

export type Verdict = { kind: "undecided" } | Outcome;
/** `why`: one clause without a full stop. `advice`: what to do about the failure. */
export type Outcome = { kind: "booted"; why: string } | { kind: "failed"; why: string; advice: string };

/** After a fault, how long to wait for its other lines: a panic has several. Seconds. */
const LAST_WORDS = 2;

const UNDECIDED: Verdict = { kind: "undecided" };

/** The verdict at this second. */
export function judge(state: BootProgress, second: number, expected: Expected, limits: Limits): Verdict {
  return (
    faulty(state, second, expected) ??
    loggedIn(state, second, expected, limits) ??
    withoutLogin(state, second, limits) ??
    stopped(state, second, expected, limits) ??
    UNDECIDED
  );
}

function faulty(state: BootProgress, second: number, expected: Expected): Verdict | undefined {
  const { fault } = state;
  if (!fault) return undefined;
  return second < fault.second + LAST_WORDS ? UNDECIDED : failedBy(fault, state, expected);
}

/** The outcome of a boot that ended with a line of a known fault. */
export function failedBy(
  { evidence, fault }: NonNullable<BootProgress["fault"]>,
  { rungs }: BootProgress,
  expected: Expected,
): Outcome {
  const early = rungs.kernel !== undefined && rungs["root-written"] === undefined;
  return {
    kind: "failed",
    why: inWords(evidence, fault),
    advice: early ? withSuspects(fault.advice, expected) : fault.advice,
  };
}

/** Names the suspect kernel arguments before the other advice: until the root is in use, they may be the cause. */
function withSuspects(advice: string, { suspects = [] }: Expected): string {
  const named = suspects.map(
    ({ word, harm }) => `The kernel's arguments have ${word}: ${harm}. Take it out of the boot menu first.`,
  );
  return [...named, advice].join(" ");
}

function inWords(line: string, { meaning, by }: Omit<Fault, "pattern">): string {
  return `${meaning} ("${line}", said by ${by})`;
}

/** At the login prompt, the DHCP request and the first write may still be missing: systemd starts all at once. */
function loggedIn(
  state: BootProgress,
  second: number,
  expected: Expected,
  limits: Limits,
): Verdict | undefined {
  const { login, dhcp, "root-written": written } = state.rungs;
  if (!login) return undefined;
  const noAddress = expected.dhcp !== undefined && !dhcp;
  if (written && !noAddress) return { kind: "booted", why: login.evidence };
  const grace = Math.max(limits.grace, Math.round(login.second));
  if (second < login.second + grace) return UNDECIDED;
  return noAddress ? withoutAddress(state, expected, grace) : readOnlyRoot(grace);
}

function withoutAddress({ hint }: BootProgress, { dhcp }: Expected, grace: number): Outcome {
  const hinted = hint ? `; ${inWords(hint.evidence, hint.fault)}` : "";
  return {
    kind: "failed",
    why: `it came up without asking for an address within ${grace} s, though ${dhcp} configures eth0 by DHCP and a driver for the card is there${hinted}`,
    advice:
      hint?.fault.advice ??
      "Look for what binds eth0 to the old card: 70-persistent-net.rules, HWADDR lines, predictable names.",
  };
}

function readOnlyRoot(grace: number): Outcome {
  return {
    kind: "failed",
    why: `it came up, and nothing was written to its disk within ${grace} s: the root filesystem stayed read-only`,
    advice: "Check the line of / in /etc/fstab, and the filesystem's health.",
  };
}

/** For a guest without a getty on the serial port: it uses its root, has asked for an address, and is quiet now. */
function withoutLogin(state: BootProgress, second: number, limits: Limits): Verdict | undefined {
  const { "root-written": written, dhcp } = state.rungs;
  if (!written || !dhcp) return undefined;
  const last = Math.max(written.second, dhcp.second, state.lastLineAt ?? 0);
  if (second < last + limits.login) return undefined;
  if (state.linuxHeardAt !== undefined)
    return {
      kind: "booted",
      why: "root filesystem written, DHCP request seen, no fault; no login prompt on ttyS0",
    };
  return {
    kind: "failed",
    why: "it seems to be up, but nothing of it is heard on the serial port, which is all that EC2 shows of an instance",
    advice: GIVE_CONSOLE,
  };
}

function stopped(
  state: BootProgress,
  second: number,
  expected: Expected,
  limits: Limits,
): Verdict | undefined {
  const { grubError, rungs, lastActivityAt } = state;
  if (grubError && !rungs.kernel && second >= grubError.second + limits.fallback) {
    return { kind: "failed", why: inWords(grubError.evidence, GRUB_ERROR), advice: GRUB_ERROR.advice };
  }
  if (second >= lastActivityAt + limits.silence)
    return failedWithoutFault(
      state,
      `it has stopped: no line, no read and no write for ${limits.silence} s`,
      expected,
    );
  if (second >= limits.total)
    return failedWithoutFault(state, `it was not up after ${limits.total} s`, expected);
  return undefined;
}

/** The outcome of a boot that ended without a known fault. The last line that hints at a cause explains it, else the rung. */
export function failedWithoutFault(state: BootProgress, why: string, expected: Expected): Outcome {
  const { hint } = state;
  if (!hint) return { kind: "failed", why, advice: adviceAt(state, expected) };
  return {
    kind: "failed",
    why: `${why}; ${inWords(hint.evidence, hint.fault)}`,
    advice: hint.fault.advice,
  };
}

const GIVE_CONSOLE = "Give the kernel console=ttyS0 as its last console, and the guest a getty there.";

/** What to check, by how far the boot came. */
function adviceAt(state: BootProgress, expected: Expected): string {
  if (state.rungs.kernel && state.linuxHeardAt === undefined) {
    return `Linux runs, and nothing of it is heard on the serial port. ${withSuspects(GIVE_CONSOLE, expected)}`;
  }
  switch (highestRung(state)) {
    case undefined:
      return "Check that the disk was converted (verify): its boot loader was not heard.";
    case "grub":
      return "GRUB did not start the kernel: read its lines, and the boot menu's default entry.";
    case "kernel":
    case "init":
      return withSuspects(
        "The kernel did not reach its root filesystem: read its lines, root= and the drivers in the initramfs.",
        expected,
      );
    default:
      return "The system came up part of the way: read its lines (fstab, services), or give it more time (--timeout).";
  }
}
