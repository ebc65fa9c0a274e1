/** What is folded away below a migration's line. Pure. */
import { formatDollars, formatDollarSpan, monthlySum } from "./cost";
import { formatSpan } from "./duration";
import { block, code, cut, folded, htmlCode, plain } from "./markdown";
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
  return parts.length === 0
    ? ""
    : folded(`${htmlCode(story.name)}: ${story.outcomes.join(", ")}`, parts.join("\n\n"));
}

function inOrder({ migration, facts, outcome }: Story): string[] {
  if (outcome === "refused" || outcome === "unchanged") return [];
  const sentences = sequenceOf(migration, facts);
  return sentences.length === 0 ? [] : [numbered(sentences)];
}

function numbered(sentences: string[]): string {
  if (sentences.length === 1) return sentences[0].replace("Last of all, deleted", "Deleted");
  return sentences.map((sentence, index) => `${index + 1}. ${sentence}`).join("\n");
}

function staying({ migration, facts }: Story): string[] {
  const stays = stayingOf(migration, facts);
  return stays.length === 0 ? [] : [`What stays:\n${stays.map((sentence) => `- ${sentence}`).join("\n")}`];
}

function howLong({ duration, facts, outcomes }: Story): string[] {
  if (duration === undefined) return [];
  const last =
    facts.lastSeconds !== undefined && (outcomes.includes("converted anew") || outcomes.includes("goes on"))
      ? ` Its last conversion spent ${formatLast(facts.lastSeconds)} in the steps on the helper.`
      : "";
  return [`How long, roughly: ${formatSpan(duration)}.${last}`];
}

function formatLast(seconds: number): string {
  return seconds < 120 ? `${Math.max(1, Math.round(seconds))} s` : `${Math.round(seconds / 60)} min`;
}

function howMuch({ cost }: Story): string[] {
  if (!cost) return [];
  const work = cost.work ? [`${formatDollarSpan(cost.work)} for the helper while it works`] : [];
  const monthly = cost.monthly.map(
    ({ what, dollars, upTo }) =>
      `${upTo ? "up to " : ""}${formatDollars(dollars)} a month for ${plain(what)}`,
  );
  const unknown = cost.unknown.map((type) => `and ${code(type)}, whose price is not known here`);
  const all = [...work, ...monthly, ...unknown];
  return all.length === 0 ? [] : [`What it costs, roughly: ${all.join("; ")}.`];
}

/** `$0.03 to $0.24, then $1.30 a month`; empty where nothing is to be said. */
export function shortCost({ cost }: Story): string {
  if (!cost) return "";
  const work = cost.work ? [formatDollarSpan(cost.work)] : [];
  const sum = monthlySum(cost.monthly);
  const monthly = sum > 0 ? [`${work.length > 0 ? "then " : ""}${formatDollars(sum)} a month`] : [];
  const unknown = cost.unknown.map((type) => `${code(type)}: unknown`);
  return [...work, ...monthly, ...unknown].join(", ");
}
