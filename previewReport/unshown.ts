/** What the preview's steps do not say: migrations that stay as they are, and what else the stack has. Pure. */
import { code } from "../cli/markdown";
import { changeOf, isComponent, type PreviewedMigration } from "../cli/preview/migrations";
import { at, isRecord, type Preview, stackStep, type Step } from "../cli/preview/preview";
import { configuredMigrations } from "../cli/preview/stackProgram";

/**
 * Migrations that a preview without `--show-sames` does not name, because nothing of them changes: those of the stack's
 * configuration and of its last update, without `shown`. Empty for a program that neither takes its migrations from the
 * configuration nor gives them as outputs.
 */
export function unshownMigrations(preview: Preview, shown: { name: string }[]): string[] {
  const configured = configuredMigrations(preview) ?? {};
  // The outputs of the stack program are an object for each migration.
  const outputs = stackStep(preview)?.old?.outputs ?? {};
  const isMigration = (value: unknown) => isRecord(value) && ("imageId" in value || "plan" in value);
  const given = Object.keys(outputs).filter((name) => isMigration(outputs[name]));
  const known = new Set([...Object.keys(configured), ...given]);
  return [...known].filter(
    (name) => at(configured[name], "enabled") !== false && !shown.some((each) => each.name === name),
  );
}

const NO_RESOURCES = /^pulumi:(pulumi:Stack|providers:)/;

/** Resources of no migration that are to be made, changed or deleted, and what an earlier run has replaced of one. */
export function otherSteps({ steps }: Preview, migrations: PreviewedMigration[]): Step[] {
  // By their URNs: the parts of a replacement, where those are shown, are told with it.
  const ours = new Set(migrations.flatMap(({ children }) => children.map(({ step }) => step.urn)));
  const replaced = new Set(migrations.flatMap(({ leftOver }) => leftOver.map(({ step }) => step)));
  const isToldElsewhere = (step: Step) =>
    isComponent(step) || (ours.has(step.urn) && !(replaced.has(step) && step.op === "delete-replaced"));
  return steps.filter(
    (step) => !isToldElsewhere(step) && !NO_RESOURCES.test(step.type) && changeOf(step) !== "same",
  );
}

/** Steps by their operations, in the order in which those come. */
export function byOperation(steps: Step[]): [op: string, steps: Step[]][] {
  const ops = [...new Set(steps.map(({ op }) => op))];
  return ops.map((op) => [code(op), steps.filter((step) => step.op === op)]);
}
