/** Which instances are made, replaced, changed and deleted. Pure. */
import type { Facts } from "./facts";
import { code } from "./markdown";
import { at } from "./preview";
import type { Change, PreviewedMigration } from "./migrations";

const WORDS: Record<Exclude<Change, "same">, string> = {
  create: "made",
  replace: "replaced",
  update: "changed",
  delete: "deleted",
};

/** `helper replaced, launched machine made`, in the order in which it happens; empty where no instance is touched. */
export function machinesOf(migration: PreviewedMigration, facts: Facts): string {
  const stopped = migration.change("source-stop") === "create" ? ["source stopped and started"] : [];
  const helper = [
    ...wordsOf(migration, "helper", "helper", facts.helperId),
    ...started(migration, facts.helperId),
  ];
  const launched = wordsOf(migration, "instance", "launched machine", facts.machineId);
  return [...stopped, ...helper, ...launched].join(", ");
}

/** A helper that is there already, and started or stopped. */
function started({ change, child }: PreviewedMigration, id: string | undefined): string[] {
  const state = at(child("workbench")?.new, "inputs.state");
  if (change("workbench") !== "update" || (state !== "running" && state !== "stopped")) return [];
  return [`helper ${code(id ?? "")} ${state === "running" ? "started" : "stopped"}`];
}

function wordsOf(
  { change, child }: PreviewedMigration,
  role: string,
  called: string,
  id: string | undefined,
): string[] {
  const what = change(role);
  if (what === undefined || what === "same") return [];
  // Tags, which touch no machine.
  if (what === "update" && child(role)?.changed.every((path) => /(^|\.)tags/.test(path))) return [];
  return [`${called}${id === undefined || what === "create" ? "" : ` ${code(id)}`} ${WORDS[what]}`];
}
