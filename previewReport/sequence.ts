/** What an update does to a migration, in its order, and what it leaves alone: sentences of Markdown. Pure. */
import type { Facts } from "./facts";
import { stopsSource } from "./machines";
import { code } from "./markdown";
import { isKept, isMade, isUnmade, type PreviewedMigration } from "./migrations";
import { BETWEEN, isOfAnotherSnapshot } from "./order";
import { at } from "./preview";

const STEPS = ["inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"];

/** From the first to the last. Whatever replaces something is made before that is deleted. */
export function sequenceOf(migration: PreviewedMigration, facts: Facts): string[] {
  const waits = isMade(migration, "helper") && isMade(migration, "source-stop") && stopsSource(migration);
  const snapshot = snapshotSentences(migration, facts);
  return [
    ...visitSentences(migration, facts),
    ...(waits ? helperAlone(facts) : []),
    ...snapshot,
    ...(waits ? sourceVolume(facts) : helperSentences(migration, facts)),
    ...stepSentences(migration),
    ...imageSentences(migration),
    ...machineSentences(migration, facts),
    ...deletions(migration, facts),
  ];
}

function visitSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const made = (role: string) => isMade(migration, role);
  const it = theSource(facts);
  return [
    ...(made("source-inspection") ? [`${it} is asked over ssh what it is; nothing is written.`] : []),
    ...(made("source-preparation") ? [`${it} is prepared: packages are installed **on it**.`] : []),
  ];
}

function theSource({ source }: Facts): string {
  return source === undefined ? "The source" : `The source ${code(source)}`;
}

function snapshotSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const made = (role: string) => isMade(migration, role);
  const it = theSource(facts);
  return [
    ...(made("source-stop")
      ? [stopsSource(migration) ? `${it} is stopped.` : `${it} is started where it does not run.`]
      : []),
    ...(made("source-snapshot") ? ["A snapshot of its root volume is taken."] : []),
    ...(made("source-start") && (stopsSource(migration) || !made("source-stop"))
      ? [`${it} is started again.`]
      : []),
  ];
}

function helperSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const { helperType, helperId, sourceGb, destinationGb } = facts;
  if (!isMade(migration, "helper")) {
    const works = STEPS.some((step) => isMade(migration, step));
    if (!works || !helperId) return [];
    const starts = isMade(migration, "helper-start") ? "is started, and goes on" : "goes on";
    return [`The helper ${code(helperId)}, which is there, ${starts}.`];
  }
  const sizes = sourceGb && destinationGb ? ` of ${sourceGb} and ${destinationGb} GiB` : "";
  return [`A new helper${inBrackets(helperType)} starts, with source and destination volume${sizes}.`];
}

/** Before a source is stopped, there is nothing to make its volume of. */
function helperAlone({ helperType, destinationGb }: Facts): string[] {
  const size = destinationGb ? ` of ${destinationGb} GiB` : "";
  return [`A new helper${inBrackets(helperType)} starts, with the destination volume${size}.`];
}

function sourceVolume({ sourceGb }: Facts): string[] {
  const size = sourceGb ? ` of ${sourceGb} GiB` : "";
  return [`The source volume${size} is made of that snapshot, and attached to the helper.`];
}

function inBrackets(type: string | undefined): string {
  return type === undefined ? "" : ` (${code(type)})`;
}

function stepSentences(migration: PreviewedMigration): string[] {
  const steps = STEPS.filter((step) => isMade(migration, step));
  if (steps.length === 0) return [];
  const run = `On it run ${steps.map(code).join(", ")}.`;
  if (steps.includes("rehearse"))
    return [`${run} The last one boots the result before anything is published.`];
  const publishes = isMade(migration, "image");
  return [
    publishes ? `${run} **Nothing is booted before it is published**: ${code("rehearsal.skip")}.` : run,
  ];
}

function imageSentences(migration: PreviewedMigration): string[] {
  const state = at(migration.child("workbench")?.new, "inputs.state");
  const stopped = isMade(migration, "workbench") || migration.change("workbench") === "update";
  const stops = BETWEEN.some((role) => role !== "helper-start" && isMade(migration, role));
  const rests = (stopped && state === "stopped") || stops ? ["The helper is stopped."] : [];
  const starts = stopped && state === "running" ? ["The helper is started, and keeps running."] : [];
  const image = isMade(migration, "image") ? [imageSentence(migration)] : [];
  return [...rests, ...starts, ...image];
}

function imageSentence(migration: PreviewedMigration): string {
  return isMade(migration, "snapshot")
    ? "A snapshot of the destination is taken, and registered as the new image."
    : "The snapshot that is there is registered as a new image.";
}

function machineSentences(migration: PreviewedMigration, facts: Facts): string[] {
  const type = code(facts.newMachineType ?? "type not known");
  const proof = isMade(migration, "boot-proof") ? ["It proves over ssh what it runs from."] : [];
  switch (migration.change("instance")) {
    case "create":
      return [`A machine of the image is launched (${type}).`, ...proof];
    case "replace":
      return [
        `A machine of the new image is launched (${type}), in place of ${code(facts.machineId ?? "")}.`,
        ...proof,
      ];
    case "update":
      return [
        `The launched machine ${code(facts.machineId ?? "")} is changed; another type stops and starts it.`,
      ];
    default:
      return proof;
  }
}

interface Deletion {
  role: string;
  what: string;
  id?: string;
}

function deletions(migration: PreviewedMigration, facts: Facts): string[] {
  const wanted: Deletion[] = [
    { role: "instance", what: "the launched machine, with its root volume", id: facts.machineId },
    { role: "helper", what: "the helper, with its volumes", id: facts.helperId },
    { role: "image", what: "the image", id: facts.imageId },
    { role: "snapshot", what: "its snapshot", id: facts.snapshotId },
    {
      role: "source-snapshot",
      what: "the snapshot of its source",
      id: migration.child("source-snapshot")?.old?.id,
    },
  ];
  const gone = wanted.filter(({ role }) => isUnmade(migration, role));
  const stays = ({ role }: Deletion) => isKept(migration, role);
  return [
    ...listed(
      "Last of all, deleted",
      gone.filter((each) => !stays(each)),
    ),
    ...leftOver(migration),
    ...listed("Kept in EC2, but in no stack any more", gone.filter(stays)),
  ];
}

function listed(what: string, all: Deletion[]): string[] {
  return all.length === 0 ? [] : [`${what}: ${all.map(name).join("; ")}.`];
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

function name({ what, id }: Deletion): string {
  return id === undefined ? what : `${what} (${code(id)})`;
}

/** What stays although something is made anew. */
export function stayingOf(migration: PreviewedMigration, { imageId, machineId }: Facts): string[] {
  const { change } = migration;
  const machine = code(machineId ?? "");
  const hasImage = imageId !== undefined || change("image") !== undefined;
  const keeps = machineId !== undefined && (change("instance") ?? "same") === "same";
  return [
    ...(change("image") === "replace" && imageId !== undefined
      ? [
          `The image ${code(imageId)}, until the new one is there: an update that fails before leaves it alone.`,
        ]
      : []),
    ...(keeps && change("image") === "replace"
      ? [
          `The launched machine ${machine} keeps running what it was launched from (${code("launch.onNewImage")} is ${code("keep")}).`,
        ]
      : []),
    ...(change("helper") === "delete" && change("image") !== "delete" && hasImage
      ? [
          `The image${imageId === undefined ? "" : ` ${code(imageId)}`} and its snapshot${keeps ? `, and the launched machine ${machine}` : ""}.`,
        ]
      : []),
  ];
}
