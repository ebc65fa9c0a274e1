/** What an update does to a migration, in its order, and what it leaves alone: sentences of Markdown. Pure. */
import { type ResourceRow, RESOURCES, type Role, ROLES, rolesIn } from "../components/resources";
import { isOfAnotherSnapshot } from "./conversion";
import type { Facts } from "./facts";
import { stateOf, stopsSource } from "./machines";
import { code } from "../cli/markdown";
import { isKept, isMade, isUnmade, type PreviewedMigration } from "../cli/preview/migrations";

/** A sentence, and whether it is said. */
type Told = [isSaid: boolean, sentence: string];

function said(all: Told[]): string[] {
  return all.filter(([isSaid]) => isSaid).map(([, sentence]) => sentence);
}

/** From the first to the last. Whatever replaces something is made before that is deleted. */
export function sequenceOf(migration: PreviewedMigration, facts: Facts): string[] {
  return [
    ...sourceAndHelper(migration, facts),
    ...commandSentences(migration),
    ...imageSentences(migration),
    ...machineSentences(migration, facts),
    ...deletions(migration, facts),
  ];
}

/** What is done on the source, for its snapshot, and with the helper: that is there before a source is stopped. */
function sourceAndHelper(migration: PreviewedMigration, facts: Facts): string[] {
  const { source, sourceGb, destinationGb, helperId } = facts;
  const made = (role: Role) => isMade(migration, role);
  const it = source === undefined ? "The source" : `The source ${code(source)}`;
  const stops = stopsSource(migration);
  const sizes = sourceGb && destinationGb ? `${sourceGb} and ${destinationGb}` : undefined;
  const isThere = !made("helper") && helperId !== undefined && rolesIn("command").some(made);
  const starts = made("helper-start") ? "is started, and goes on" : "goes on";
  return said([
    [made("source-inspection"), `${it} is asked over ssh what it is; nothing is written.`],
    [made("source-preparation"), `${it} is prepared: packages are installed **on it**.`],
    [made("helper") && stops, newHelper(facts, "the destination volume", destinationGb)],
    [made("source-stop"), stops ? `${it} is stopped.` : `${it} is started where it does not run.`],
    [made("source-snapshot"), "A snapshot of its root volume is taken."],
    [made("source-start") && (stops || !made("source-stop")), `${it} is started again.`],
    [
      made("helper") && stops,
      `The source volume${ofGib(sourceGb)} is made of that snapshot, and attached to the helper.`,
    ],
    [made("helper") && !stops, newHelper(facts, "source and destination volume", sizes)],
    [isThere, `The helper ${code(helperId ?? "")}, which is there, ${starts}.`],
  ]);
}

function newHelper({ helperType }: Facts, volumes: string, gib: number | string | undefined): string {
  const type = helperType === undefined ? "" : ` (${code(helperType)})`;
  return `A new helper${type} starts, with ${volumes}${ofGib(gib)}.`;
}

function ofGib(gib: number | string | undefined): string {
  return gib ? ` of ${gib} GiB` : "";
}

function commandSentences(migration: PreviewedMigration): string[] {
  const made = rolesIn("command").filter((role) => isMade(migration, role));
  if (made.length === 0) return [];
  const isUnproven = !made.includes("rehearse") && isMade(migration, "image");
  const all = said([
    [true, `On it run ${made.map(code).join(", ")}.`],
    [made.includes("rehearse"), "The last one boots the result before anything is published."],
    [isUnproven, `**Nothing is booted before it is published**: ${code("rehearsal.skip")}.`],
  ]);
  return [all.join(" ")];
}

function imageSentences(migration: PreviewedMigration): string[] {
  const made = (role: Role) => isMade(migration, role);
  const isSet = made("workbench") || migration.change("workbench") === "update";
  const state = isSet ? stateOf(migration, "workbench") : undefined;
  const image = made("snapshot")
    ? "A snapshot of the destination is taken, and registered as the new image."
    : "The snapshot that is there is registered as a new image.";
  return said([
    [state === "stopped" || made("stop-after-inspect") || made("helper-stop"), "The helper is stopped."],
    [state === "running", "The helper is started, and keeps running."],
    [made("image"), image],
  ]);
}

function machineSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const { newMachineType = "type not known", machineId = "" } = facts;
  const [type, id] = [code(newMachineType), code(machineId)];
  const change = migration.change("instance");
  const isProven = isMade(migration, "boot-proof") && change !== "update";
  return said([
    [change === "create", `A machine of the image is launched (${type}).`],
    [change === "replace", `A machine of the new image is launched (${type}), in place of ${id}.`],
    [change === "update", `The launched machine ${id} is changed; another type stops and starts it.`],
    [isProven, "It proves over ssh what it runs from."],
  ]);
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
  const { helperId: helper, imageId: image, snapshotId: snapshot, machineId: instance } = facts;
  const told: Partial<Record<Role, string>> = { helper, image, snapshot, instance };
  return told[role] ?? child(role)?.old?.id;
}

function listed(what: string, all: string[]): string[] {
  return all.length === 0 ? [] : [`${what}: ${all.join("; ")}.`];
}

/** The engine deletes it with the next update, and lists it in no preview (3.259). */
function leftOver(migration: PreviewedMigration): string[] {
  const isConverted = isMade(migration, "helper") || isMade(migration, "destination");
  const isHalfReplaced = !isConverted && isOfAnotherSnapshot(migration.child("image"));
  const what = "What an earlier run had replaced already is deleted as well; a preview does not list it.";
  return said([[isHalfReplaced, what]]);
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
  return said([
    [isReplaced && image !== "", `The image${image}, ${until}`],
    [isReplaced && keeps, `The ${machine} ${runs}`],
    [losesHelper, `The image${image} and its snapshot${keeps ? `, and the ${machine}` : ""}.`],
  ]);
}
