/**
 * Roughly how long an update takes. AWS promises no speed for any of this, and nothing of it was measured on AWS: each
 * figure is a range with the assumption behind it, and docs/pull-requests.md says so to the reader. Pure.
 */
import { RESOURCES, type ResourceRow, type Role, ROLES, type Span } from "../components/resources";
import type { Facts } from "./facts";
import { isMade, type PreviewedMigration } from "../cli/preview/migrations";

export type { Span } from "../components/resources";

const MINUTE = 60;
const MIB_PER_GIB = 1024;

/** MiB/s, at best and at worst. */
const RATES = {
  /**
   * gp3's baseline (https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html), and what a volume gives whose
   * blocks come out of its snapshot, the rate that the time limits are made for.
   */
  read: { best: 125, worst: 5 },
  /** Assumed, and what the time limits are made for. */
  store: { best: 100, worst: 17 },
};

const NONE: Span = { from: 0, to: 0 };

/** Anything else that is changed or deleted: calls of EC2's. */
const CALLS: Span = { from: 30, to: 5 * MINUTE };

/** Undefined where it hangs on a disk whose size is not known. */
export function durationOf(migration: PreviewedMigration, facts: Facts): Span | undefined {
  const made = ROLES.filter((role) => isMade(migration, role));
  const spans = made.map((role) => durationOfRole(role, facts));
  const known = spans.filter((span): span is Span => span !== undefined);
  if (known.length < spans.length) return undefined;
  return known.length > 0 ? sumOf(known) : CALLS;
}

function durationOfRole(role: Role, { sourceGb, destinationGb }: Facts): Span | undefined {
  const { takes = NONE }: ResourceRow = RESOURCES[role];
  if ("from" in takes) return takes;
  const gib = takes.disk === "source" ? sourceGb : destinationGb;
  if (gib === undefined) return undefined;
  const mib = takes.times * gib * MIB_PER_GIB;
  const { best, worst } = RATES[takes.does];
  return { from: mib / best, to: mib / worst };
}

/** One after the other. */
export function sumOf(spans: Span[]): Span {
  return spans.reduce((sum, { from, to }) => ({ from: sum.from + from, to: sum.to + to }), NONE);
}

/** Side by side, so many at once in their order; without a limit the longest. */
export function inLanes(spans: Span[], lanes = spans.length): Span {
  const ends: Span[] = [];
  spans.forEach((span, index) => {
    // Each waits for the one so many places before it.
    ends.push(sumOf([ends[index - lanes] ?? NONE, span]));
  });
  return { from: Math.max(0, ...ends.map(({ from }) => from)), to: Math.max(0, ...ends.map(({ to }) => to)) };
}

/** `15 min to 2 h`, `3 to 20 min` */
export function formatSpan({ from, to }: Span): string {
  const [least, most] = [from, to].map(formatSeconds);
  const [number, unit] = least.split(" ");
  if (least === most) return least;
  return most.endsWith(` ${unit}`) ? `${number} to ${most}` : `${least} to ${most}`;
}

/** In whole minutes, from two hours on in hours, from two days on in days; never more exact than it is known. */
export function formatSeconds(seconds: number): string {
  const minutes = seconds / MINUTE;
  if (minutes < 1) return "1 min";
  if (minutes < 10) return `${Math.round(minutes)} min`;
  if (minutes < 90) return `${Math.round(minutes / 5) * 5} min`;
  const hours = minutes / 60;
  if (hours < 10) return `${Number((Math.round(hours * 2) / 2).toFixed(1))} h`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
