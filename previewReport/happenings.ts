/** What is to happen to a migration, decided from its steps. Pure. */
import { type ArgumentChange, argumentChanges, inputChanges, keyChanges, type NOT_KNOWN } from "./changes";
import { BETWEEN, goesOnAt } from "./order";
import type { Change, PreviewedMigration } from "./migrations";
import { type Step, textOf } from "./preview";

/** Why a conversion is made anew: inputs of its key, or something that is gone. */
export type Reason = ArgumentChange | typeof NOT_KNOWN | { gone: string };

export type Happening =
  | { kind: "new" }
  | { kind: "anew"; because: Reason[] }
  | { kind: "goes on"; at: string; raised?: ArgumentChange }
  | { kind: "deleted" }
  | { kind: "workbench removed" }
  | { kind: "image registered anew"; because: ArgumentChange[] }
  | { kind: "machine"; change: Exclude<Change, "same">; because: ArgumentChange[] }
  | { kind: "workbench"; before?: string; after?: string }
  | { kind: "tags" }
  | { kind: "description" }
  | { kind: "in place"; role: string; paths: string[] }
  | { kind: "image deleted" }
  | { kind: "taken back"; roles: string[] }
  | { kind: "besides"; change: "create" | "replace"; roles: string[] }
  | { kind: "not known"; op: string; role: string };

/** Nothing: an empty list. What matters most comes first. */
export function happeningsOf(migration: PreviewedMigration): Happening[] {
  if (isDeleted(migration)) return [{ kind: "deleted" }];
  const conversion = conversionOf(migration);
  return [
    ...(conversion ? [conversion] : []),
    ...imageOf(migration, conversion),
    ...machineOf(migration, conversion),
    ...takenBack(migration, conversion),
    ...(conversion ? [] : besides(migration)),
    ...inPlace(migration),
    ...unknownOnes(migration),
  ];
}

function isDeleted({ component, children, change }: PreviewedMigration): boolean {
  if (component) return component.op === "delete" || component.op === "discard";
  return (
    children.length > 0 &&
    children.every(({ role }) => change(role) === "delete") &&
    change("image") === "delete"
  );
}

function conversionOf(migration: PreviewedMigration): Happening | undefined {
  const { component, change } = migration;
  if (component?.op === "create" && change("helper") !== "same") return { kind: "new" };
  // A dry run that would prepare its source has no helper either, and no image.
  if (change("helper") === "delete" && !changedUntil(migration)) return { kind: "workbench removed" };
  if (isMadeAgain(migration)) return { kind: "anew", because: whyAgain(migration) };
  const step = goesOnAt(migration);
  return step === undefined ? undefined : { kind: "goes on", at: step, raised: changedUntil(migration) };
}

/** On another disk: everything behind it is made again. With the disk that there is, a conversion goes on. */
function isMadeAgain(migration: PreviewedMigration): boolean {
  const { change } = migration;
  const isLost = change("destination") === "create" && change("image") === "replace";
  return (
    change("destination") === "replace" || change("helper") === "replace" || isLost || isAskedAgain(migration)
  );
}

/** A dry run that ends with a look at its source has no disk, and no helper. */
function isAskedAgain({ change }: PreviewedMigration): boolean {
  return change("source-program") === "replace" && [undefined, "delete"].includes(change("helper"));
}

function whyAgain(migration: PreviewedMigration): Reason[] {
  const workbench = argumentChanges(migration).filter(({ path }) => path === "workbench");
  const key = keyChanges(migration);
  if (key.length > 0) return key;
  if (workbench.length > 0) return workbench;
  const gone = ["helper", "destination"].filter((role) => migration.change(role) === "create");
  return gone.map((role) => ({ gone: role }));
}

function changedUntil(migration: PreviewedMigration): ArgumentChange | undefined {
  return argumentChanges(migration).find(({ path }) => path === "until");
}

function imageOf(migration: PreviewedMigration, conversion: Happening | undefined): Happening[] {
  if (migration.change("image") !== "replace" || conversion) return [];
  const because = argumentChanges(migration).filter(
    ({ path }) => path === "image.name" || path === "image.ena",
  );
  return [{ kind: "image registered anew", because }];
}

/** The launched machine; one that is made with the image is part of the conversion. */
function machineOf(migration: PreviewedMigration, conversion: Happening | undefined): Happening[] {
  const change = migration.change("instance");
  if (change === undefined || change === "same") return [];
  if (change === "create" && (conversion?.kind === "new" || conversion?.kind === "goes on")) return [];
  const because = inputChanges(migration.child("instance")).filter(({ path }) => !isTag(path));
  if (change === "update" && because.length === 0) return [];
  return [{ kind: "machine", change, because }];
}

/** Told already, or by what they belong to. */
const TOLD = ["image", "instance", ...BETWEEN];

/** What is deleted of a migration that stays, but for a workbench as a whole. */
function takenBack({ children, change }: PreviewedMigration, conversion: Happening | undefined): Happening[] {
  const image: Happening[] = change("image") === "delete" ? [{ kind: "image deleted" }] : [];
  if (conversion?.kind === "workbench removed") return image;
  const gone = children.map(({ role }) => role).filter((role) => change(role) === "delete");
  const roles = gone.filter((role) => !TOLD.includes(role));
  return [...image, ...(roles.length === 0 ? [] : [{ kind: "taken back" as const, roles }])];
}

/** What is made although nothing is converted: a boot proof that is asked for later, or what a later version has besides. */
function besides({ children, change }: PreviewedMigration): Happening[] {
  return (["create", "replace"] as const).flatMap((wanted) => {
    const roles = children.map(({ role }) => role).filter((role) => change(role) === wanted);
    const besides_ = roles.filter((role) => !TOLD.includes(role) || BETWEEN.includes(role));
    return besides_.length === 0 ? [] : [{ kind: "besides" as const, change: wanted, roles: besides_ }];
  });
}

function inPlace(migration: PreviewedMigration): Happening[] {
  const updates = migration.children.filter(({ step }) => step.op === "update");
  const told = updates.flatMap(({ role, step }) => updateOf(role, step));
  const isTags = ({ kind }: Happening) => kind === "tags";
  return [...told.filter((each) => !isTags(each)), ...told.filter(isTags).slice(0, 1)];
}

function updateOf(role: string, step: Step): Happening[] {
  const inputs = inputChanges(step).map(({ path }) => path);
  const changed = step.changed.length > 0 ? step.changed : inputs;
  const tags: Happening[] = changed.some(isTag) ? [{ kind: "tags" }] : [];
  const paths = changed.filter((path) => !isTag(path));
  // A machine whose inputs are others is told of by itself; whose are not, somebody else has changed.
  if (role === "instance" && inputs.length > 0) return tags;
  if (paths.length === 0 && tags.length > 0) return tags;
  if (role === "workbench") {
    return [
      { kind: "workbench", before: textOf(step.old?.inputs.state), after: textOf(step.new?.inputs.state) },
      ...tags,
    ];
  }
  if (role === "image" && paths.length > 0 && paths.every((path) => path === "description"))
    return [{ kind: "description" }, ...tags];
  return [{ kind: "in place", role, paths }, ...tags];
}

function unknownOnes({ children, change }: PreviewedMigration): Happening[] {
  return children
    .filter(({ role }) => change(role) === undefined)
    .map(({ role, step }) => ({ kind: "not known", op: step.op, role }));
}

/** `tags.owner`, `rootBlockDevice.tagsAll.owner`; of older engines `tags` and, for a block device, the whole of it. */
function isTag(path: string): boolean {
  return /(^|\.)tags(All)?(\.|\[|$)/.test(path);
}
