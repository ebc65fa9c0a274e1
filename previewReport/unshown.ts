/** What the preview's steps do not say: migrations that stay as they are, and what else the stack has. Pure. */
import { code } from "./markdown";
import { changeOf, isComponent, type PreviewedMigration } from "./migrations";
import { at, isRecord, type Preview, stackStep, type Step, type Values } from "./preview";

/**
 * Migrations that a preview without `--show-sames` does not name, because nothing of them changes: those of the stack's
 * configuration and of its last update, without `shown`. Empty for a program that neither takes its migrations from the
 * configuration nor gives them as outputs.
 */
export function unshownMigrations(preview: Preview, shown: { name: string }[]): string[] {
  const configured = configuration(preview);
  // The outputs of the stack program are an object for each migration.
  const outputs = stackStep(preview)?.old?.outputs ?? {};
  const isMigration = (value: unknown) => isRecord(value) && ("imageId" in value || "plan" in value);
  const given = Object.keys(outputs).filter((name) => isMigration(outputs[name]));
  const known = new Set([...Object.keys(configured), ...given]);
  return [...known].filter(
    (name) => at(configured[name], "enabled") !== false && !shown.some((each) => each.name === name),
  );
}

/** Of the stack program, where a preview shows no setting that its project file gives by default. */
const HELPERS_BY_DEFAULT = "4";

/** How many helpers may run at once, where the program takes its migrations from the configuration. */
export function helpersAtOnce(preview: Preview): number | undefined {
  const byDefault = Object.keys(configuration(preview)).length > 0 ? HELPERS_BY_DEFAULT : undefined;
  const helpers = Number(valueOf(preview.config, "helpersAtOnce") ?? byDefault);
  return Number.isInteger(helpers) && helpers >= 1 ? helpers : undefined;
}

function configuration({ config }: Preview): Values {
  try {
    const migrations = JSON.parse(valueOf(config, "migrations") ?? "") as unknown;
    return isRecord(migrations) ? migrations : {};
  } catch {
    // Not JSON: another program's.
    return {};
  }
}

/** By its name without the project's. */
function valueOf(config: Record<string, string>, name: string): string | undefined {
  return Object.entries(config).find(([key]) => key.endsWith(`:${name}`))?.[1];
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
