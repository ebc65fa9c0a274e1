/** Everything that a report says of one migration, decided but not laid out. Pure. */
import { type Cost, costOf } from "./cost";
import { type Span, durationOf } from "./duration";
import { type Facts, factsOf } from "./facts";
import { type Happening, happeningsOf } from "./happenings";
import { machinesOf } from "./machines";
import { migrationsOf, type PreviewedMigration } from "./migrations";
import { at, type Diagnostic, isRecord, type Preview, stackStep } from "./preview";
import { headline } from "./words";

/** What most of all becomes of a migration, from what a reviewer must see to what may be overlooked. */
export const OUTCOMES = [
  ...["refused", "deleted", "image deleted", "launched machine deleted", "launched machine replaced"],
  ...[
    "converted anew",
    "new",
    "goes on",
    "image registered anew",
    "machine launched",
    "launched machine changed",
  ],
  ...["workbench removed", "partly taken back", "changed in place", "unchanged"],
] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Story {
  name: string;
  migration: PreviewedMigration;
  outcome: Outcome;
  /** All that becomes of it, that first. */
  outcomes: Outcome[];
  /** Markdown, in a line. */
  headline: string;
  machines: string;
  facts: Facts;
  duration?: Span;
  cost?: Cost;
  /** What the preview said of it; without errors, which are told for all at once. */
  messages: string[];
}

/** All migrations that the preview names, those first that matter most. */
export function storiesOf(preview: Preview): Story[] {
  const outputs = stackStep(preview)?.old?.outputs ?? {};
  const stories = migrationsOf(preview).map((migration) =>
    storyOf(migration, preview, at(outputs, migration.name)),
  );
  return stories.sort((a, b) => OUTCOMES.indexOf(a.outcome) - OUTCOMES.indexOf(b.outcome));
}

function storyOf(migration: PreviewedMigration, preview: Preview, outputs: unknown): Story {
  const facts = factsOf(migration, isRecord(outputs) ? outputs : {});
  const said = preview.diagnostics.filter((each) => speaksOf(migration, each));
  const isRefused = said.some(({ severity }) => severity === "error");
  const happenings = isRefused ? [] : happeningsOf(migration);
  const outcomes = isRefused ? REFUSED : outcomesOf(happenings);
  const [outcome] = outcomes;
  const isWork =
    outcome !== "unchanged" && happenings.some(({ kind }) => kind !== "tags" && kind !== "description");
  const duration = isWork ? durationOf(migration, facts) : undefined;
  return {
    ...{ name: migration.name, migration, outcome, outcomes, facts, duration },
    headline: isRefused ? "**refused**: see above" : headline(migration, happenings, facts),
    machines: isRefused ? "" : machinesOf(migration, facts),
    cost: isWork && outcome !== "deleted" ? costOf(migration, facts, duration) : undefined,
    messages: outcomes.includes("converted anew")
      ? messagesOf(said).filter((text) => !isReason(text))
      : messagesOf(said),
  };
}

function messagesOf(said: Diagnostic[]): string[] {
  return said.filter(({ severity }) => severity !== "error").map(({ message }) => message);
}

/** The component's own words for why it converts anew, which the line has said. */
function isReason(message: string): boolean {
  return message.startsWith("converts anew: ");
}

/** By its URN or a child's; an error of the program has none, and begins with the migration's name. */
function speaksOf({ urn, name, children }: PreviewedMigration, diagnostic: Diagnostic): boolean {
  if (diagnostic.urn !== undefined) {
    return diagnostic.urn === urn || children.some(({ step }) => step.urn === diagnostic.urn);
  }
  return diagnostic.message.replace(/^error: /, "").startsWith(`${name}: `);
}

const REFUSED: Outcome[] = ["refused"];

function outcomesOf(happenings: Happening[]): Outcome[] {
  const found = happenings.map(outcomeOf);
  const sorted = OUTCOMES.filter((outcome) => found.includes(outcome));
  return sorted.length > 0 ? sorted : ["unchanged"];
}

function outcomeOf(happening: Happening): Outcome {
  switch (happening.kind) {
    case "anew":
      return "converted anew";
    case "machine":
      return MACHINE[happening.change];
    case "new":
    case "goes on":
    case "deleted":
    case "workbench removed":
    case "image registered anew":
    case "image deleted":
      return happening.kind;
    case "taken back":
      return "partly taken back";
    default:
      return "changed in place";
  }
}

const MACHINE = {
  create: "machine launched",
  update: "launched machine changed",
  replace: "launched machine replaced",
  delete: "launched machine deleted",
} as const;
