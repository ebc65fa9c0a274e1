/** The report's last lines: what stays as it is, what else changes, what could not be told. Pure. */
import { code, named } from "../cli/markdown";
import { changeOf } from "../cli/preview/migrations";
import { type Preview, showsSames } from "../cli/preview/preview";
import { PRICES_OF } from "../cli/prices";
import type { Story } from "./story";
import { hasFailed } from "./summary";
import { byOperation, otherSteps, unshownMigrations } from "./unshown";

const MOST_MIGRATIONS = 200;
const MOST_OTHERS = 8;

const ESTIMATES =
  "<sub>How long and what it costs are estimates, not promises: EC2 promises no speed, the range is from an idle disk's to a " +
  `cold one's, and prices are those of us-east-1 on demand, written down in ${PRICES_OF}. A month has 730 hours; a snapshot ` +
  "holds no blank blocks and may cost less.</sub>";

const WITHOUT_SAMES =
  "What stays as it is was not asked for (`--show-sames`): what it costs is not counted, and not all of it is named.";

/** `stories`: of all migrations that the preview names. */
export function tailOf(preview: Preview, stories: Story[]): string[] {
  const isEstimated = stories.some(({ duration, cost }) => duration !== undefined || cost !== undefined);
  return [
    ...unchangedOnes(preview, stories),
    ...others(preview, stories),
    ...(isEstimated && !showsSames(preview) && stories.some(isPartlyShown) ? [WITHOUT_SAMES] : []),
    ...notUnderstood(preview),
    ...(isEstimated ? [ESTIMATES] : []),
  ];
}

/** It has something that the preview does not name. */
function isPartlyShown({ outcome, migration, facts }: Story): boolean {
  const { imageId, helperId, machineId } = facts;
  const known = { image: imageId, helper: helperId, instance: machineId };
  const hidden = Object.entries(known).filter(([role, id]) => id !== undefined && !migration.change(role));
  return outcome !== "refused" && hidden.length > 0;
}

function unchangedOnes(preview: Preview, stories: Story[]): string[] {
  const shown = stories.filter(({ outcome }) => outcome === "unchanged");
  const noted = shown.filter(({ headline }) => headline !== "nothing changes");
  const names = shown.filter((story) => !noted.includes(story)).map(({ name }) => name);
  const unshown = unshownMigrations(preview, stories);
  const untold = unshown.filter((name) => !isToldAsRefused(preview, name));
  return [
    ...noted.map(({ name, headline }) => `${code(name)}: ${headline}.`),
    ...listed("Nothing changes", hasFailed(preview) ? names : [...names, ...unshown]),
    ...(hasFailed(preview) ? listed("Not told, since the preview failed", untold) : []),
  ];
}

/** A program that is refused begins nothing: what is wrong stands below the migration's name in an error, and no step names it. */
function isToldAsRefused({ diagnostics }: Preview, name: string): boolean {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .flatMap(({ message }) => message.replace(/^error: /, "").split("\n"))
    .some((line) => line.startsWith(`${name}: `));
}

function listed(what: string, names: string[]): string[] {
  return names.length === 0 ? [] : [`${what}: ${named(names, MOST_MIGRATIONS)}.`];
}

/** `Besides the migrations: 2 to create (bucket, role), 1 to delete (queue).` */
function others(preview: Preview, stories: Story[]): string[] {
  const steps = otherSteps(
    preview,
    stories.map(({ migration }) => migration),
  );
  const counted = byOperation(steps).map(([op, all]) => {
    const names = all.map(({ name }) => name);
    return `${names.length} to ${op} (${named(names, MOST_OTHERS)})`;
  });
  return counted.length === 0 ? [] : [`Besides the migrations: ${counted.join(", ")}.`];
}

/** What this version could not make sense of. */
function notUnderstood({ steps, unknownFields }: Preview): string[] {
  const unknown = byOperation(steps.filter((step) => changeOf(step) === undefined));
  const ops = unknown.map(([op, all]) => `${op} (${all.length})`).join(", ");
  const fields = unknownFields.map(code).join(", ");
  const newer = `The preview comes from a newer engine: this version does not know the operations ${ops}. What they do is not told here.`;
  const left = `The preview has fields that this version does not know: ${fields}. They were left out.`;
  return [...(ops === "" ? [] : [newer]), ...(fields === "" ? [] : [left])];
}
