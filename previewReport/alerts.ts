/** What must not be overlooked, and what a reader of an incomplete report must know. Pure. */
import { startsSource, stopsSource } from "./machines";
import { cut, block, code } from "./markdown";
import { isKept, isMade, isUnmade } from "./migrations";
import type { Preview } from "./preview";
import { unknownOps } from "./others";
import type { Outcome, Story } from "./story";

/** Errors that are shown, and of how many characters each. */
const MOST_ERRORS = 10;
const LONGEST_ERROR = 2000;

/** For the top of the report. */
export function alertsOf(preview: Preview, stories: Story[]): string[] {
  return [...failure(preview), ...deletions(stories), ...touchedSources(stories), ...corruption(preview)];
}

function failure({ diagnostics }: Preview): string[] {
  const errors = diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message }) => message.replace(/^error: /, ""));
  // The engine tells some of them twice.
  const each = [...new Set(errors)];
  if (each.length === 0) return [];
  const shown = each.slice(0, MOST_ERRORS).map((message) => block(cut(message, LONGEST_ERROR)));
  const more =
    each.length > MOST_ERRORS
      ? [`And ${each.length - MOST_ERRORS} more, which the preview's own output has.`]
      : [];
  const what =
    "**The preview failed.** An update would fail as well, and what is below is only what it came to.";
  return [alert("CAUTION", [what, ...shown, ...more].join("\n\n"))];
}

/** Outcomes by which something goes out of the stack that is nowhere else, and what that is. */
const LOSSES: Partial<Record<Outcome, string[]>> = {
  deleted: ["image", "instance"],
  "image deleted": ["image", "instance"],
  "launched machine deleted": ["instance"],
  "launched machine replaced": ["instance"],
};

function deletions(stories: Story[]): string[] {
  const losing = stories.filter(({ outcome }) => LOSSES[outcome] !== undefined);
  const kept = losing.filter(staysInEc2);
  const [replaced, gone] = [true, false].map((isReplaced) =>
    losing.filter(
      (story) => !kept.includes(story) && (story.outcome === "launched machine replaced") === isReplaced,
    ),
  );
  return [
    ...listed("CAUTION", "**Deleted, and not to be had back:**", gone),
    ...listed("WARNING", "**Running machines are replaced**, and their root volumes go with them:", replaced),
    ...listed("WARNING", "**Out of the stack, but kept in EC2**, where it goes on costing:", kept),
  ];
}

/** Of a migration that has none of what is lost by its outcome, whatever else there is of it counts. */
function staysInEc2({ outcome, migration }: Story): boolean {
  const unmade = migration.children.map(({ role }) => role).filter((role) => isUnmade(migration, role));
  const lost = unmade.filter((role) => LOSSES[outcome]?.includes(role));
  const counting = lost.length > 0 ? lost : unmade;
  return counting.length > 0 && counting.every((role) => isKept(migration, role));
}

function listed(kind: "CAUTION" | "WARNING", what: string, stories: Story[]): string[] {
  if (stories.length === 0) return [];
  const lines = stories.map(({ name, headline }) => `- ${code(name)}: ${headline}`);
  return [alert(kind, `${what}\n\n${few(lines)}`)];
}

/** A source that is an instance is the user's own machine. */
function touchedSources(stories: Story[]): string[] {
  const lines = stories.filter(({ outcome }) => outcome !== "refused").flatMap(touchedSource);
  return lines.length > 0 ? [alert("WARNING", `**Source instances are touched:**\n\n${few(lines)}`)] : [];
}

function touchedSource({ name, migration, facts }: Story): string[] {
  const done = [
    ...(isMade(migration, "source-preparation") ? ["packages are installed on it"] : []),
    ...(stopsSource(migration) ? ["it is stopped for a snapshot, and started again"] : []),
    ...(startsSource(migration) ? ["it is started where it does not run"] : []),
  ];
  return done.length === 0 ? [] : [`- ${code(name)}, source ${code(facts.source ?? "")}: ${done.join("; ")}`];
}

const MOST_LINES = 30;

function few(lines: string[]): string {
  const more = lines.length - MOST_LINES;
  return [...lines.slice(0, MOST_LINES), ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

function corruption({ maybeCorrupt }: Preview): string[] {
  return maybeCorrupt
    ? [alert("WARNING", "The engine takes the stack's state for damaged. Look at it before an update.")]
    : [];
}

/** For the end of the report: what this version could not make sense of. */
export function notesOf(preview: Preview): string[] {
  const ops = unknownOps(preview);
  const fields = preview.unknownFields.map(code);
  return [
    ...(ops.length > 0
      ? [
          `The preview comes from a newer engine: this version does not know the operations ${ops.join(", ")}. What they do is not told here.`,
        ]
      : []),
    ...(fields.length > 0
      ? [`The preview has fields that this version does not know: ${fields.join(", ")}. They were left out.`]
      : []),
  ];
}

function alert(kind: "CAUTION" | "WARNING", content: string): string {
  return [`[!${kind}]`, ...content.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}
