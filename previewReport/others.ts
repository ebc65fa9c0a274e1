/** What else changes in the stack, in a line. Pure. */
import { code } from "./markdown";
import { changeOf, isComponent, type PreviewedMigration } from "./migrations";
import type { Preview, Step } from "./preview";

const MOST_NAMES = 8;
const NO_RESOURCES = /^pulumi:(pulumi:Stack|providers:)/;

/** Resources of no migration that are to be made, changed or deleted, and what an earlier run has replaced of one. */
export function otherSteps({ steps }: Preview, migrations: PreviewedMigration[]): Step[] {
  // By their URNs: the parts of a replacement, where those are shown, are told with it.
  const ours = new Set(migrations.flatMap(({ children }) => children.map(({ step }) => step.urn)));
  const replaced = new Set(migrations.flatMap(({ leftOver }) => leftOver.map(({ step }) => step)));
  const isToldElsewhere = (step: Step) =>
    ours.has(step.urn) && !(replaced.has(step) && step.op === "delete-replaced");
  return steps.filter(
    (step) =>
      !isToldElsewhere(step) &&
      !isComponent(step) &&
      !NO_RESOURCES.test(step.type) &&
      changeOf(step) !== "same",
  );
}

/** `Besides: 2 to create (bucket, role), 1 to delete (queue).`; undefined where nothing changes. */
export function tellOthers(steps: Step[]): string | undefined {
  if (steps.length === 0) return undefined;
  const byOp = new Map<string, string[]>();
  for (const { op, name } of steps) byOp.set(op, [...(byOp.get(op) ?? []), name]);
  const counted = [...byOp].map(([op, names]) => `${names.length} to ${code(op)} (${some(names)})`);
  return `Besides the migrations: ${counted.join(", ")}.`;
}

/** Operations that this version does not know, and on how many resources. */
export function unknownOps({ steps }: Preview): string[] {
  const unknown = steps.filter((step) => changeOf(step) === undefined);
  const ops = [...new Set(unknown.map(({ op }) => op))];
  return ops.map((op) => `${code(op)} (${unknown.filter((step) => step.op === op).length})`);
}

function some(names: string[]): string {
  const more = names.length - MOST_NAMES;
  return [...names.slice(0, MOST_NAMES).map(code), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}
