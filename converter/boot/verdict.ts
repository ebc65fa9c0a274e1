/** What a climb amounts to at a given second: booted, failed, or to be watched further. Pure. */
import { type Fault, GRUB_ERROR } from "./faults";
import { type Climb, highest } from "./ladder";
import type { Limits } from "./speed";

/** What the guest's own files promise of its boot. */
export interface Expected {
  /** The file that has eth0 configured by DHCP, where the guest has a driver for the emulated card. */
  dhcp?: string;
  /** Arguments of the kernel that HVM may not bear, each with what it does: the first thing to look at where it falls silent. */
  suspects?: { word: string; harm: string }[];
}

export type Verdict = { kind: "climbing" } | Landed;
/** `why`: one clause without a full stop. `advice`: where it failed. */
export type Landed = { kind: "booted"; why: string } | { kind: "failed"; why: string; advice: string };

/** A panic's other lines are still to come. Seconds. */
const LAST_WORDS = 2;

const CLIMBING: Verdict = { kind: "climbing" };

/** The verdict at this second. */
export function judge(state: Climb, second: number, expected: Expected, limits: Limits): Verdict {
  return (
    faulty(state, second, expected) ??
    loggedIn(state, second, expected, limits) ??
    withoutLogin(state, second, limits) ??
    stopped(state, second, expected, limits) ??
    CLIMBING
  );
}

function faulty(state: Climb, second: number, expected: Expected): Verdict | undefined {
  const { fault } = state;
  if (!fault) return undefined;
  return second < fault.second + LAST_WORDS ? CLIMBING : failedBy(fault, state, expected);
}

/** A boot that a line put an end to. */
export function failedBy(
  { evidence, fault }: NonNullable<Climb["fault"]>,
  { rungs }: Climb,
  expected: Expected,
): Landed {
  const early = rungs.kernel !== undefined && rungs["root-written"] === undefined;
  return {
    kind: "failed",
    why: inWords(evidence, fault),
    advice: early ? withSuspects(fault.advice, expected) : fault.advice,
  };
}

/** Before the root is in use the kernel's arguments may be the cause: those that HVM may not bear are named first. */
function withSuspects(advice: string, { suspects = [] }: Expected): string {
  const named = suspects.map(
    ({ word, harm }) => `The kernel's arguments have ${word}: ${harm}. Take it out of the boot menu first.`,
  );
  return [...named, advice].join(" ");
}

function inWords(line: string, { meaning, by }: Omit<Fault, "pattern">): string {
  return `${meaning} ("${line}", said by ${by})`;
}

/** At the prompt, what was to come before it may come a little later: systemd starts both at once. */
function loggedIn(state: Climb, second: number, expected: Expected, limits: Limits): Verdict | undefined {
  const { login, dhcp, "root-written": written } = state.rungs;
  if (!login) return undefined;
  const noAddress = expected.dhcp !== undefined && !dhcp;
  if (written && !noAddress) return { kind: "booted", why: login.evidence };
  const grace = Math.max(limits.grace, Math.round(login.second));
  if (second < login.second + grace) return CLIMBING;
  return noAddress ? withoutAddress(state, expected, grace) : readOnlyRoot(grace);
}

function withoutAddress({ telltale }: Climb, { dhcp }: Expected, grace: number): Landed {
  const hint = telltale ? `; ${inWords(telltale.evidence, telltale.fault)}` : "";
  return {
    kind: "failed",
    why: `it came up without asking for an address within ${grace} s, though ${dhcp} configures eth0 by DHCP and a driver for the card is there${hint}`,
    advice:
      telltale?.fault.advice ??
      "Look for what binds eth0 to the old card: 70-persistent-net.rules, HWADDR lines, predictable names.",
  };
}

function readOnlyRoot(grace: number): Landed {
  return {
    kind: "failed",
    why: `it came up, and nothing was written to its disk within ${grace} s: the root filesystem stayed read-only`,
    advice: "Check the line of / in /etc/fstab, and the filesystem's health.",
  };
}

/** A guest without a getty on the serial port: the root is in use, an address was asked for, and all is quiet. */
function withoutLogin(state: Climb, second: number, limits: Limits): Verdict | undefined {
  const { "root-written": written, dhcp } = state.rungs;
  if (!written || !dhcp) return undefined;
  const last = Math.max(written.second, dhcp.second, state.lastLineAt ?? 0);
  if (second < last + limits.login) return undefined;
  if (state.spokeAt !== undefined)
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

function stopped(state: Climb, second: number, expected: Expected, limits: Limits): Verdict | undefined {
  const { grubError, rungs, lastSignAt } = state;
  if (grubError && !rungs.kernel && second >= grubError.second + limits.fallback) {
    return { kind: "failed", why: inWords(grubError.evidence, GRUB_ERROR), advice: GRUB_ERROR.advice };
  }
  if (second >= lastSignAt + limits.silence)
    return fallenShort(
      state,
      `it has stopped: no line, no read and no write for ${limits.silence} s`,
      expected,
    );
  if (second >= limits.total) return fallenShort(state, `it was not up after ${limits.total} s`, expected);
  return undefined;
}

/** Whatever ended a boot that showed no fault: told by the last line that explains it, else by the rung. */
export function fallenShort(state: Climb, why: string, expected: Expected): Landed {
  const { telltale } = state;
  if (!telltale) return { kind: "failed", why, advice: adviceAt(state, expected) };
  return {
    kind: "failed",
    why: `${why}; ${inWords(telltale.evidence, telltale.fault)}`,
    advice: telltale.fault.advice,
  };
}

const GIVE_CONSOLE = "Give the kernel console=ttyS0 as its last console, and the guest a getty there.";

/** Where to look, by how far it came. */
function adviceAt(state: Climb, expected: Expected): string {
  if (state.rungs.kernel && state.spokeAt === undefined) {
    return `Linux runs, and nothing of it is heard on the serial port. ${withSuspects(GIVE_CONSOLE, expected)}`;
  }
  switch (highest(state)) {
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
