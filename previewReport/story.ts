/** Everything that a report says of one migration, decided but not laid out. Pure. */
import { type Cost, costOf } from "./cost";
import { type Span, durationOf } from "./duration";
import { type Facts, factsOf } from "./facts";
import { happeningsOf, headline } from "./happenings";
import { machinesOf } from "./machines";
import { migrationsOf, type PreviewedMigration } from "../cli/preview/migrations";
import { type Happening, type Outcome, OUTCOMES } from "./outcomes";
import { at, type Diagnostic, isRecord, type Preview, saidBy, stackStep } from "../cli/preview/preview";

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
  /** What the preview said of it; without errors and warnings, which are told for all at once. */
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
  const happenings: Happening[] = isRefused ? [REFUSED] : happeningsOf(migration, facts);
  const outcomes = outcomesOf(happenings);
  const [outcome] = outcomes;
  const isWork = happenings.some((each) => !each.isFree);
  const duration = isWork ? durationOf(migration, facts) : undefined;
  return {
    name: migration.name,
    migration,
    outcome,
    outcomes,
    facts,
    duration,
    headline: headline(migration, happenings),
    machines: isRefused ? "" : machinesOf(migration, facts),
    cost: isWork && outcome !== "deleted" ? costOf(migration, facts, duration) : undefined,
    messages: messagesOf(said, outcomes),
  };
}

const REFUSED: Happening = { outcome: "refused", says: "**refused**: see above", isFree: true };

/** Without the component's own words for why it converts anew, which the line has said. */
function messagesOf(said: Diagnostic[], outcomes: Outcome[]): string[] {
  const isAnew = outcomes.includes("converted anew");
  return said
    .filter(({ severity }) => !["error", "warning"].includes(severity))
    .map(({ message }) => message)
    .filter((message) => !isAnew || !message.startsWith("converts anew: "));
}

/** By its URN or a child's; an error of the program has none, and begins with the migration's name. */
function speaksOf({ urn, name, children }: PreviewedMigration, diagnostic: Diagnostic): boolean {
  if (diagnostic.urn !== undefined) {
    return diagnostic.urn === urn || children.some(({ step }) => step.urn === diagnostic.urn);
  }
  return saidBy(diagnostic).startsWith(`${name}: `);
}

function outcomesOf(happenings: Happening[]): Outcome[] {
  const sorted = OUTCOMES.filter((outcome) => happenings.some((each) => each.outcome === outcome));
  return sorted.length > 0 ? sorted : ["unchanged"];
}
