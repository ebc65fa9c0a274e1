/** The report's first lines: how many of what, how long, how much, which instances. Pure. */
import { RESOURCES } from "../components/resources";
import { formatDollars, formatDollarSpan } from "../cli/dollars";
import { monthlySum } from "./cost";
import { formatSpan, inLanes, sumOf } from "./duration";
import { code } from "../cli/markdown";
import { type Change, changeOf } from "../cli/preview/migrations";
import { OUTCOMES } from "./outcomes";
import type { Preview } from "../cli/preview/preview";
import type { Story } from "./story";
import { helpersAtOnce } from "../cli/preview/stackProgram";
import { unshownMigrations } from "./unshown";

/** Whether the engine told of an error. */
export function hasFailed({ diagnostics }: Preview): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** `**3 migrations: 1 converted anew, 2 unchanged.** Roughly 15 min to 2 h …`, and a line of instances. */
export function summaryOf(preview: Preview, stories: Story[]): string[] {
  // In a preview that failed nobody knows what would have become of those that it did not come to.
  const unshown = hasFailed(preview) ? 0 : unshownMigrations(preview, stories).length;
  const all = stories.length + unshown;
  if (all === 0) return [noMigrations(preview)];
  const counted = `**${count(all, "migration")}: ${counts(stories, unshown).join(", ")}.**`;
  return [[counted, ...totals(preview, stories)].join(" "), ...instances(stories)];
}

function counts(stories: Story[], unshown: number): string[] {
  return OUTCOMES.flatMap((outcome) => {
    const told = stories.filter(({ outcomes }) => outcomes.includes(outcome)).length;
    const number = outcome === "unchanged" ? told + unshown : told;
    return number === 0 ? [] : [`${number} ${outcome}`];
  });
}

function noMigrations(preview: Preview): string {
  if (hasFailed(preview)) return "It failed before it came to a migration.";
  const isQuiet = preview.steps.every((step) => changeOf(step) === "same");
  return isQuiet ? "**Nothing changes.** The preview names no migration." : "**No migration changes.**";
}

function totals(preview: Preview, stories: Story[]): string[] {
  const spans = stories.flatMap(({ duration }) => duration ?? []);
  const lanes = helpersAtOnce(preview);
  const atOnce = lanes === undefined || spans.length <= lanes ? "" : ` with ${lanes} helpers at once`;
  const duration = spans.length > 0 ? [`${formatSpan(inLanes(spans, lanes))}${atOnce}`] : [];
  const parts = [...duration, ...costTotal(stories)];
  return parts.length === 0 ? [] : [`Roughly ${parts.join(", ")}.`];
}

function costTotal(stories: Story[]): string[] {
  const costs = stories.flatMap(({ cost }) => cost ?? []);
  const work = sumOf(costs.flatMap((cost) => cost.work ?? []));
  const monthly = monthlySum(costs.flatMap((cost) => cost.monthly));
  const unknown = [...new Set(costs.flatMap((cost) => cost.unknown))];
  return [
    ...(work.to > 0 ? [`${formatDollarSpan(work)} for the work`] : []),
    ...(monthly > 0 ? [`up to ${formatDollars(monthly)} a month for what is there afterwards`] : []),
    ...unknown.map((type) => `the price of ${code(type)} is not known here`),
  ];
}

const WORDS: [change: Change, word: string][] = [
  ["create", "made"],
  ["replace", "replaced"],
  ["delete", "deleted"],
];

/** What the engine does with instances, in its order: it deletes nothing before all that is new is there. */
function instances(stories: Story[]): string[] {
  const migrations = stories.filter(({ outcome }) => outcome !== "refused").map(({ migration }) => migration);
  const parts = WORDS.flatMap(([change, word]) => {
    const told = (["helper", "instance"] as const).flatMap((role) => {
      const number = migrations.filter((migration) => migration.change(role) === change).length;
      return number === 0 ? [] : [count(number, RESOURCES[role].called)];
    });
    return told.length === 0 ? [] : [`${told.join(" and ")} ${word}`];
  });
  if (parts.length === 0) return [];
  const isOrdered = parts.length > 1 || parts[0].endsWith("replaced");
  const order = isOrdered ? " All that is new is made before anything old is deleted." : "";
  return [`Instances: ${parts.join(", ")}.${order}`];
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
