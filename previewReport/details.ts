/** What is folded away below a migration's line. Pure. */
import { formatDollars, formatDollarSpan } from "../cli/dollars";
import { monthlySum } from "./cost";
import { formatSpan } from "./duration";
import { block, code, cut, folded, htmlCode, plain } from "../cli/markdown";
import { sequenceOf, stayingOf } from "./sequence";
import type { Story } from "./story";

/** The longest message that is shown whole. */
const LONGEST_MESSAGE = 1500;

/** A folded part; empty where there is no more to say than the line has said. */
export function detailsOf(story: Story): string {
  const parts = [
    ...inOrder(story),
    ...staying(story),
    ...howLong(story),
    ...howMuch(story),
    ...story.messages.map((message) => block(cut(message, LONGEST_MESSAGE))),
  ];
  if (parts.length === 0) return "";
  return folded(`${htmlCode(story.name)}: ${story.outcomes.join(", ")}`, parts.join("\n\n"));
}

function inOrder({ migration, facts, outcome }: Story): string[] {
  if (outcome === "refused" || outcome === "unchanged") return [];
  const [first, ...others] = sequenceOf(migration, facts);
  if (first === undefined) return [];
  if (others.length === 0) return [first.replace("Last of all, deleted", "Deleted")];
  return [[first, ...others].map((sentence, index) => `${index + 1}. ${sentence}`).join("\n")];
}

function staying({ migration, facts }: Story): string[] {
  const stays = stayingOf(migration, facts).map((sentence) => `- ${sentence}`);
  return stays.length === 0 ? [] : [`What stays:\n${stays.join("\n")}`];
}

function howLong({ duration, facts: { lastSeconds = 0 }, outcomes }: Story): string[] {
  if (duration === undefined) return [];
  const isAgain = outcomes.includes("converted anew") || outcomes.includes("goes on");
  const minutes = Math.round(lastSeconds / 60);
  const lasted = lastSeconds < 120 ? `${Math.max(1, Math.round(lastSeconds))} s` : `${minutes} min`;
  const last = ` Its last conversion spent ${lasted} in the steps on the helper.`;
  return [`How long, roughly: ${formatSpan(duration)}.${isAgain && lastSeconds > 0 ? last : ""}`];
}

function howMuch({ cost }: Story): string[] {
  if (!cost) return [];
  const all = [
    ...(cost.work ? [`${formatDollarSpan(cost.work)} for the helper while it works`] : []),
    ...cost.monthly.map(({ what, dollars, upTo }) => {
      const most = upTo ? "up to " : "";
      return `${most}${formatDollars(dollars)} a month for ${plain(what)}`;
    }),
    ...cost.unknown.map((type) => `and ${code(type)}, whose price is not known here`),
  ];
  return all.length === 0 ? [] : [`What it costs, roughly: ${all.join("; ")}.`];
}

/** `$0.03 to $0.24, then $1.30 a month`; empty where nothing is to be said. */
export function shortCost({ cost }: Story): string {
  if (!cost) return "";
  const work = cost.work ? [formatDollarSpan(cost.work)] : [];
  const sum = monthlySum(cost.monthly);
  const monthly = sum > 0 ? [`${cost.work ? "then " : ""}${formatDollars(sum)} a month`] : [];
  const unknown = cost.unknown.map((type) => `${code(type)}: unknown`);
  return [...work, ...monthly, ...unknown].join(", ");
}
