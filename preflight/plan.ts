/** What an update would make and delete in EC2, by migration. Pure. */
import { helpersAtOnce } from "../cli/preview/stackProgram";
import { type Server, serverOf } from "../components/checks/url";
import { type Child, changeOf, migrationsOf, type PreviewedMigration } from "../cli/preview/migrations";
import { at, isRecord, type Preview, textOf, type Values } from "../cli/preview/preview";

/** One resource of a migration that an update changes. */
export interface Piece {
  migration: string;
  /** `helper`, `source`, `image` … */
  role: string;
  /** e.g. `aws:ec2/instance:Instance` */
  type: string;
  /** As it will be; what is not known before the update is left out. Absent where it goes. */
  inputs?: Values;
  /** EC2's id of what there is now; absent for what is new. */
  id?: string;
  /** Whether what there is now goes: it is deleted or replaced, and not retained. */
  goes: boolean;
}

/** Where a migration's source comes from, as its arguments say. */
export interface PlannedSource {
  migration: string;
  imageId?: string;
  snapshotId?: string;
  volumeId?: string;
  instanceId?: string;
}

/** How a helper gets its packages, as its arguments say. */
export interface PlannedWay {
  /** What it connects to in place of Debian's own mirrors. */
  by?: "proxy" | "mirror";
  /** Where that is; absent for a secret, and for what is not known before the update. */
  server?: Server;
  /** It may connect to nothing. */
  isShut: boolean;
}

export interface Plan {
  pieces: Piece[];
  sources: PlannedSource[];
  /** By migration. One without an entry connects to Debian's own mirrors. */
  ways: Map<string, PlannedWay>;
  /** Tags that the provider puts on everything it makes (`aws:defaultTags`). */
  defaultTags: Record<string, string>;
  /** How many helpers run at once. Undefined: all of them. */
  helpersAtOnce?: number;
}

/** The plans of a preview by region; `region` where neither the resource nor its provider names one. */
export function plansOf(preview: Preview, region: string): Map<string, Plan> {
  const migrations = migrationsOf(preview);
  const plans = new Map<string, Plan>();
  for (const migration of migrations) {
    const name = regionOf(migration, preview) ?? region;
    const plan = plans.get(name) ?? emptyPlan(preview);
    plan.pieces.push(
      ...[...migration.children, ...migration.leftOver].flatMap((child) => pieceOf(migration, child)),
    );
    plan.sources.push(...sourceOf(migration));
    plan.ways.set(migration.name, wayOf(migration));
    plans.set(name, plan);
  }
  return plans;
}

function emptyPlan(preview: Preview): Plan {
  const tags = at(parsed(preview.config["aws:defaultTags"]), "tags");
  return {
    pieces: [],
    sources: [],
    ways: new Map(),
    defaultTags: textsOf(tags),
    helpersAtOnce: helpersAtOnce(preview),
  };
}

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? "");
  } catch {
    return undefined;
  }
}

/** The entries whose values are known texts. */
export function textsOf(values: unknown): Record<string, string> {
  const entries = isRecord(values) ? Object.entries(values) : [];
  return Object.fromEntries(
    entries
      .map(([key, value]) => [key, textOf(value)])
      .filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** As its resources say it, or the provider that they belong to. */
function regionOf({ children }: PreviewedMigration, { steps }: Preview): string | undefined {
  for (const { step } of children.filter(isOfEc2)) {
    const state = step.new ?? step.old;
    const provider = steps.find(({ urn }) => state?.provider?.startsWith(`${urn}::`));
    const region =
      textOf(state?.inputs.region) ?? textOf(at(provider?.new ?? provider?.old, "inputs.region"));
    if (region !== undefined) return region;
  }
  return undefined;
}

function isOfEc2({ step }: Child): boolean {
  return step.type.startsWith("aws:");
}

function pieceOf(migration: PreviewedMigration, child: Child): Piece[] {
  const { role, step } = child;
  const change = changeOf(step);
  if (!isOfEc2(child) || change === undefined || change === "same") return [];
  return [
    {
      ...{ migration: migration.name, role, type: step.type },
      inputs: change === "create" || change === "replace" ? step.new?.inputs : undefined,
      id: step.old?.id,
      goes: (change === "delete" || change === "replace") && step.old?.retainOnDelete !== true,
    },
  ];
}

function wayOf({ component }: PreviewedMigration): PlannedWay {
  const { proxy, mirror, egressCidrs } = recordOf(at(component?.new ?? component?.old, "inputs.helper"));
  const isShut = Array.isArray(egressCidrs) && egressCidrs.length === 0;
  const given = proxy ?? mirror;
  if (given === undefined) return { isShut };
  const server = serverOf(textOf(given) ?? "");
  return { isShut, by: proxy === undefined ? "mirror" : "proxy", server };
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function sourceOf(migration: PreviewedMigration): PlannedSource[] {
  // A finished conversion asks nothing of its source any more.
  const reads = ["source", "source-snapshot"].some((role) =>
    ["create", "replace"].includes(migration.change(role) ?? ""),
  );
  if (!reads) return [];
  const source = textsOf(at(migration.component?.new ?? migration.component?.old, "inputs.source"));
  const {
    imageId,
    snapshotId = textOf(migration.child("source")?.new?.inputs.snapshotId),
    volumeId,
    instanceId,
  } = source;
  return [{ migration: migration.name, imageId, snapshotId, volumeId, instanceId }];
}
