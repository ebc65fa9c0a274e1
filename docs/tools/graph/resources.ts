/** The graph as the component registers it, reduced to what a reader has to see. */
import type { PvToHvmMigrationArgs } from "../../../components";
import { resourceRow } from "../../../components/resources";
import { ARGS, LAUNCHING, PREPARING, register, type Registered } from "../../../tests/components/mockEngine";

export interface Resource {
  /** Its name without the migration's. */
  role: string;
  /** Roles that it waits for. None of them is implied by another. */
  after: string[];
  /** Not there with the smallest arguments: an argument asks for it. */
  isOptional: boolean;
  /** Whatever would begin at once without it waits for it, which is said of it and not of each of those. */
  isGate: boolean;
}

/** A machine that runs, prepared and stopped for its snapshot, and an instance of the result: every child there can be. */
const MOST: PvToHvmMigrationArgs = { ...LAUNCHING, source: PREPARING.source };

/** The same, and nothing is stopped: then all that is made of the source's snapshot, and for it, waits for that. */
const RUNNING: PvToHvmMigrationArgs = {
  ...MOST,
  source: { ...PREPARING.source, stopFirst: false } as PvToHvmMigrationArgs["source"],
};

/**
 * Everything that a migration can have, in the order of registration. What a source is stopped and started by is drawn with
 * the order of a source that keeps running: that the helper comes first where one is stopped would hide the rest in arrows.
 */
export async function everyResource(most = MOST, running = RUNNING): Promise<Resource[]> {
  const smallest = waits((await register(ARGS)).registered);
  const plain = waits((await register(running)).registered);
  const all = waits((await register(most)).registered);
  const isOfSource = (role: string) => resourceRow(role)?.step === 1;
  const drawn = [...all].map(([role, before]): [string, string[]] => [
    role,
    isOfSource(role) ? before : (plain.get(role) ?? before),
  ]);
  return describe(smallest, new Map(drawn));
}

/** The resources of a graph, beside those of the smallest one: each role with the roles that it waits for. */
export function describe(smallest: Map<string, string[]>, all: Map<string, string[]>): Resource[] {
  const direct = new Map([...all.keys()].map((role) => [role, withoutImplied(role, all)]));
  const first = [...smallest].filter(([, before]) => before.length === 0).map(([role]) => role);
  const isGate = (role: string) => first.every((each) => direct.get(each)?.includes(role));
  return [...direct].map(([role, before]) => ({
    role,
    after: first.includes(role) ? before.filter((each) => !isGate(each)) : before,
    isOptional: !smallest.has(role),
    isGate: isGate(role),
  }));
}

function waits(registered: Registered[]): Map<string, string[]> {
  const role = (name: string) => name.replace(/^web-?/, "");
  const children = registered.filter(({ name }) => role(name) !== "");
  return new Map(
    children.map(({ name, dependsOn }) => [role(name), dependsOn.map(role).filter((each) => each !== "")]),
  );
}

/** What a resource waits for, less what it would wait for anyway, since something else that it waits for does. */
export function withoutImplied(role: string, all: Map<string, string[]>): string[] {
  const direct = all.get(role) ?? [];
  const implied = new Set(direct.flatMap((each) => [...everythingBefore(each, all)]));
  return direct.filter((each) => !implied.has(each));
}

function everythingBefore(role: string, all: Map<string, string[]>, found = new Set<string>()): Set<string> {
  for (const each of all.get(role) ?? []) {
    if (found.has(each)) continue;
    found.add(each);
    everythingBefore(each, all, found);
  }
  return found;
}
