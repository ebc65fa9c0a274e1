/** What is to happen to a migration, in a line of Markdown. Pure. */
import { type ArgumentChange, NOT_KNOWN, tell } from "./changes";
import type { Facts } from "./facts";
import type { Happening, Reason } from "./happenings";
import { code } from "./markdown";
import { isKept, isUnmade, type PreviewedMigration } from "./migrations";
import { inOrder } from "./order";

/** Reasons that are told one by one; of more, how many there are. */
const MOST_REASONS = 6;

/** A line for all that happens; what matters most comes first. */
export function headline(migration: PreviewedMigration, happenings: Happening[], facts: Facts): string {
  if (happenings.length === 0) return nothing(migration);
  const only = happenings.length === 1;
  return happenings.map((happening) => phrase(happening, migration, facts, only)).join("; ");
}

function phrase(happening: Happening, migration: PreviewedMigration, facts: Facts, only: boolean): string {
  switch (happening.kind) {
    case "new":
      return `**new**: ${whatIsMade(migration, facts)}`;
    case "anew":
      return `**${anew(migration)}**, because ${reasons(happening.because)}`;
    case "goes on":
      return `**goes on at ${code(happening.at)}**, ${whyItGoesOn(happening.raised)}`;
    case "deleted":
      return `**deleted**${withItsImage(migration, facts)}`;
    case "workbench removed":
      return "**workbench removed**: helper and volumes go, the image stays";
    case "image registered anew":
      return `**image registered anew** from the same snapshot${because(happening.because)}`;
    case "machine":
      return machine(happening.change, happening.because, facts) + whereItStays(migration, "instance");
    case "workbench":
      return workbench(happening.after);
    case "tags":
      return only ? "**only tags** change" : "tags change";
    case "description":
      return only ? "**only the image's description** changes" : "the image's description changes";
    case "image deleted":
      return `**its image ${code(facts.imageId ?? "")} deleted**${whereItStays(migration, "image")}`;
    case "taken back":
      return `**taken back**: ${inOrder(happening.roles).map(code).join(", ")}`;
    case "besides":
      return `${inOrder(happening.roles).map(code).join(", ")} ${happening.change === "create" ? "made" : "made again"}`;
    case "in place":
      return `${code(happening.role)} changed in place${whatOfIt(happening.paths)}`;
    case "not known":
      return `${code(happening.role)}: ${code(happening.op)}, an operation that this version does not know`;
  }
}

/** Arguments may have changed all the same: they count from the next conversion on. */
function nothing({ component }: PreviewedMigration): string {
  return component?.op === "update"
    ? "nothing changes; what is new in its arguments counts from its next conversion on"
    : "nothing changes";
}

function whatIsMade({ change }: PreviewedMigration, { source }: Facts): string {
  const from = source === undefined ? "a source that is not known yet" : code(source);
  if (change("image") !== undefined) return `converts ${from} to an HVM image`;
  if (change("partition") !== undefined) return `converts and rehearses ${from}, without making an image`;
  if (change("inspect") !== undefined) return `inspects ${from}, and writes nothing`;
  return change("source-inspection") === undefined
    ? from
    : `asks ${from} over ssh what it is, and writes nothing`;
}

/** By how far it goes. */
function anew({ change }: PreviewedMigration): string {
  const isThere = (role: string) => change(role) !== undefined && change(role) !== "delete";
  if (isThere("image")) return "converted anew";
  return isThere("partition") ? "rehearsed anew" : "inspected anew";
}

function reasons(all: Reason[]): string {
  if (all.length === 0) return "something of it is to be made again (the preview does not say why)";
  const told = all.slice(0, MOST_REASONS).map(reason);
  const more = all.length - told.length;
  return [...told, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

function reason(each: Reason): string {
  if (each !== NOT_KNOWN && "gone" in each) return `its ${each.gone} is gone`;
  return tell(each);
}

function whyItGoesOn(raised: ArgumentChange | undefined): string {
  return raised === undefined ? "where an earlier run ended" : `because ${tell(raised)}`;
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

function machine(
  change: "create" | "update" | "replace" | "delete",
  why: ArgumentChange[],
  facts: Facts,
): string {
  const id = code(facts.machineId ?? "");
  switch (change) {
    case "create":
      return `**launches a machine** (${code(facts.newMachineType ?? "type not known")})`;
    case "replace":
      return `**launched machine ${id} replaced**`;
    case "delete":
      return `**launched machine ${id} deleted**`;
    case "update":
      return `**launched machine ${id} changed in place**: ${why.map(tell).join("; ")}`;
  }
}

function whatOfIt(paths: string[]): string {
  return paths.length === 0 ? " (the preview does not say what)" : `: ${paths.map(code).join(", ")}`;
}

function workbench(after: string | undefined): string {
  if (after === "running") return "**helper started**";
  return after === "stopped" ? "**helper stopped**" : "helper's state changed";
}

function because(changes: ArgumentChange[]): string {
  return changes.length === 0 ? "" : `, because ${changes.map(tell).join("; ")}`;
}
