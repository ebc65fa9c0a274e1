/** What must not be overlooked, for the top of the report. Pure. */
import { startsSource, stopsSource } from "./machines";
import { block, code, cut, named, plain } from "../cli/markdown";
import { isKept, isMade, isUnmade } from "../cli/preview/migrations";
import type { Outcome } from "./outcomes";
import { type Diagnostic, type Preview, saidBy, STACK_TYPE } from "../cli/preview/preview";
import { partsOf } from "../cli/urn";
import type { Story } from "./story";

/** Errors that are shown, and of how many characters each. */
const MOST_ERRORS = 10;
const LONGEST_ERROR = 2000;
const MOST_LINES = 30;
const MOST_WARNINGS = 10;
const LONGEST_WARNING = 800;
/** Names that are told of one warning. */
const MOST_NAMES = 5;

/** What stands in the place of problems that were told already (`asStatus` in `components/checks/problems.ts`). */
const REFUSED_AGAIN = /^the program was refused for the problems of /;

/** Each as a block of Markdown that GitHub sets apart. */
export function alertsOf(preview: Preview, stories: Story[]): string[] {
  return [
    ...failure(preview),
    ...deletions(stories),
    ...touchedSources(stories),
    ...warnings(preview),
    ...corruption(preview),
  ];
}

function failure({ diagnostics }: Preview): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(saidBy);
  // The engine tells some of them twice, and an inline program says once more of all that it was refused.
  const all = [...new Set(errors)];
  const each = all.filter((message) => all.length === 1 || !REFUSED_AGAIN.test(message));
  if (each.length === 0) return [];
  const what =
    "**The preview failed.** An update would fail as well, and what is below is only what it came to.";
  const shown = each.slice(0, MOST_ERRORS).map((message) => block(cut(message, LONGEST_ERROR)));
  const more = each.length - MOST_ERRORS;
  const rest = more > 0 ? [`And ${more} more, which the preview's own output has.`] : [];
  return [alert("CAUTION", [what, ...shown, ...rest].join("\n\n"))];
}

/** Outcomes by which something goes out of the stack that is nowhere else, and what that is. */
const LOSSES: Partial<Record<Outcome, string[]>> = {
  deleted: ["image", "instance"],
  "image deleted": ["image", "instance"],
  "launched machine deleted": ["instance"],
  "launched machine replaced": ["instance"],
};

/** What becomes of what goes out of the stack, how loud that is told, and in which words. */
const LOST = {
  gone: ["CAUTION", "**Deleted, and not to be had back:**"],
  replaced: ["WARNING", "**Running machines are replaced**, and their root volumes go with them:"],
  kept: ["WARNING", "**Out of the stack, but kept in EC2**, where it goes on costing:"],
} as const;

function deletions(stories: Story[]): string[] {
  const losing = stories.filter(({ outcome }) => LOSSES[outcome] !== undefined);
  return Object.entries(LOST).flatMap(([lot, [kind, what]]) =>
    listed(kind, what, losing.filter((story) => lotOf(story) === lot).map(lineOf)),
  );
}

function lotOf(story: Story): keyof typeof LOST {
  if (staysInEc2(story)) return "kept";
  return story.outcome === "launched machine replaced" ? "replaced" : "gone";
}

function lineOf({ name, headline }: Story): string {
  return `- ${code(name)}: ${headline}`;
}

/** Of a migration that has none of what is lost by its outcome, whatever else there is of it counts. */
function staysInEc2({ outcome, migration }: Story): boolean {
  const unmade = migration.children.map(({ role }) => role).filter((role) => isUnmade(migration, role));
  const lost = unmade.filter((role) => LOSSES[outcome]?.includes(role));
  const counting = lost.length > 0 ? lost : unmade;
  return counting.length > 0 && counting.every((role) => isKept(migration, role));
}

/** A source that is an instance is the user's own machine. */
function touchedSources(stories: Story[]): string[] {
  const lines = stories.filter(({ outcome }) => outcome !== "refused").flatMap(touchedSource);
  return listed("WARNING", "**Source instances are touched:**", lines);
}

function touchedSource({ name, migration, facts }: Story): string[] {
  const done = [
    ...(isMade(migration, "source-preparation") ? ["packages are installed on it"] : []),
    ...(stopsSource(migration) ? ["it is stopped for a snapshot, and started again"] : []),
    ...(startsSource(migration) ? ["it is started where it does not run"] : []),
  ];
  return done.length === 0 ? [] : [`- ${code(name)}, source ${code(facts.source ?? "")}: ${done.join("; ")}`];
}

/** What the program, the engine and the providers warn of, each text once with the names that it is of. */
function warnings({ diagnostics }: Preview): string[] {
  const namesOf = new Map<string, Set<string>>();
  for (const warning of diagnostics.filter(({ severity }) => severity === "warning")) {
    const names = namesOf.get(saidBy(warning)) ?? new Set();
    namesOf.set(saidBy(warning), names.add(nameIn(warning)));
  }
  const lines = [...namesOf].map(([text, names]) => {
    const known = [...names].filter((name) => name !== "");
    const of = known.length === 0 ? "" : `${named(known, MOST_NAMES)}: `;
    return `- ${of}${plain(cut(text, LONGEST_WARNING))}`;
  });
  return listed("WARNING", "**The preview warns:**", lines, MOST_WARNINGS);
}

/** Of the resource that it speaks of; nothing for one of the program, which the engine gives to the stack. */
function nameIn({ urn = "" }: Diagnostic): string {
  const { type, name } = partsOf(urn);
  return type === STACK_TYPE ? "" : name;
}

function corruption({ maybeCorrupt }: Preview): string[] {
  return maybeCorrupt
    ? [alert("WARNING", "The engine takes the stack's state for damaged. Look at it before an update.")]
    : [];
}

function listed(kind: "CAUTION" | "WARNING", what: string, lines: string[], most = MOST_LINES): string[] {
  if (lines.length === 0) return [];
  const more = lines.length - most;
  const shown = [...lines.slice(0, most), ...(more > 0 ? [`- and ${more} more`] : [])];
  return [alert(kind, `${what}\n\n${shown.join("\n")}`)];
}

function alert(kind: "CAUTION" | "WARNING", content: string): string {
  return [`[!${kind}]`, ...content.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}
