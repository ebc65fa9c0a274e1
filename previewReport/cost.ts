/** Roughly what an update costs, and what is left costs afterwards. US dollars. Pure. */
import { rolesIn } from "../components/resources";
import type { Span } from "./duration";
import type { Facts } from "./facts";
import { restsAfterwards } from "./machines";
import { isMade, isThere, type PreviewedMigration } from "../cli/preview/migrations";
import { ADDRESS_HOURLY, hourlyPrice, HOURS_A_MONTH, SNAPSHOT_MONTHLY, VOLUME_MONTHLY } from "../cli/prices";

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
  const { helperType, newMachineType } = facts;
  const works = ["helper", ...rolesIn("command")].some((role) => isMade(migration, role));
  const types = [
    ...(works ? [helperType] : []),
    ...(isThere(migration, "instance") ? [newMachineType] : []),
  ].filter((type) => type !== undefined);
  return {
    work: works ? workOf(duration, helperType) : undefined,
    monthly: [
      ...workbenchMonthly(migration, facts),
      ...snapshotMonthly(migration, facts),
      ...machineMonthly(migration, facts),
    ],
    unknown: [...new Set(types.filter((type) => hourlyPrice(type) === undefined))],
  };
}

function workOf(duration: Span | undefined, helperType = ""): Span | undefined {
  const hourly = hourlyPrice(helperType);
  if (duration === undefined || hourly === undefined) return undefined;
  const dollars = (seconds: number) => (seconds / 3600) * (hourly + ADDRESS_HOURLY);
  return { from: dollars(duration.from), to: dollars(duration.to) };
}

/** Of a machine that runs, with its address and so many GiB of volumes. */
function runningMonthly(hourly: number, gb: number): number {
  return (hourly + ADDRESS_HOURLY) * HOURS_A_MONTH + gb * VOLUME_MONTHLY;
}

/** Nothing where the helper is deleted or not shown: it costs then what it did before. */
function workbenchMonthly(migration: PreviewedMigration, facts: Facts): Monthly[] {
  if (!isThere(migration, "helper")) return [];
  const { sourceGb = 0, destinationGb = 0, helperDiskGb = 0, helperType = "" } = facts;
  const gb = sourceGb + destinationGb + helperDiskGb;
  const hourly = hourlyPrice(helperType);
  const rests = restsAfterwards(migration);
  if (!rests && hourly !== undefined) {
    const what = "the helper, which keeps running, and its volumes";
    return [{ what, dollars: runningMonthly(hourly, gb), upTo: false }];
  }
  const what = `the ${rests ? "stopped " : ""}helper's three volumes`;
  return [{ what, dollars: gb * VOLUME_MONTHLY, upTo: false }];
}

function snapshotMonthly(migration: PreviewedMigration, { sourceGb, destinationGb }: Facts): Monthly[] {
  return [
    { role: "snapshot", what: "the snapshot", gb: destinationGb ?? 0 },
    { role: "source-snapshot", what: "the snapshot of its source", gb: sourceGb ?? 0 },
  ]
    .filter(({ role, gb }) => gb > 0 && isThere(migration, role))
    .map(({ what, gb }) => ({ what, dollars: gb * SNAPSHOT_MONTHLY, upTo: true }));
}

function machineMonthly(
  migration: PreviewedMigration,
  { newMachineType = "", destinationGb = 0 }: Facts,
): Monthly[] {
  const hourly = hourlyPrice(newMachineType);
  if (!isThere(migration, "instance") || hourly === undefined) return [];
  const what = `the launched machine (${newMachineType})`;
  return [{ what, dollars: runningMonthly(hourly, destinationGb), upTo: false }];
}

/** All monthly costs together. */
export function monthlySum(costs: Monthly[]): number {
  return costs.reduce((sum, { dollars }) => sum + dollars, 0);
}
