/** Which arguments are part of a conversion's key, by asking what makes the key. */
import type { PvToHvmMigrationArgs } from "../../../components";
import { keyInputs } from "../../../components/key";
import type { Section } from "./tree";

/** The paths of all arguments of which `keyInputs` makes an entry when every argument is given. */
export function keyNames(sections: Section[]): Set<string> {
  const all: Record<string, unknown> = {};
  for (const { title, arguments: members } of sections) {
    for (const { name } of members) place(all, [...title.split(".").filter(Boolean), name]);
  }
  return new Set(keyInputs(all as unknown as PvToHvmMigrationArgs).map(({ name }) => name));
}

function place(into: Record<string, unknown>, [first, ...rest]: string[]): void {
  if (rest.length === 0) {
    into[first] ??= "given";
    return;
  }
  if (typeof into[first] !== "object") into[first] = {};
  place(into[first] as Record<string, unknown>, rest);
}
