/** Which arguments of a migration are others than before, in words. Pure. */
import { type ResourceRow, RESOURCES, type Role, ROLES } from "../components/resources";
import type { PreviewedMigration } from "../cli/preview/migrations";
import { code } from "../cli/markdown";
import { isKnown, isRecord, type State, type Step } from "../cli/preview/preview";

/** One argument, old and new; undefined where it was not given. */
export interface ArgumentChange {
  path: string;
  before?: string;
  after?: string;
}

/** The inputs of the conversion's key that differ, told one by one; and that some are not known before the update. */
export function keyChanges(migration: PreviewedMigration): string[] {
  const [before, after] = [keyOf(migration, "old"), keyOf(migration, "new")];
  if (!before || !after) return [];
  const names = [...new Set([...before.inputs.keys(), ...after.inputs.keys()])];
  const changes = names
    .map((path) => ({ path, before: before.inputs.get(path), after: after.inputs.get(path) }))
    .filter((change) => change.before !== change.after);
  if (after.complete) return changes.map(tell);
  return [
    ...changes.filter((change) => change.after !== undefined).map(tell),
    "an input is not known before the update",
  ];
}

interface Key {
  inputs: Map<string, string>;
  complete: boolean;
}

/** Roles whose state has the key, those first that are made last: an update that failed may have made the others anew. */
const KEYED = (["replacementTrigger", "triggers", "triggers and id"] as const).flatMap((where) =>
  ROLES.filter((role) => keyIn(role) === where).reverse(),
);

function keyIn(role: Role): ResourceRow["key"] {
  const { key }: ResourceRow = RESOURCES[role];
  return key;
}

function keyOf({ child }: PreviewedMigration, when: "old" | "new"): Key | undefined {
  const triggers = KEYED.map((role) => triggerOf(role, child(role)?.[when]));
  const key = triggers.find(Array.isArray) as unknown[] | undefined;
  if (key) return { inputs: new Map(key.flatMap(entryOf)), complete: key.every(isKnown) };
  // An output whose value is not known hides the whole list.
  const isHidden = triggers.some((trigger) => trigger !== undefined);
  return isHidden ? { inputs: new Map(), complete: false } : undefined;
}

function triggerOf(role: Role, state: State | undefined): unknown {
  const triggers = state?.inputs.triggers;
  switch (keyIn(role)) {
    case "replacementTrigger":
      return state?.replacementTrigger;
    case "triggers":
      return triggers;
    default:
      return Array.isArray(triggers) ? triggers.slice(0, -1) : undefined;
  }
}

/** `name=value`; the value may have equals signs of its own. */
function entryOf(entry: unknown): [string, string][] {
  const [, name, value] = (typeof entry === "string" && /^([^=]+)=(.*)$/s.exec(entry)) || [];
  return name === undefined ? [] : [[name, value]];
}

/** Every argument of the component that differs; nothing where the component's inputs are not shown. */
export function argumentChanges({ component }: PreviewedMigration): ArgumentChange[] {
  return inputChanges(component);
}

/** What differs in one resource's inputs. */
export function inputChanges(step: Step | undefined): ArgumentChange[] {
  return step?.old && step.new ? differences("", step.old.inputs, step.new.inputs) : [];
}

function differences(path: string, before: unknown, after: unknown): ArgumentChange[] {
  if (isRecord(before) || isRecord(after)) {
    const [old, now] = [before, after].map((each) => (isRecord(each) ? each : {}));
    const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
    return keys.flatMap((key) => differences(path === "" ? key : `${path}.${key}`, old[key], now[key]));
  }
  const [old, now] = [shown(before), shown(after)];
  return old === now ? [] : [{ path, before: old, after: now }];
}

function shown(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isKnown(value)) return "not known before the update";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** `tags.owner`, `rootBlockDevice.tagsAll.owner`; of older engines `tags` and, for a block device, the whole of it. */
export function isTag(path: string): boolean {
  return /(^|\.)tags(All)?(\.|\[|$)/.test(path);
}

/** `destination.sizeGb` 20 → 40, as Markdown. */
export function tell({ path, before, after }: ArgumentChange): string {
  const [old, now] = [before, after].map((value) => value ?? DEFAULTS[path]);
  if (old === undefined) return `${code(path)} was ${absent(path)}, is now ${code(now ?? "")}`;
  if (now === undefined) return `${code(path)} was ${code(old)}, is now ${absent(path)}`;
  return `${code(path)} ${code(old)} → ${code(now)}`;
}

/** Defaults that are the same for every migration. */
const DEFAULTS: Record<string, string | undefined> = {
  until: "publish",
  workbench: "stopped",
  "destination.grow": "false",
  "destination.layout": "mbr",
  "destination.volumeType": "gp3",
  "destination.encrypted": "true",
};

/** Arguments that have no default. */
const WITHOUT_DEFAULT = /^(source\.|revision$|launch(\.|$)|tags|image\.tags)/;

function absent(path: string): string {
  return WITHOUT_DEFAULT.test(path) ? "not given" : "the default";
}
