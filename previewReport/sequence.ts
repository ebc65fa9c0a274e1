/** What an update does to a migration, in its order, and what it leaves alone: sentences of Markdown. Pure. */
import { type ResourceRow, RESOURCES, type Role, ROLES, rolesIn } from "../components/resources";
import { isOfAnotherSnapshot } from "./conversion";
import type { Facts } from "./facts";
import { stateOf, stopsSource } from "./machines";
import { code } from "../cli/markdown";
import { isKept, isMade, isUnmade, type PreviewedMigration } from "../cli/preview/migrations";

/** From the first to the last. Whatever replaces something is made before that is deleted. */
export function sequenceOf(migration: PreviewedMigration, facts: Facts): string[] {
  const waits = isMade(migration, "helper") && stopsSource(migration);
  const [source, snapshot] = sourceSentences(migration, facts);
  return [
    ...source,
    ...(waits ? [newHelper(facts, "the destination volume", facts.destinationGb)] : []),
    ...snapshot,
    ...(waits ? [sourceVolume(facts)] : helperSentences(migration, facts)),
    ...commandSentences(migration),
    ...imageSentences(migration),
    ...machineSentences(migration, facts),
    ...deletions(migration, facts),
  ];
}

/** What is done on the source, and then for its snapshot. */
function sourceSentences(migration: PreviewedMigration, { source }: Facts): [string[], string[]] {
  const made = (role: Role, sentence: string) => (isMade(migration, role) ? [sentence] : []);
  const it = source === undefined ? "The source" : `The source ${code(source)}`;
  const stops = stopsSource(migration);
  const isStarted = stops || !isMade(migration, "source-stop");
  return [
    [
      ...made("source-inspection", `${it} is asked over ssh what it is; nothing is written.`),
      ...made("source-preparation", `${it} is prepared: packages are installed **on it**.`),
    ],
    [
      ...made("source-stop", stops ? `${it} is stopped.` : `${it} is started where it does not run.`),
      ...made("source-snapshot", "A snapshot of its root volume is taken."),
      ...(isStarted ? made("source-start", `${it} is started again.`) : []),
    ],
  ];
}

function helperSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const { helperId, sourceGb, destinationGb } = facts;
  if (isMade(migration, "helper")) {
    const sizes = sourceGb && destinationGb ? `${sourceGb} and ${destinationGb}` : undefined;
    return [newHelper(facts, "source and destination volume", sizes)];
  }
  const works = rolesIn("command").some((role) => isMade(migration, role));
  if (!works || !helperId) return [];
  const starts = isMade(migration, "helper-start") ? "is started, and goes on" : "goes on";
  return [`The helper ${code(helperId)}, which is there, ${starts}.`];
}

function newHelper({ helperType }: Facts, volumes: string, gib: number | string | undefined): string {
  const type = helperType === undefined ? "" : ` (${code(helperType)})`;
  return `A new helper${type} starts, with ${volumes}${ofGib(gib)}.`;
}

/** Before a source is stopped, there is nothing to make its volume of. */
function sourceVolume({ sourceGb }: Facts): string {
  return `The source volume${ofGib(sourceGb)} is made of that snapshot, and attached to the helper.`;
}

function ofGib(gib: number | string | undefined): string {
  return gib ? ` of ${gib} GiB` : "";
}

function commandSentences(migration: PreviewedMigration): string[] {
  const made = rolesIn("command").filter((role) => isMade(migration, role));
  if (made.length === 0) return [];
  const run = `On it run ${made.map(code).join(", ")}.`;
  if (made.includes("rehearse"))
    return [`${run} The last one boots the result before anything is published.`];
  if (!isMade(migration, "image")) return [run];
  return [`${run} **Nothing is booted before it is published**: ${code("rehearsal.skip")}.`];
}

