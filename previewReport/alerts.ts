/** What must not be overlooked, and what a reader of an incomplete report must know. Pure. */
import { cut, block, code } from "./markdown";
import type { Preview } from "./preview";
import { unknownOps } from "./others";
import type { Story } from "./story";

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

function deletions(stories: Story[]): string[] {
  const ofOutcome = (outcome: string) => stories.filter((story) => story.outcome === outcome);
  const line = ({ name, headline }: Story) => `- ${code(name)}: ${headline}`;
  const gone = [
    ...ofOutcome("deleted"),
    ...ofOutcome("image deleted"),
    ...ofOutcome("launched machine deleted"),
  ];
  const replaced = ofOutcome("launched machine replaced");
  return [
    ...(gone.length > 0
      ? [alert("CAUTION", `**Deleted, and not to be had back:**\n\n${few(gone.map(line))}`)]
      : []),
    ...(replaced.length > 0
      ? [
          alert(
            "WARNING",
            `**Running machines are replaced**, and their root volumes go with them:\n\n${few(replaced.map(line))}`,
          ),
        ]
      : []),
  ];
}

/** A source that runs is the user's own machine. */
function touchedSources(stories: Story[]): string[] {
  const lines = stories.filter(({ outcome }) => outcome !== "refused").flatMap(touchedSource);
  return lines.length > 0 ? [alert("WARNING", `**Running sources are touched:**\n\n${few(lines)}`)] : [];
}

function touchedSource({ name, migration, facts }: Story): string[] {
  const isMade = (role: string) => ["create", "replace"].includes(migration.change(role) ?? "");
  const done = [
    ...(isMade("source-preparation") ? ["packages are installed on it"] : []),
    ...(isMade("source-stop") ? ["it is stopped for a snapshot, and started again"] : []),
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
