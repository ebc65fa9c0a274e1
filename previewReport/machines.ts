/** Which instances are made, replaced, changed and deleted. Pure. */
import type { Facts } from "./facts";
import { code } from "./markdown";
import { BETWEEN, STOPS } from "./order";
import { at } from "./preview";
import { type Change, isKept, isMade, isUnmade, type PreviewedMigration } from "./migrations";

const WORDS: Record<Exclude<Change, "same">, string> = {
  create: "made",
  replace: "replaced",
  update: "changed",
  delete: "deleted",
};

/** `helper replaced, launched machine made`, in the order in which it happens; empty where no instance is touched. */
export function machinesOf(migration: PreviewedMigration, facts: Facts): string {
  const source = [
    ...(stopsSource(migration) ? ["source stopped and started"] : []),
    ...(startsSource(migration) ? ["source started"] : []),
  ];
  const helper = [
    ...wordsOf(migration, "helper", "helper", facts.helperId),
    ...started(migration, facts.helperId),
  ];
  const launched = wordsOf(migration, "instance", "launched machine", facts.machineId);
  return [...source, ...helper, ...launched].join(", ");
}

/** Whether the source is stopped for its snapshot. Where that is there already, the resource says that the source runs. */
export function stopsSource(migration: PreviewedMigration): boolean {
  return (
    isMade(migration, "source-stop") && at(migration.child("source-stop")?.new, "inputs.state") !== "running"
  );
}

/** Whether it is started without having been stopped before: an earlier run may have left it stopped. */
export function startsSource(migration: PreviewedMigration): boolean {
  const isSet = ["source-stop", "source-start"].some((role) => isMade(migration, role));
  return isSet && !stopsSource(migration);
}

/** A helper that is there already, and started or stopped. */
function started(migration: PreviewedMigration, id: string | undefined): string[] {
  const { change, child } = migration;
  const state = at(child("workbench")?.new, "inputs.state");
  const isSet = change("workbench") === "update" && (state === "running" || state === "stopped");
  const words = isSet ? [`${state === "running" ? "started" : "stopped"}`] : startedBetween(migration);
  return words.length === 0 ? [] : [`helper ${code(id ?? "")} ${words.join(" and ")}`];
}

/** A helper that is there is started for further steps and stopped after them, or stopped after an inspection alone. */
function startedBetween(migration: PreviewedMigration): string[] {
  if (migration.change("helper") !== "same" && migration.change("helper") !== "update") return [];
  return [
    ...(isMade(migration, "helper-start") ? ["started"] : []),
    ...(BETWEEN.some((role) => isMade(migration, role) && isStopped(migration, role)) ? ["stopped"] : []),
  ];
}

/** Whether a helper is stopped when all is done. */
export function restsAfterwards(migration: PreviewedMigration): boolean {
  const { change } = migration;
  return STOPS.some((role) => change(role) !== "delete" && isStopped(migration, role));
}

function isStopped({ child }: PreviewedMigration, role: string): boolean {
  return at(child(role)?.new, "inputs.state") === "stopped";
}

function wordsOf(
  migration: PreviewedMigration,
  role: string,
  called: string,
  id: string | undefined,
): string[] {
  const { change, child } = migration;
  const what = change(role);
  if (what === undefined || what === "same") return [];
  // Tags, which touch no machine.
  if (what === "update" && child(role)?.changed.every((path) => /(^|\.)tags/.test(path))) return [];
  const stays = isUnmade(migration, role) && isKept(migration, role) ? " (kept in EC2)" : "";
  return [`${called}${id === undefined || what === "create" ? "" : ` ${code(id)}`} ${WORDS[what]}${stays}`];
}