function imageSentences(migration: PreviewedMigration): string[] {
  const isSet = isMade(migration, "workbench") || migration.change("workbench") === "update";
  const state = isSet ? stateOf(migration, "workbench") : undefined;
  const pauses = ["stop-after-inspect", "helper-stop"].some((role) => isMade(migration, role));
  const image = isMade(migration, "snapshot")
    ? "A snapshot of the destination is taken, and registered as the new image."
    : "The snapshot that is there is registered as a new image.";
  return [
    ...(state === "stopped" || pauses ? ["The helper is stopped."] : []),
    ...(state === "running" ? ["The helper is started, and keeps running."] : []),
    ...(isMade(migration, "image") ? [image] : []),
  ];
}

function machineSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const { newMachineType = "type not known", machineId = "" } = facts;
  const [type, id] = [code(newMachineType), code(machineId)];
  const proof = isMade(migration, "boot-proof") ? ["It proves over ssh what it runs from."] : [];
  switch (migration.change("instance")) {
    case "create":
      return [`A machine of the image is launched (${type}).`, ...proof];
    case "replace":
      return [`A machine of the new image is launched (${type}), in place of ${id}.`, ...proof];
    case "update":
      return [`The launched machine ${id} is changed; another type stops and starts it.`];
    default:
      return proof;
  }
}

/** Machines first, and else the last that was made. */
const DELETED = [...ROLES].reverse().sort((a, b) => Number(isMachine(b)) - Number(isMachine(a)));

function isMachine(role: Role): boolean {
  const { tagged }: ResourceRow = RESOURCES[role];
  return tagged === "instance";
}

function deletions(migration: PreviewedMigration, facts: Facts): string[] {
  const gone = DELETED.filter((role) => isUnmade(migration, role));
  const named = (stays: boolean) =>
    gone
      .filter((role) => isKept(migration, role) === stays)
      .flatMap((role) => lostWith(role, idOf(role, migration, facts)));
  return [
    ...listed("Last of all, deleted", named(false)),
    ...leftOver(migration),
    ...listed("Kept in EC2, but in no stack any more", named(true)),
  ];
}

function lostWith(role: Role, id: string | undefined): string[] {
  const { lost }: ResourceRow = RESOURCES[role];
  if (lost === undefined) return [];
  return [id === undefined ? lost : `${lost} (${code(id)})`];
}

/** As the stack's outputs say it, where the preview does not show it. */
function idOf(role: Role, { child }: PreviewedMigration, facts: Facts): string | undefined {
  const { helperId, imageId, snapshotId, machineId } = facts;
  const told: Partial<Record<Role, string>> = {
    helper: helperId,
    image: imageId,
    snapshot: snapshotId,
    instance: machineId,
  };
  return told[role] ?? child(role)?.old?.id;
}

function listed(what: string, all: string[]): string[] {
  return all.length === 0 ? [] : [`${what}: ${all.join("; ")}.`];
}

/** The engine deletes it with the next update, and lists it in no preview (3.259). */
function leftOver(migration: PreviewedMigration): string[] {
  const isHalfReplaced =
    !isMade(migration, "helper") &&
    !isMade(migration, "destination") &&
    isOfAnotherSnapshot(migration.child("image"));
  return isHalfReplaced
    ? ["What an earlier run had replaced already is deleted as well; a preview does not list it."]
    : [];
}

/** What stays although something is made anew. */
export function stayingOf({ change }: PreviewedMigration, { imageId, machineId }: Facts): string[] {
  const machine = `launched machine ${code(machineId ?? "")}`;
  const image = imageId === undefined ? "" : ` ${code(imageId)}`;
  const isReplaced = change("image") === "replace";
  const keeps = machineId !== undefined && (change("instance") ?? "same") === "same";
  const hasImage = imageId !== undefined || change("image") !== undefined;
  const losesHelper = change("helper") === "delete" && change("image") !== "delete" && hasImage;
  const until = "until the new one is there: an update that fails before leaves it alone.";
  const runs = `keeps running what it was launched from (${code("launch.onNewImage")} is ${code("keep")}).`;
  return [
    ...(isReplaced && image ? [`The image${image}, ${until}`] : []),
    ...(isReplaced && keeps ? [`The ${machine} ${runs}`] : []),
    ...(losesHelper ? [`The image${image} and its snapshot${keeps ? `, and the ${machine}` : ""}.`] : []),
  ];
}
