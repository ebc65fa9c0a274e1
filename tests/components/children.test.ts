/** Every child of a migration as the engine is asked for it: what changes here makes a diff in stacks that are finished. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { format } from "prettier";
import type { PvToHvmMigrationArgs } from "../../components";
import { CLASSES } from "../../components/steps/child";
import { RESOURCES, ROLES } from "../../components/resources";
import { VARIANTS } from "../policies/graph";
import { assertGolden } from "./golden";
import { ARGS, LAUNCHING, PREPARING, register, type Registered } from "./mockEngine";

/** Shapes and options beside those that ask something else of EC2. */
const MORE: typeof VARIANTS = [
  ["until rehearse", { ...LAUNCHING, until: "rehearse" }],
  ["a dry run of a preparation", { ...PREPARING, until: "inspect" }],
  ["a running instance that is looked at and not prepared", { ...PREPARING, source: withoutPreparation() }],
  ["an image that says what it is", { ...ARGS, image: { name: "old-web", description: "old", ena: false } }],
  ["protected and kept", { ...LAUNCHING, protect: true, keepImage: true }],
  ["a launch that follows the image", { ...ARGS, launch: { ...LAUNCHING.launch!, onNewImage: "replace" } }],
  ["limits of its own", { ...LAUNCHING, source: PREPARING.source, timeouts: limits() }],
  ["a disk whose size is asked for", { ...ARGS, destination: { sizeGb: 40, grow: true, layout: "gpt" } }],
];

function withoutPreparation(): PvToHvmMigrationArgs["source"] {
  return { ...PREPARING.source, prepare: false, stopFirst: false } as PvToHvmMigrationArgs["source"];
}

function limits() {
  return {
    helperSeconds: 2001,
    stepSeconds: 2002,
    snapshotSeconds: 2003,
    imageSeconds: 2004,
    launchSeconds: 2005,
  };
}

type Fields = Record<string, unknown>;

/** A child as it is registered, and the shapes of the graph that have it just so. */
interface Recorded {
  in: string[];
  child: Fields;
}

/** By role and by what is registered of it: most children are the same in most shapes. */
async function recordAll(variants: typeof VARIANTS): Promise<Map<string, Recorded[]>> {
  const all = new Map<string, Recorded[]>();
  for (const [title, args, world] of variants) {
    const { registered } = await register(args, world);
    const children = registered.filter(({ parent }) => parent === "web");
    for (const each of children) note(all, title, each);
  }
  return all;
}

function note(
  all: Map<string, Recorded[]>,
  title: string,
  { name, type, inputs, ...options }: Registered,
): void {
  const role = name.replace(/^web-/, "");
  const known = all.get(role) ?? [];
  const child = shorten({ resource: type, ...options, ...inputs }) as Fields;
  const same = known.find((each) => JSON.stringify(each.child) === JSON.stringify(child));
  if (same) same.in.push(title);
  else all.set(role, [...known, { in: [title], child }]);
}

/** What is said of one is left out of those after it, where it is the same there. */
function differences([first, ...rest]: Recorded[]): object[] {
  const isOther = (child: Fields, field: string) =>
    JSON.stringify(child[field]) !== JSON.stringify(first.child[field]);
  const fields = ({ child }: Recorded) => [...new Set([...Object.keys(first.child), ...Object.keys(child)])];
  return [
    { in: first.in, ...first.child },
    ...rest.map((each) => ({
      in: each.in,
      ...Object.fromEntries(
        fields(each)
          .filter((field) => isOther(each.child, field))
          .map((field) => [field, each.child[field] ?? null]),
      ),
    })),
  ];
}

/** Within a text: of the converter, or of the program for live sources. */
const DIGEST = /(?<=.)\b[0-9a-f]{16}\b/g;
/** Of the program for live sources: it grows with each change to it. */
const SIZES = /(?<=-eq )\d+|\d+(?= KiB\b)/g;
const ROOT = join(__dirname, "..", "..", "/");

/** Texts of several lines, and what each build makes anew, have tests of their own. */
function shorten(value: unknown): unknown {
  if (typeof value === "string") {
    const [line, ...more] = value
      .replace(DIGEST, "DIGEST")
      .replace(SIZES, "SIZE")
      .replace(ROOT, "")
      .split("\n");
    return more.length > 0 ? `${line} …` : line;
  }
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, shorten(each)]));
}

describe("every child of a migration", () => {
  let all: Map<string, Recorded[]>;
  before(async function () {
    this.timeout(600_000);
    all = await recordAll([...VARIANTS, ...MORE]);
  });

  it("is asked of the engine as it was by the versions before", async () => {
    const roles = [...all].sort(([a], [b]) => (a < b ? -1 : 1));
    const shown = roles.map(([role, recorded]): [string, object[]] => [role, differences(recorded)]);
    const text = JSON.stringify(Object.fromEntries(shown));
    assertGolden("children.json", await format(text, { parser: "json", printWidth: 110 }));
  });

  it("stands in the table, and the table has no other", () => {
    assert.deepEqual([...all.keys()].sort(), [...ROLES].sort());
  });

  it("is of the type that the table has", () => {
    for (const [type, made] of Object.entries(CLASSES))
      assert.equal((made as unknown as { __pulumiType: string }).__pulumiType, type);
    for (const role of ROLES) {
      const types = (all.get(role) ?? []).map(({ child }) => child.resource);
      assert.deepEqual([...new Set(types)], [RESOURCES[role].type], role);
    }
  });
});
