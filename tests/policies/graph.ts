/** What the graph really is made of, over all shapes that arguments can give it: types, look-ups, what may change in place. */
import type { PvToHvmMigrationArgs } from "../../components";
import { IDS } from "../components/ec2";
import {
  ANSWERS,
  LAUNCHING,
  PREPARING,
  register,
  type Registered,
  type World,
} from "../components/mockEngine";
import { publishedImage, worldWith } from "../components/published/publishedImages";
import { LOOKUPS, RESOURCES, WITHOUT_AWS } from "./operations";

/** The EC2 actions that a set of migrations needs, sorted. */
export interface Needs {
  /** Of look-ups, and of reading what is there: a preview with `--refresh`. */
  reads: string[];
  /** What an update or a destroy does besides. */
  changes: string[];
  /** What it does to a volume or an instance that no migration has made. */
  sourceChanges: string[];
}

const EVERYTHING: PvToHvmMigrationArgs = {
  ...LAUNCHING,
  launch: { ...LAUNCHING.launch!, securityGroupIds: ["sg-0ffffffffffffffff"], keyName: "operations" },
  destination: { sizeGb: 20, kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/1" },
  image: { description: "The old web server, as HVM" },
  tags: { owner: "operations" },
};

/** Every shape of the graph. */
export const VARIANTS: [title: string, args: PvToHvmMigrationArgs, world?: World][] = [
  ["an image", EVERYTHING],
  ["a snapshot", { ...EVERYTHING, source: { snapshotId: IDS.snapshot } }],
  ["a volume", { ...EVERYTHING, source: { volumeId: IDS.root } }],
  ["a running instance", { ...EVERYTHING, source: { instanceId: IDS.instance } }],
  ["an instance that is prepared and stopped", { ...EVERYTHING, source: PREPARING.source }],
  ["a helper that goes on running", { ...EVERYTHING, workbench: "running" }],
  ["an inspection alone", { ...EVERYTHING, until: "inspect" }],
  ["a rehearsal that is skipped", { ...EVERYTHING, rehearsal: { skip: true } }],
  ["a removed workbench", { ...LAUNCHING, workbench: "removed" }, worldWith([publishedImage()])],
];

/** Roles of children that act on a source of the user's own, and how. */
const ON_SOURCES: { [role: string]: string[] } = {
  "source-snapshot": ["CreateSnapshot"],
  "source-stop": ["StopInstances"],
  "source-start": ["StartInstances"],
};

/** Starts or stops an instance, whosever it is. */
const STATE = "aws:ec2transitgateway/instanceState:InstanceState";

/** Registers every variant, and says what they need together. */
export async function needsOfAll(variants = VARIANTS): Promise<Needs> {
  const tokens = new Set<string>();
  const registered: Registered[] = [];
  for (const [, args, world] of variants) {
    registered.push(...(await register(args, recording(tokens, world))).registered);
  }
  const resources = registered.filter(({ type }) => !WITHOUT_AWS.some((prefix) => type.startsWith(prefix)));
  const reads = sorted([
    ...[...tokens].flatMap((token) => rowOf(LOOKUPS, token)),
    ...resources.flatMap(({ type }) => rowOf(RESOURCES, type).read),
  ]);
  const ours = resources.filter(({ name, type }) => !(type === STATE && roleOf(name) in ON_SOURCES));
  return {
    reads,
    changes: sorted(ours.flatMap(changesOf).filter((action) => !reads.includes(action))),
    sourceChanges: sorted(resources.flatMap(({ name }) => ON_SOURCES[roleOf(name)] ?? [])),
  };
}

/** What creating, changing in place and deleting it call. */
function changesOf(resource: Registered): string[] {
  const { create, delete: remove } = rowOf(RESOURCES, resource.type);
  return [...create, ...updatesOf(resource), ...remove];
}

/** What may be called to change inputs in place: frozen ones (`ignoreChanges`) never change. */
export function updatesOf({ type, name, inputs, ignoreChanges }: Registered): string[] {
  const { update } = rowOf(RESOURCES, type);
  return inputNames(inputs)
    .filter((input) => !ignoreChanges.includes(input))
    .flatMap((input) => {
      if (update[input] === undefined) throw new Error(`${name}: ${type} has no row for its input ${input}`);
      return update[input];
    });
}

/** The blocks of an instance by their parts, as `ignoreChanges` names them. */
function inputNames(inputs: Registered["inputs"]): string[] {
  return Object.entries(inputs)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) =>
      name === "rootBlockDevice" ? Object.keys(value as object).map((part) => `${name}.${part}`) : [name],
    );
}

function recording(tokens: Set<string>, { calls, states }: World = {}): World {
  const all = Object.entries({ ...ANSWERS, ...calls });
  const recorded = all.map(([token, answer]): [string, typeof answer] => [
    token,
    (args) => (tokens.add(token), answer(args)),
  ]);
  return { states, calls: Object.fromEntries(recorded) };
}

function roleOf(name: string): string {
  return name.replace(/^web-?/, "");
}

function rowOf<T>(table: { [name: string]: T }, name: string): T {
  if (!Object.hasOwn(table, name)) throw new Error(`${name}: tests/policies/operations.ts has no row for it`);
  return table[name];
}

/** Sorted, each once. */
export function sorted(names: string[]): string[] {
  return [...new Set(names)].sort();
}
