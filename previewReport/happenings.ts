/** What is to happen to a migration, decided from its steps, and the words in which it is told. Pure. */
import { rolesIn } from "../components/resources";
import { type ArgumentChange, argumentChanges, inputChanges, isTag, tell } from "./changes";
import { conversionOf } from "./conversion";
import type { Facts } from "./facts";
import { code } from "../cli/markdown";
import { inOrder, isKept, isUnmade, type PreviewedMigration } from "../cli/preview/migrations";
import type { Happening } from "./outcomes";
import { type Step, textOf } from "../cli/preview/preview";

/** Nothing: an empty list. What matters most comes first. */
export function happeningsOf(migration: PreviewedMigration, facts: Facts): Happening[] {
  if (isDeleted(migration)) {
    return [{ outcome: "deleted", says: `**deleted**${withItsImage(migration, facts)}` }];
  }
  const conversion = conversionOf(migration, facts);
  return [
    ...(conversion ? [conversion] : []),
    ...(conversion ? [] : imageAnew(migration)),
    ...machineOf(migration, facts, conversion),
    ...takenBack(migration, facts, conversion),
    ...(conversion ? [] : besides(migration)),
    ...inPlace(migration),
    ...unknownOnes(migration),
  ];
}

/** A line for all that happens. Arguments that change nothing count from the next conversion on. */
export function headline({ component }: PreviewedMigration, happenings: Happening[]): string {
  const [first, ...others] = happenings;
  if (first === undefined) {
    return component?.op === "update"
      ? "nothing changes; what is new in its arguments counts from its next conversion on"
      : "nothing changes";
  }
  if (others.length === 0) return first.saysAlone ?? first.says;
  return happenings.map(({ says }) => says).join("; ");
}

function isDeleted({ component, children, change }: PreviewedMigration): boolean {
  if (component) return component.op === "delete" || component.op === "discard";
  return change("image") === "delete" && children.every(({ role }) => change(role) === "delete");
}

function withItsImage(migration: PreviewedMigration, { imageId, machineId }: Facts): string {
  const all = [
    { role: "image", what: `its image ${code(imageId ?? "")}` },
    { role: "instance", what: `its launched machine ${code(machineId ?? "")}` },
  ].filter(({ role }) => migration.change(role) === "delete");
  if (all.length === 0) return "; it had no image";
  const told = (stays: boolean) =>
    all.filter(({ role }) => isKept(migration, role) === stays).map(({ what }) => what);
  const [gone, kept] = [told(false).join(" and "), told(true).join(" and ")];
  return `${gone && `, with ${gone}`}${kept && `; in EC2 stays ${kept}`}`;
}

/** What goes out of the stack, and is not deleted. */
function whereItStays(migration: PreviewedMigration, role: string): string {
  return isUnmade(migration, role) && isKept(migration, role) ? " in the stack, kept in EC2" : "";
}

function imageAnew(migration: PreviewedMigration): Happening[] {
  if (migration.change("image") !== "replace") return [];
  const why = argumentChanges(migration).filter(({ path }) => path === "image.name" || path === "image.ena");
  const because = why.length === 0 ? "" : `, because ${why.map(tell).join("; ")}`;
  const says = `**image registered anew** from the same snapshot${because}`;
  return [{ outcome: "image registered anew", says }];
}

/** The launched machine; one that is made with the image is part of the conversion. */
function machineOf(
  migration: PreviewedMigration,
  { machineId = "", newMachineType = "type not known" }: Facts,
  conversion: Happening | undefined,
): Happening[] {
  const why = inputChanges(migration.child("instance")).filter(({ path }) => !isTag(path));
  const machine = `launched machine ${code(machineId)}`;
  const stays = whereItStays(migration, "instance");
  switch (migration.change("instance")) {
    case "create":
      if (conversion?.outcome === "new" || conversion?.outcome === "goes on") return [];
      return [{ outcome: "machine launched", says: `**launches a machine** (${code(newMachineType)})` }];
    case "replace":
      return [{ outcome: "launched machine replaced", says: `**${machine} replaced**${stays}` }];
    case "delete":
      return [{ outcome: "launched machine deleted", says: `**${machine} deleted**${stays}` }];
    case "update":
      return why.length === 0 ? [] : [machineChanged(machine, why)];
    default:
      return [];
  }
}

