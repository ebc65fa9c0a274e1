/** What becomes of a migration's conversion: new, made anew, gone on with, or its workbench removed. Pure. */
import { rolesIn, ROLES } from "../components/resources";
import { type ArgumentChange, argumentChanges, keyChanges, tell } from "./changes";
import type { Facts } from "./facts";
import { code } from "../cli/markdown";
import { isMade, isThere, type PreviewedMigration } from "../cli/preview/migrations";
import type { Happening } from "./outcomes";
import type { Step } from "../cli/preview/preview";

/** Reasons that are told one by one; of more, how many there are. */
const MOST_REASONS = 6;

/** Undefined where it stays as it is. */
export function conversionOf(migration: PreviewedMigration, facts: Facts): Happening | undefined {
  const { component, change } = migration;
  const raised = argumentChanges(migration).find(({ path }) => path === "until");
  if (component?.op === "create" && change("helper") !== "same") {
    return { outcome: "new", says: `**new**: ${whatIsMade(migration, facts)}` };
  }
  // A dry run that would prepare its source has no helper either, and no image.
  if (change("helper") === "delete" && !raised) {
    const says = "**workbench removed**: helper and volumes go, the image stays";
    return { outcome: "workbench removed", says };
  }
  if (isMadeAgain(migration)) {
    const says = `**${howFarAgain(migration)}**, because ${whyAgain(migration)}`;
    return { outcome: "converted anew", says };
  }
  return goingOn(migration, raised);
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

/** On another disk: everything behind it is made again. With the disk that there is, a conversion goes on. */
function isMadeAgain({ change }: PreviewedMigration): boolean {
  const isLost = change("destination") === "create" && change("image") === "replace";
  // A dry run that ends with a look at its source has no disk, and no helper.
  const isAskedAgain =
    change("source-program") === "replace" && [undefined, "delete"].includes(change("helper"));
  return change("destination") === "replace" || change("helper") === "replace" || isLost || isAskedAgain;
}

function howFarAgain(migration: PreviewedMigration): string {
  if (isThere(migration, "image")) return "converted anew";
  return isThere(migration, "partition") ? "rehearsed anew" : "inspected anew";
}

/** Inputs of its key, or something that is gone. */
function whyAgain(migration: PreviewedMigration): string {
  const key = keyChanges(migration);
  const workbench = argumentChanges(migration).filter(({ path }) => path === "workbench");
  const gone = ["helper", "destination"].filter((role) => migration.change(role) === "create");
  const all = [key, workbench.map(tell), gone.map((role) => `its ${role} is gone`)];
  const reasons = all.find(({ length }) => length > 0) ?? [];
  if (reasons.length === 0) return "something of it is to be made again (the preview does not say why)";
  const more = reasons.length - MOST_REASONS;
  return [...reasons.slice(0, MOST_REASONS), ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** Made without a sign of what an earlier run came to. */
const SILENT: string[] = [...rolesIn("access"), ...rolesIn("pause")];

/**
 * Where a migration goes on that an earlier run did not bring to its end. A launched machine alone is no step of that: it may
 * have been asked for later. Nor is a look at a source that has been copied, or an image of the same snapshot.
 */
function goingOn(migration: PreviewedMigration, raised: ArgumentChange | undefined): Happening | undefined {
  const { change, child } = migration;
  const steps = ROLES.slice(0, ROLES.indexOf("instance")).filter((role) => !SILENT.includes(role));
  const made = steps.filter((role) => isMade(migration, role));
  const looks: string[] = rolesIn("look");
  if (change("inspect") === "same" && made.every((role) => looks.includes(role))) return undefined;
  const [first] = made;
  const isSameSnapshot = change("image") === "replace" && !isOfAnotherSnapshot(child("image"));
  if (first === undefined || (first === "image" && isSameSnapshot)) return undefined;
  const why = raised === undefined ? "where an earlier run ended" : `because ${tell(raised)}`;
  return { outcome: "goes on", says: `**goes on at ${code(first)}**, ${why}` };
}

/** An image that is replaced for its snapshot: that is what its replacement trigger begins with. */
export function isOfAnotherSnapshot(image: Step | undefined): boolean {
  const [before, after] = [image?.old, image?.new].map((state) => state?.replacementTrigger);
  return Array.isArray(before) && Array.isArray(after) && before[0] !== after[0];
}
