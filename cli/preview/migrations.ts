/** The migrations of a preview: each component with the steps of its children, by their role. Pure. */
import { resourceRow, ROLES } from "../../components/resources";
import type { Preview, Step } from "./preview";
import { partsOf } from "../urn";

/** What is to happen to one resource, whatever words the engine has for its parts. */
export type Change = "same" | "create" | "update" | "replace" | "delete";

export interface PreviewedMigration {
  name: string;
  urn: string;
  /** The component's own step; absent where it stays as it is and those are not shown. */
  component?: Step;
  /** The child with this role (`helper`, `copy`, `image` …); absent where there is none, or none is shown. */
  child(role: string): Step | undefined;
  /** What happens to that child. */
  change(role: string): Change | undefined;
  /** All children, as the engine lists them. */
  children: Child[];
  /** Of an earlier run, replaced already and not deleted yet. */
  leftOver: Child[];
}

export interface Child {
  role: string;
  step: Step;
}

const COMPONENT = /:PvToHvmMigration$/;

/** The engine's operations (3.259), and what they come to. Whatever else there is, a newer engine has brought. */
const CHANGES: Record<string, Change> = {
  same: "same",
  read: "same",
  refresh: "same",
  diff: "same",
  "read-replacement": "same",
  "extend-parameterize": "same",
  create: "create",
  import: "create",
  update: "update",
  replace: "replace",
  "create-replacement": "replace",
  "import-replacement": "replace",
  delete: "delete",
  "delete-replaced": "delete",
  discard: "delete",
  "discard-replaced": "delete",
  "remove-pending-replace": "delete",
};

/** What becomes of the step's resource; undefined for an operation that this version does not know. */
export function changeOf({ op }: Step): Change | undefined {
  return Object.hasOwn(CHANGES, op) ? CHANGES[op] : undefined;
}

/** Whether a child is to be made, for the first time or in place of another. */
export function isMade({ change }: PreviewedMigration, role: string): boolean {
  return change(role) === "create" || change(role) === "replace";
}

/** Whether what there is of a child goes out of the stack, with or without another in its place. */
export function isUnmade({ change }: PreviewedMigration, role: string): boolean {
  return change(role) === "delete" || change(role) === "replace";
}

/** Whether there is one afterwards, as far as is shown. */
export function isThere({ change }: PreviewedMigration, role: string): boolean {
  return change(role) !== undefined && change(role) !== "delete";
}

/** Whether it stays in EC2 when it does: by the state that there is, as the engine decides it. */
export function isKept({ child }: PreviewedMigration, role: string): boolean {
  return child(role)?.old?.retainOnDelete === true;
}

/** Whether a step belongs to a component of this package, or is one. */
export function isComponent({ type }: Step): boolean {
  return COMPONENT.test(type);
}

/** By their names' order in the preview. */
export function migrationsOf({ steps }: Preview): PreviewedMigration[] {
  const found = new Map<string, Step[]>();
  for (const step of steps) {
    const urn = isComponent(step) ? step.urn : parentOf(step);
    if (urn === undefined || !COMPONENT.test(partsOf(urn).type)) continue;
    found.set(urn, [...(found.get(urn) ?? []), step]);
  }
  return [...found].map(([urn, all]) => describe(urn, all));
}

/** URN of what a step's resource belongs to. */
export function parentOf(step: Step): string | undefined {
  return step.new?.parent ?? step.old?.parent;
}

function describe(urn: string, all: Step[]): PreviewedMigration {
  const { name } = partsOf(urn);
  const { present, replaced } = separate(all.filter((step) => !isComponent(step)));
  const children = present.map((step) => ({ role: roleOf(step, name), step }));
  const byRole = new Map(children.map(({ role, step }) => [role, step]));
  const child = (role: string) => byRole.get(role);
  return {
    ...{ name, urn, children, child },
    component: all.find(isComponent),
    change: (role) => {
      const step = child(role);
      return step && changeOf(step);
    },
    leftOver: replaced.map((step) => ({ role: roleOf(step, name), step })),
  };
}

/**
 * A resource may have several steps: the parts of a replacement, where those are shown, and the deletion of what an
 * earlier run has replaced and could not delete any more.
 */
function separate(steps: Step[]): { present: Step[]; replaced: Step[] } {
  const byUrn = new Map<string, Step[]>();
  for (const step of steps) byUrn.set(step.urn, [...(byUrn.get(step.urn) ?? []), step]);
  const present: Step[] = [];
  const replaced: Step[] = [];
  for (const all of byUrn.values()) {
    const main = mainOf(all);
    present.push(main);
    // What belongs to a replacement is told with it.
    const told = changeOf(main) === "replace" ? main.old?.id : undefined;
    const rest = all.filter((step) => step !== main && changeOf(step) === "delete");
    replaced.push(...rest.filter((step) => step.old?.id !== told));
  }
  return { present, replaced };
}

/** What is told of a resource: its replacement, else what changes it, else that it stays (`--refresh` has a step as well). */
function mainOf(all: Step[]): Step {
  const there = all.filter((step) => changeOf(step) !== "delete");
  const changing = there.filter((step) => changeOf(step) !== "same");
  return all.find(({ op }) => op === "replace") ?? changing[0] ?? there[0] ?? all[0];
}

/** Roles as they are made; those that are not known come last. */
export function inOrder(roles: string[]): string[] {
  const known = ROLES.filter((role) => roles.includes(role));
  return [...known, ...roles.filter((role) => resourceRow(role) === undefined)];
}

/** `helper` of `web-helper`. */
function roleOf({ name }: Step, migration: string): string {
  return name.startsWith(`${migration}-`) ? name.slice(migration.length + 1) : name;
}
