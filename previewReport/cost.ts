/** Roughly what an update costs, and what is left costs afterwards. US dollars. Pure. */
import type { Span } from "./duration";
import type { Facts } from "./facts";
import { restsAfterwards } from "./machines";
import { isMade, type PreviewedMigration } from "./migrations";
import { ADDRESS_HOURLY, hourlyPrice, HOURS_A_MONTH, SNAPSHOT_MONTHLY, VOLUME_MONTHLY } from "./prices";

/** What this migration costs; a field is absent where there is nothing of the kind. */
export interface Cost {
  /** Of the work: the helper, while it works. */
  work?: Span;
  /** A month, afterwards. */
  monthly: Monthly[];
  /** Instance types whose price is not in the table. */
  unknown: string[];
}

export interface Monthly {
  /** e.g. `the stopped helper's volumes` */
  what: string;
  dollars: number;
  /** It may be less: a snapshot holds no blank blocks. */
  upTo: boolean;
}

/** `duration`: of the work. */
export function costOf(migration: PreviewedMigration, facts: Facts, duration: Span | undefined): Cost {
  const { helperType = "" } = facts;
  const helper = hourlyPrice(helperType);
  const works = hasNewHelperWork(migration);
  const work =
    works && duration && helper !== undefined ? timesHours(duration, helper + ADDRESS_HOURLY) : undefined;
  const unknown = works && helperType !== "" && helper === undefined ? [helperType] : [];
  const machine = machineMonthly(migration, facts);
  return {
    work,
    monthly: [
      ...workbenchMonthly(migration, facts, helper),
      ...snapshotMonthly(migration, facts),
      ...machine.monthly,
    ],
    unknown: [...new Set([...unknown, ...machine.unknown])],
  };
}

function hasNewHelperWork(migration: PreviewedMigration): boolean {
  return ["helper", "inspect", "partition", "copy", "configure", "verify", "rehearse"].some((role) =>
    isMade(migration, role),
  );
}

function timesHours({ from, to }: Span, hourly: number): Span {
  return { from: (from / 3600) * hourly, to: (to / 3600) * hourly };
}

/** Nothing where the helper is deleted or not shown: it costs then what it did before. */
function workbenchMonthly(
  migration: PreviewedMigration,
  { sourceGb = 0, destinationGb = 0, helperDiskGb = 0 }: Facts,
  helper: number | undefined,
): Monthly[] {
  const change = migration.change("helper");
  if (change === undefined || change === "delete") return [];
  const volumes = (sourceGb + destinationGb + helperDiskGb) * VOLUME_MONTHLY;
  if (restsAfterwards(migration)) {
    return [{ what: "the stopped helper's three volumes", dollars: volumes, upTo: false }];
  }
  if (helper === undefined) return [{ what: "the helper's three volumes", dollars: volumes, upTo: false }];
  const running = (helper + ADDRESS_HOURLY) * HOURS_A_MONTH;
  return [
    { what: "the helper, which keeps running, and its volumes", dollars: running + volumes, upTo: false },
  ];
}

function snapshotMonthly(
  { change }: PreviewedMigration,
  { sourceGb = 0, destinationGb = 0 }: Facts,
): Monthly[] {
  const isThere = (role: string) => change(role) !== undefined && change(role) !== "delete";
  return [
    { role: "snapshot", what: "the snapshot", gb: destinationGb },
    { role: "source-snapshot", what: "the snapshot of its source", gb: sourceGb },
  ]
    .filter(({ role, gb }) => gb > 0 && isThere(role))
    .map(({ what, gb }) => ({ what, dollars: gb * SNAPSHOT_MONTHLY, upTo: true }));
}

function machineMonthly(
  { change }: PreviewedMigration,
  { newMachineType, destinationGb = 0 }: Facts,
): Pick<Cost, "monthly" | "unknown"> {
  const there = change("instance") !== undefined && change("instance") !== "delete";
  if (!there || newMachineType === undefined) return { monthly: [], unknown: [] };
  const hourly = hourlyPrice(newMachineType);
  if (hourly === undefined) return { monthly: [], unknown: [newMachineType] };
  const dollars = (hourly + ADDRESS_HOURLY) * HOURS_A_MONTH + destinationGb * VOLUME_MONTHLY;
  return {
    monthly: [{ what: `the launched machine (${newMachineType})`, dollars, upTo: false }],
    unknown: [],
  };
}

/** All monthly costs together. */
export function monthlySum(costs: Monthly[]): number {
  return costs.reduce((sum, { dollars }) => sum + dollars, 0);
}

/** `$0.03 to $0.24` */
export function formatDollarSpan({ from, to }: Span): string {
  const [least, most] = [from, to].map(formatDollars);
  return least === most ? least : `${least} to ${most}`;
}

/** Cents below ten dollars, whole dollars above; never nothing for something. */
export function formatDollars(dollars: number): string {
  if (dollars > 0 && dollars < 0.01) return "$0.01";
  return dollars < 10 ? `$${dollars.toFixed(2)}` : `$${Math.round(dollars)}`;
}
