/** Previews put together by hand, for what no recording has. */
import { resourceRow, rolesIn } from "../../components/resources";
import { COMMENT_LIMIT } from "../../previewReport/fit";
import type { Preview } from "../../cli/preview/preview";
import { readPreview } from "../../cli/preview/readPreview";
import { reportOf } from "../../previewReport/report";
import { storiesOf } from "../../previewReport/story";

export interface MadeStep {
  op: string;
  old?: Record<string, unknown>;
  new?: Record<string, unknown>;
  changed?: string[];
}

const COMPONENT = "pv-to-hvm:index:PvToHvmMigration";

/** A migration's component (`""`) and children by role, each with its operation or a step. */
export type MadeMigration = Record<string, string | MadeStep>;

export function migrationUrn(name: string): string {
  return `urn:pulumi:prod::project::${COMPONENT}::${name}`;
}

/** The steps of a preview's JSON. */
export function stepsOf(name: string, migration: MadeMigration): object[] {
  return Object.entries(migration).map(([role, made]) => {
    const step = typeof made === "string" ? { op: made } : made;
    const isComponent = role === "";
    const urn = isComponent
      ? migrationUrn(name)
      : `urn:pulumi:prod::project::${COMPONENT}$${resourceRow(role)?.type ?? "command:remote:Command"}::${name}-${role}`;
    const state = (values: Record<string, unknown> = {}) => ({
      ...{ urn, inputs: {}, outputs: {} },
      ...(isComponent ? {} : { parent: migrationUrn(name) }),
      ...values,
    });
    const diff = (step.changed ?? []).map((path) => [path, { kind: "update", inputDiff: true }]);
    return {
      ...{ op: step.op, urn },
      ...(step.op === "create" ? {} : { oldState: state({ id: `${role}-old`, ...step.old }) }),
      ...(step.op === "delete" ? {} : { newState: state(step.new) }),
      detailedDiff: Object.fromEntries(diff),
    };
  });
}

/** A preview of these migrations. `more`: further fields of its JSON. */
export function previewOf(
  migrations: Record<string, MadeMigration>,
  more: Record<string, unknown> = {},
): Preview {
  const steps = Object.entries(migrations).flatMap(([name, migration]) => stepsOf(name, migration));
  return readPreview(JSON.stringify({ steps, ...more }), "made.json");
}

/** Their report, without marks of code and of emphasis. */
export function reportFor(migrations: Record<string, MadeMigration>, more?: Record<string, unknown>): string {
  return reportOf(previewOf(migrations, more), COMMENT_LIMIT).replace(/[`*]/g, "");
}

/** The line of a migration alone, likewise. */
export function lineOf(migration: MadeMigration): string {
  const [{ headline }] = storiesOf(previewOf({ web: migration }));
  return headline.replace(/[`*]/g, "");
}

/** A whole migration, with one operation for each resource. `gb`: GiB of the destination, one more than the source's. */
export function whole(op: string, gb: number, more: MadeMigration = {}): MadeMigration {
  const disk = (size: number) => ({ inputs: { size } });
  return {
    "": { op: op === "replace" ? "update" : op },
    source: { op, new: disk(gb - 1), old: disk(gb - 1) },
    destination: {
      op,
      new: { ...disk(gb), replacementTrigger: ["source.imageId=ami-1", `destination.sizeGb=${gb}`] },
      old: { ...disk(gb), replacementTrigger: ["source.imageId=ami-1"] },
    },
    helper: { op, new: { inputs: { instanceType: "m5.large", rootBlockDevice: { volumeSize: 20 } } } },
    ...Object.fromEntries(rolesIn("command").map((step) => [step, op])),
    workbench: { op, new: { inputs: { state: "stopped" } } },
    ...{ snapshot: op, image: op },
    ...more,
  };
}
