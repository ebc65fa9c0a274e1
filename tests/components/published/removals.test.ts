import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { type Exported, removals, tellRemovals } from "../../../components/published/removals";
import { ARGS } from "../mockEngine";

const WAS: Exported = { imageId: "ami-1", snapshotId: "snap-1", instanceId: "i-1" };
const NO_INSTANCE: Exported = { imageId: "ami-1", snapshotId: "snap-1" };
const GONE = "web is no longer in the stack's configuration";
const KEEP =
  "To keep the image, put the entry back with keepImage: true, run pulumi up, and take it out then.";

type Entries = [name: string, args: PvToHvmMigrationArgs][];
const WEB: Entries = [["web", ARGS]];

const ROWS: [
  title: string,
  before: Record<string, Exported | undefined>,
  entries: Entries,
  formerNames: Record<string, string>,
  said: string[],
][] = [
  ["an entry that stays", { web: WAS }, WEB, {}, []],
  ["a stack without outputs", {}, WEB, {}, []],
  ["an entry that has published nothing", { web: {} }, [], {}, []],
  ["an output that is none of an entry's", { other: undefined }, [], {}, []],
  [
    "an entry that is taken out",
    { web: WAS },
    [],
    {},
    [`warn: ${GONE}: image ami-1, snapshot snap-1 and instance i-1 will be deleted. ${KEEP}`],
  ],
  [
    "one of two, without an instance",
    { web: NO_INSTANCE, shop: WAS },
    [["shop", ARGS]],
    {},
    [`warn: ${GONE}: image ami-1 and snapshot snap-1 will be deleted. ${KEEP}`],
  ],
  [
    "an entry with keepImage",
    { web: { ...WAS, keepImage: true } },
    [],
    {},
    [
      `warn: ${GONE}: image ami-1 and snapshot snap-1 stay in EC2 (keepImage), and the stack forgets them. ` +
        "instance i-1 will be deleted.",
    ],
  ],
  [
    "an entry with keepImage that has launched nothing",
    { web: { ...NO_INSTANCE, keepImage: true } },
    [],
    {},
    [`info: ${GONE}: image ami-1 and snapshot snap-1 stay in EC2 (keepImage), and the stack forgets them.`],
  ],
  [
    "an entry with protect, whatever else it has",
    { web: { ...WAS, protect: true, keepImage: true } },
    [],
    {},
    [
      `warn: ${GONE}, and had protect: image ami-1, snapshot snap-1 and instance i-1 cannot be deleted, so this update is ` +
        "refused. Put the entry back; to give it up, take protect back in an update of its own first.",
    ],
  ],
  ["an entry that another takes over", { web: WAS }, [["shop", ARGS]], { shop: "web" }, []],
  [
    "an entry whose protect stays",
    { web: { ...WAS, protect: true } },
    [["web", { ...ARGS, protect: true }]],
    {},
    [],
  ],
  ...[WEB, [["web", { ...ARGS, protect: false }]] as Entries].map((entries): (typeof ROWS)[number] => [
    `an entry whose protect is ${entries[0][1].protect === undefined ? "removed" : "set to false"}`,
    { web: { ...NO_INSTANCE, protect: true } },
    entries,
    {},
    [
      "warn: web: protect was taken back. After this update image ami-1 and snapshot snap-1 can be deleted: by a new " +
        "conversion, by taking the entry out, by pulumi destroy.",
    ],
  ]),
  [
    "an entry that is renamed and loses its protect",
    { web: { imageId: "ami-1", protect: true } },
    [["shop", ARGS]],
    { shop: "web" },
    [
      "warn: shop: protect was taken back. After this update image ami-1 can be deleted: by a new conversion, by taking the " +
        "entry out, by pulumi destroy.",
    ],
  ],
];

describe("what a stack's configuration takes away is said in a sentence:", () => {
  for (const [title, before, entries, formerNames, said] of ROWS) {
    it(title, () => {
      const lines = removals(before, entries, formerNames).map(({ level, text }) => `${level}: ${text}`);
      assert.deepEqual(lines, said);
    });
  }

  /** The lines that are said where the engine knows the stack's outputs by this name alone. */
  async function told(known: string): Promise<string[]> {
    const call = ({ token, inputs }: pulumi.runtime.MockCallArgs) => {
      if (token !== "pulumi:pulumi:readStackOutputs" || inputs.name !== known)
        throw new Error("unknown stack");
      return { name: known, outputs: { web: NO_INSTANCE } };
    };
    const newResource = () => ({ id: "", state: {} });
    await pulumi.runtime.setMocks({ newResource, call }, "pv-to-hvm", "prod", false, "organization");
    const lines: string[] = [];
    const { warn } = pulumi.log;
    Object.assign(pulumi.log, { warn: async (text: string) => void lines.push(text) });
    try {
      await tellRemovals([], {});
    } finally {
      Object.assign(pulumi.log, { warn });
    }
    return lines;
  }

  it("by the outputs that the engine has of this stack, by its whole name or its short one", async () => {
    const expected = [`${GONE}: image ami-1 and snapshot snap-1 will be deleted. ${KEEP}`];
    assert.deepEqual(await told("organization/pv-to-hvm/prod"), expected);
    assert.deepEqual(await told("prod"), expected);
  });

  it("nothing where the engine has none", async () => {
    assert.deepEqual(await told("another"), []);
  });
});
