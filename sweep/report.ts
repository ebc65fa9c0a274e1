/** What a sweep found and did, for people and for programs. Pure. */
import { visibleValue } from "../components/visible";
import { columns } from "../cli/columns";
import type { Item } from "./item";
import type { Fate, Verdict } from "./judge";
import type { Removal } from "./remove";
import type { SweepResult } from "./sweep";

type Section = Exclude<Fate, "held"> | "removed" | "failed";

const TITLES: Record<Section, string> = {
  removed: "Removed",
  failed: "Left over, and could not be removed",
  remove: "Left over",
  keep: "Left over, and not removed",
  wait: "Too early to tell",
  unknown: "Not known here",
};

/** Tables of all that is not held, and totals. */
export function formatSweep(result: SweepResult): string {
  const tables = (Object.keys(TITLES) as Section[]).flatMap((section) => {
    const verdicts = result.verdicts.map((verdict) => asItIsNow(verdict, result.removals));
    const these = verdicts.filter((verdict) => verdict.section === section);
    return these.length === 0 ? [] : [`${TITLES[section]} (${total(these)}):`, ...table(these, result), ""];
  });
  const held = result.verdicts.filter(({ fate }) => fate === "held").length;
  const stacks = `${count(result.stackCount, "stack")} of ${result.backend}`;
  return [...tables, `${count(held, "resource")} held by the ${stacks}.`, ""].join("\n");
}

interface Shown extends Verdict {
  section: Section | "held";
}

/** What was removed does not run any more; what could not be says why in place of why it was to go. */
function asItIsNow(verdict: Verdict, removals: Removal[]): Shown {
  const removal = removals.find(({ item }) => item.id === verdict.item.id);
  if (removal === undefined) return { ...verdict, section: verdict.fate };
  if (removal.error !== undefined) return { ...verdict, section: "failed", reason: removal.error };
  return { ...verdict, section: "removed", item: { ...verdict.item, state: "" } };
}

/** The last line: one word and what it came to. */
export function outcomeOf({ verdicts, removals, exitStatus }: SweepResult): string {
  const failed = removals.filter(({ error }) => error !== undefined);
  const left = verdicts.filter(({ fate }) => fate === "keep" || fate === "remove").length - removals.length;
  const removed = removals.length - failed.length;
  if (exitStatus === 4)
    return `FAILED: ${removed} removed, ${failed.length} could not be (${failed[0].item.id}: ${failed[0].error})`;
  const unknown = verdicts.filter(({ fate }) => fate === "unknown").length;
  const helpers = runningHelpers(verdicts, removals);
  const rest = [
    left === 0 ? "nothing is left over" : `${left} left over`,
    ...(unknown === 0 ? [] : [`${unknown} not known here`]),
    ...(helpers === 0 ? [] : [`${count(helpers, "helper")} running`]),
  ].join(", ");
  if (removals.length > 0) return `CHANGED: ${removed} removed, ${rest}`;
  const advice = verdicts.some(({ fate }) => fate === "remove") ? "; --remove removes the first table" : "";
  return `NOCHANGE: ${rest}${advice}`;
}

/** They cost by the hour. Of those that a stack holds, or may hold in a moment, that stack takes care. */
function runningHelpers(verdicts: Verdict[], removals: Removal[]): number {
  const running = verdicts
    .filter(({ fate }) => fate !== "held" && fate !== "wait")
    .map((verdict) => asItIsNow(verdict, removals).item)
    .filter(({ role, kind, state }) => role === "helper" && kind === "instance" && state === "running");
  return running.length;
}

/** The same as JSON, with what is held as well. */
export function jsonOf({ backend, stackCount, at, verdicts, removals, exitStatus }: SweepResult): string {
  const record = {
    format: 1,
    at,
    backend,
    stackCount,
    resources: verdicts.map(({ item, fate, reason }) => ({
      ...{ fate, reason, kind: item.kind, id: item.id, role: item.role, state: item.state },
      ...{ migration: item.migration, stack: item.stack, conversion: item.conversion },
      ...{ createdAt: item.createdAt, sizeGb: item.sizeGb, instanceType: item.instanceType },
      ...removalOf(item, removals),
    })),
    exitStatus,
  };
  return `${JSON.stringify(visibleValue(record), null, 2)}\n`;
}

function removalOf(item: Item, removals: Removal[]) {
  const removal = removals.find((one) => one.item.id === item.id);
  return removal && { removed: removal.error === undefined, error: removal.error };
}

function table(verdicts: Verdict[], { at }: SweepResult): string[] {
  const header = ["ID", "ROLE", "MIGRATION", "STACK", "AGE", "COST", "WHY"];
  const rows = verdicts.map(({ item, reason }) => [
    ...[item.id, item.role ?? "", item.migration, item.stack, ageOf(item, at), costOf(item), reason],
  ]);
  return columns([header, ...rows]).map((line) => `  ${line}`);
}

/** In the largest unit of which there are two. */
function ageOf({ createdAt }: Item, at: Date): string {
  if (!createdAt) return "";
  const minutes = Math.max(0, Math.floor((at.getTime() - createdAt.getTime()) / 60_000));
  if (minutes < 120) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60 / 24)} d`;
}

function costOf({ sizeGb, instanceType, state }: Item): string {
  if (instanceType !== undefined) return `${instanceType} ${state}`.trim();
  return sizeGb === undefined ? "" : `${sizeGb} GiB`;
}

/** A snapshot costs at most its volume's size: the blocks that are not blank. */
function total(verdicts: Verdict[]): string {
  const gib = (kind: Item["kind"]) =>
    verdicts.filter(({ item }) => item.kind === kind).reduce((sum, { item }) => sum + (item.sizeGb ?? 0), 0);
  const running = verdicts.filter(({ item }) => item.kind === "instance" && item.state === "running").length;
  return [
    count(verdicts.length, "resource"),
    ...(running > 0 ? [`${count(running, "instance")} running`] : []),
    ...(gib("volume") > 0 ? [`${gib("volume")} GiB of volumes`] : []),
    ...(gib("snapshot") > 0 ? [`up to ${gib("snapshot")} GiB of snapshots`] : []),
  ].join(", ");
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