function machineChanged(machine: string, why: ArgumentChange[]): Happening {
  const says = `**${machine} changed in place**: ${why.map(tell).join("; ")}`;
  return { outcome: "launched machine changed", says };
}

/** Told already, or by what they belong to. */
const PAUSES: string[] = rolesIn("pause");
const TOLD = ["image", "instance", ...PAUSES];

/** What is deleted of a migration that stays, but for a workbench as a whole. */
function takenBack(
  migration: PreviewedMigration,
  { imageId = "" }: Facts,
  conversion: Happening | undefined,
): Happening[] {
  const { children, change } = migration;
  const says = `**its image ${code(imageId)} deleted**${whereItStays(migration, "image")}`;
  const image: Happening[] = change("image") === "delete" ? [{ outcome: "image deleted", says }] : [];
  if (conversion?.outcome === "workbench removed") return image;
  const gone = children.map(({ role }) => role).filter((role) => change(role) === "delete");
  const roles = gone.filter((role) => !TOLD.includes(role));
  if (roles.length === 0) return image;
  return [...image, { outcome: "partly taken back", says: `**taken back**: ${listed(roles)}` }];
}

function listed(roles: string[]): string {
  return inOrder(roles).map(code).join(", ");
}

/** What is made although nothing is converted: a boot proof that is asked for later, or what a later version has besides. */
function besides({ children, change }: PreviewedMigration): Happening[] {
  return (["create", "replace"] as const).flatMap((wanted): Happening[] => {
    const roles = children
      .map(({ role }) => role)
      .filter((role) => change(role) === wanted && (!TOLD.includes(role) || PAUSES.includes(role)));
    if (roles.length === 0) return [];
    const says = `${listed(roles)} ${wanted === "create" ? "made" : "made again"}`;
    return [{ outcome: "changed in place", says }];
  });
}

/** Tags are told once, and last. */
function inPlace({ children }: PreviewedMigration): Happening[] {
  const updates = children.filter(({ step }) => step.op === "update");
  const hasTags = updates.some(({ step }) => changedPaths(step).some(isTag));
  return [
    ...updates.flatMap(({ role, step }) => updateOf(role, step)),
    ...(hasTags ? [changeOfText("tags change", "**only tags** change")] : []),
  ];
}

function changeOfText(says: string, saysAlone: string): Happening {
  return { outcome: "changed in place", says, saysAlone, isFree: true };
}

/** By the provider's diff, or else by the inputs. */
function changedPaths(step: Step): string[] {
  return step.changed.length > 0 ? step.changed : inputChanges(step).map(({ path }) => path);
}

function updateOf(role: string, step: Step): Happening[] {
  const changed = changedPaths(step);
  const paths = changed.filter((path) => !isTag(path));
  // A machine whose inputs are others is told of by itself; whose are not, somebody else has changed.
  if (role === "instance" && inputChanges(step).length > 0) return [];
  if (paths.length === 0 && changed.length > 0) return [];
  if (role === "workbench") return [{ outcome: "changed in place", says: workbench(step) }];
  if (role === "image" && paths.length > 0 && paths.every((path) => path === "description")) {
    return [changeOfText("the image's description changes", "**only the image's description** changes")];
  }
  const what = paths.length === 0 ? " (the preview does not say what)" : `: ${paths.map(code).join(", ")}`;
  return [{ outcome: "changed in place", says: `${code(role)} changed in place${what}` }];
}

function workbench(step: Step): string {
  const state = textOf(step.new?.inputs.state);
  const isSet = state === "running" || state === "stopped";
  return isSet ? `**helper ${state === "running" ? "started" : "stopped"}**` : "helper's state changed";
}

function unknownOnes({ children, change }: PreviewedMigration): Happening[] {
  return children
    .filter(({ role }) => change(role) === undefined)
    .map(({ role, step }) => ({
      outcome: "changed in place",
      says: `${code(role)}: ${code(step.op)}, an operation that this version does not know`,
    }));
}
