/** The report's last lines: what stays as it is, what else changes, what could not be told. Pure. */
import { notesOf } from "./alerts";
import { code } from "./markdown";
import { otherSteps, tellOthers } from "./others";
import { type Preview, showsSames } from "./preview";
import { PRICES_OF } from "./prices";
import type { Story } from "./story";
import { hasFailed } from "./summary";
import { unshownMigrations } from "./unshown";

const MOST_NAMES = 200;

const ESTIMATES =
  "<sub>How long and what it costs are estimates, not promises: EC2 promises no speed, the range is from an idle disk's to a " +
  `cold one's, and prices are those of us-east-1 on demand, written down in ${PRICES_OF}. A month has 730 hours; a snapshot ` +
  "holds no blank blocks and may cost less.</sub>";

const WITHOUT_SAMES =
  "What stays as it is was not asked for (`--show-sames`): what it costs is not counted, and not all of it is named.";

/** `stories`: of all migrations that the preview names. */
export function tailOf(preview: Preview, stories: Story[]): string[] {
  const others = tellOthers(
    otherSteps(
      preview,
      stories.map(({ migration }) => migration),
    ),
  );
  const isEstimated = stories.some(({ duration, cost }) => duration !== undefined || cost !== undefined);
  return [
    ...unchangedOnes(preview, stories),
    ...(others === undefined ? [] : [others]),
    ...(isEstimated && !showsSames(preview) && stories.some(isPartlyShown) ? [WITHOUT_SAMES] : []),
    ...notesOf(preview),
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
  const isNoted = ({ headline }: Story) => headline !== "nothing changes";
  const unshown = unshownMigrations(preview, stories);
  const names = shown.filter((story) => !isNoted(story)).map(({ name }) => name);
  return [
    ...shown.filter(isNoted).map(({ name, headline }) => `${code(name)}: ${headline}.`),
    ...listed("Nothing changes", hasFailed(preview) ? names : [...names, ...unshown]),
    ...listed(
      "Not told, since the preview failed",
      hasFailed(preview) ? unshown.filter((name) => !isToldAsRefused(preview, name)) : [],
    ),
  ];
}

/** A program that is refused begins nothing: what is wrong stands below the migration's name in an error, and no step names it. */
function isToldAsRefused({ diagnostics }: Preview, name: string): boolean {
  return diagnostics.some(
    ({ severity, message }) =>
      severity === "error" &&
      message
        .replace(/^error: /, "")
        .split("\n")
        .some((line) => line.startsWith(`${name}: `)),
  );
}

function listed(what: string, names: string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - MOST_NAMES;
  const told = [...names.slice(0, MOST_NAMES).map(code), ...(more > 0 ? [`${more} more`] : [])];
  return [`${what}: ${told.join(", ")}.`];
}
