/** Which arguments of a migration are others than before, in words. Pure. */
import type { PreviewedMigration } from "./migrations";
import { code } from "./markdown";
import { isKnown, isRecord, type State, type Step } from "./preview";

/** One argument, old and new; undefined where it was not given. */
export interface ArgumentChange {
  path: string;
  before?: string;
  after?: string;
}

/** Not known before the update. */
export const NOT_KNOWN = Symbol("not known");

/**
 * The inputs of the conversion's key that differ: by the key of the volumes, which is their replacement trigger, or by
 * the steps' triggers. `NOT_KNOWN` among them where some are not known before the update.
 */
export function keyChanges(migration: PreviewedMigration): (ArgumentChange | typeof NOT_KNOWN)[] {
  const [before, after] = [keyOf(migration, "old"), keyOf(migration, "new")];
  if (!before || !after) return [];
  const names = [...new Set([...before.inputs.keys(), ...after.inputs.keys()])];
  const changes = names
    .map((path) => ({ path, before: before.inputs.get(path), after: after.inputs.get(path) }))
    .filter((change) => change.before !== change.after);
  return after.complete ? changes : [...changes.filter((change) => change.after !== undefined), NOT_KNOWN];
}

interface Key {
  inputs: Map<string, string>;
  complete: boolean;
}

/** Roles whose replacement trigger is the key. */
const KEYED = [
  ...["destination", "source", "helper", "access", "client-key", "host-key"],
  ...["source-snapshot", "source-stop", "source-start"],
];

/** Roles whose triggers it is. */
const VISITS = ["source-program", "source-inspection", "source-preparation"];

/** Roles that have it among their triggers, with an id behind. */
const TRIGGERED = [
  "converter",
  "inspect",
  "partition",
  "copy",
  "configure",
  "install-grub",
  "verify",
  "rehearse",
];

function keyOf({ child }: PreviewedMigration, when: "old" | "new"): Key | undefined {
  const states = (roles: string[]) =>
    roles.map((role) => child(role)?.[when]).filter((state): state is State => state !== undefined);
  const triggers = [
    ...states(KEYED).map(({ replacementTrigger }) => replacementTrigger),
    ...states(VISITS).map(({ inputs }) => inputs.triggers),
    ...states(TRIGGERED).map(({ inputs }) =>
      Array.isArray(inputs.triggers) ? inputs.triggers.slice(0, -1) : undefined,
    ),
  ];
  const key = triggers.find(Array.isArray) as unknown[] | undefined;
  // An output whose value is not known hides the whole list.
  if (!key)
    return triggers.some((trigger) => trigger !== undefined)
      ? { inputs: new Map(), complete: false }
      : undefined;
  return { inputs: new Map(key.flatMap(entryOf)), complete: key.every(isKnown) };
}

/** `name=value`; the value may have equals signs of its own. */
function entryOf(entry: unknown): [string, string][] {
  const [, name, value] = (typeof entry === "string" && /^([^=]+)=(.*)$/s.exec(entry)) || [];
  return name === undefined ? [] : [[name, value]];
}

/** Every argument of the component that differs; nothing where the component's inputs are not shown. */
export function argumentChanges({ component }: PreviewedMigration): ArgumentChange[] {
  if (!component?.old || !component.new) return [];
  return differences("", component.old.inputs, component.new.inputs);
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

/** `destination.sizeGb` 20 → 40, as Markdown. */
export function tell(change: ArgumentChange | typeof NOT_KNOWN): string {
  if (change === NOT_KNOWN) return "an input is not known before the update";
  const { path, before, after } = change;
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
