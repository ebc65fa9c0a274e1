/** Which instances are made, replaced, changed and deleted. Pure. */
import { RESOURCES, rolesIn } from "../components/resources";
import { isTag } from "./changes";
import type { Facts } from "./facts";
import { code } from "../cli/markdown";
import { at } from "../cli/preview/preview";
import { type Change, isKept, isMade, isUnmade, type PreviewedMigration } from "../cli/preview/migrations";

const WORDS: Record<Exclude<Change, "same">, string> = {
  create: "made",
  replace: "replaced",
  update: "changed",
  delete: "deleted",
};

/** `helper replaced, launched machine made`, in the order in which it happens; empty where no instance is touched. */
export function machinesOf(migration: PreviewedMigration, { helperId, machineId }: Facts): string {
  return [
    ...(stopsSource(migration) ? ["source stopped and started"] : []),
    ...(startsSource(migration) ? ["source started"] : []),
    ...wordsOf(migration, "helper", helperId),
    ...poweredHelper(migration, helperId),
    ...wordsOf(migration, "instance", machineId),
  ].join(", ");
}

/** Whether the source is stopped for its snapshot. Where that is there already, the resource says that the source runs. */
export function stopsSource(migration: PreviewedMigration): boolean {
  return isMade(migration, "source-stop") && stateOf(migration, "source-stop") !== "running";
}

/** Whether it is started without having been stopped before: an earlier run may have left it stopped. */
export function startsSource(migration: PreviewedMigration): boolean {
  const isSet = ["source-stop", "source-start"].some((role) => isMade(migration, role));
  return isSet && !stopsSource(migration);
}

/** A helper that is there already, and started for further steps, stopped after them, or both. */
function poweredHelper(migration: PreviewedMigration, id = ""): string[] {
  const isSet = (role: string, state: string) => {
    const isTold = role === "workbench" ? migration.change(role) === "update" : isMade(migration, role);
    return isTold && stateOf(migration, role) === state;
  };
  const isThere = ["same", "update"].includes(migration.change("helper") ?? "");
  const pauses = isThere ? rolesIn("pause") : [];
  const words = [
    ...(["workbench", ...pauses].some((role) => isSet(role, "running")) ? ["started"] : []),
    ...(["workbench", ...pauses].some((role) => isSet(role, "stopped")) ? ["stopped"] : []),
  ];
  return words.length === 0 ? [] : [`helper ${code(id)} ${words.join(" and ")}`];
}

/** Whether a helper is stopped when all is done. */
export function restsAfterwards(migration: PreviewedMigration): boolean {
  return ["workbench", ...rolesIn("pause")].some(
    (role) => migration.change(role) !== "delete" && stateOf(migration, role) === "stopped",
  );
}

/** `running` or `stopped`: what a resource that starts or stops a machine will say. */
export function stateOf({ child }: PreviewedMigration, role: string): unknown {
  return at(child(role)?.new, "inputs.state");
}

function wordsOf(
  migration: PreviewedMigration,
  role: "helper" | "instance",
  id: string | undefined,
): string[] {
  const { change, child } = migration;
  const what = change(role);
  if (what === undefined || what === "same") return [];
  // Tags, which touch no machine.
  if (what === "update" && child(role)?.changed.every(isTag)) return [];
  const stays = isUnmade(migration, role) && isKept(migration, role) ? " (kept in EC2)" : "";
  const shown = id === undefined || what === "create" ? "" : ` ${code(id)}`;
  return [`${RESOURCES[role].called}${shown} ${WORDS[what]}${stays}`];
}
