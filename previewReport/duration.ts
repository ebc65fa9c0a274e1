/**
 * Roughly how long an update takes. AWS promises no speed for any of this, and nothing of it was measured on AWS: each
 * figure is a range with the assumption behind it, and docs/pull-requests.md says so to the reader. Pure.
 */
import type { Facts } from "./facts";
import { isMade, type PreviewedMigration } from "./migrations";
import { ORDER } from "./order";

/** From so many seconds to so many. */
export interface Span {
  from: number;
  to: number;
}

const MINUTE = 60;
const MIB_PER_GIB = 1024;

/**
 * MiB/s at which a disk is read. At best gp3's baseline (https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html);
 * at worst what a volume gives whose blocks come out of its snapshot, the rate that the time limits are made for.
 */
const READ = { best: 125, worst: 5 };

/** MiB/s at which a snapshot is stored: assumed at best, and what the time limits are made for at worst. */
const STORE = { best: 100, worst: 17 };

/** Seconds of what does not hang on the disk's size. Assumed. */
const FIXED: Record<string, Span> = {
  // EC2 starts it in about a minute; then cloud-init installs what the converter needs, about 1 GiB.
  helper: { from: 3 * MINUTE, to: 10 * MINUTE },
  configure: { from: 30, to: 5 * MINUTE },
  // With KVM, as the default type has it; without, it is emulated.
  rehearse: { from: MINUTE, to: 10 * MINUTE },
  workbench: { from: 30, to: 2 * MINUTE },
  "stop-after-inspect": { from: 30, to: 2 * MINUTE },
  // EC2 starts it, and its sshd answers.
  "helper-start": { from: 30, to: 5 * MINUTE },
  "helper-stop": { from: 30, to: 2 * MINUTE },
  image: { from: MINUTE, to: 5 * MINUTE },
  instance: { from: MINUTE, to: 5 * MINUTE },
  "boot-proof": { from: 30, to: 10 * MINUTE },
  "source-preparation": { from: MINUTE, to: 15 * MINUTE },
  "source-stop": { from: 30, to: 5 * MINUTE },
};

/** Anything else that is changed or deleted: calls of EC2's. */
const CALLS: Span = { from: 30, to: 5 * MINUTE };

/** Undefined where it hangs on a disk whose size is not known. */
export function durationOf(migration: PreviewedMigration, facts: Facts): Span | undefined {
  const made = ORDER.filter((role) => isMade(migration, role));
  const spans = made.map((role) => durationOfRole(role, facts));
  if (spans.some((span) => span === undefined)) return undefined;
  const known = spans.filter((span): span is Span => span !== undefined);
  return known.length > 0 ? sumOf(known) : CALLS;
}

function durationOfRole(role: string, { sourceGb, destinationGb }: Facts): Span | undefined {
  // Read once from the source and once from the copy, to compare.
  if (role === "copy") return transfer(sourceGb === undefined ? undefined : 2 * sourceGb, READ);
  if (role === "snapshot") return transfer(destinationGb, STORE);
  if (role === "source-snapshot") return transfer(sourceGb, STORE);
  return FIXED[role] ?? { from: 0, to: 0 };
}

function transfer(
  gib: number | undefined,
  { best, worst }: { best: number; worst: number },
): Span | undefined {
  if (gib === undefined) return undefined;
  return { from: (gib * MIB_PER_GIB) / best, to: (gib * MIB_PER_GIB) / worst };
}

/** One after the other. */
export function sumOf(spans: Span[]): Span {
  return spans.reduce((sum, { from, to }) => ({ from: sum.from + from, to: sum.to + to }), {
    from: 0,
    to: 0,
  });
}

/** Side by side, so many at once in their order; without a limit the longest. */
export function inLanes(spans: Span[], lanes = spans.length): Span {
  const ends: Span[] = [];
  spans.forEach((span, index) => {
    // Each waits for the one so many places before it.
    const before = ends[index - lanes] ?? { from: 0, to: 0 };
    ends.push(sumOf([before, span]));
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
