import { strict as assert } from "node:assert";
import fc from "fast-check";
import { judge } from "../../sweep/judge";
import { type Deployment, readState } from "../../sweep/state";
import { ago, type Case, judges, on, OPTIONS, VOUCHING } from "./judging";
import { backend, deployment, id, inventory, item, STACK, WITNESS } from "./made";

/** A state that holds nothing of ours and names one of its ids among its inputs. */
function naming(short: string): Deployment {
  const resource = { urn: "urn:pulumi:prod::fleet::aws:x:Y::group", inputs: { imageId: id(short) } };
  return { resources: [resource] };
}

/** Who holds it. */
const HELD: Case[] = [
  {
    what: "a resource of the state",
    items: [item("vol-1")],
    backend: backend(deployment(["vol-1"])),
    expected: ["vol-1 held: in the state of images/prod: web-vol-1"],
  },
  {
    what: "a resource of a replaced generation that still waits to be deleted",
    items: [item("vol-1"), item("vol-2")],
    backend: backend(deployment(["vol-2", "vol-1"])),
    expected: [
      "vol-1 held: in the state of images/prod: web-vol-1",
      "vol-2 held: in the state of images/prod: web-vol-2",
    ],
  },
  {
    what: "a resource of another stack than the tag names: it was moved, or its stack renamed",
    items: [item("vol-1")],
    backend: backend(VOUCHING, {
      stacks: [
        readState({ name: `organization/${STACK}` }, VOUCHING),
        readState({ name: "organization/other/x" }, deployment(["vol-1"], {}, "other/x")),
      ],
    }),
    expected: ["vol-1 held: in the state of other/x: web-vol-1"],
  },
  {
    what: "the root volume of a helper that is held, which is no resource itself",
    items: [item("i-1"), item("vol-1", { role: "helper-root", attachment: on("i-1", true) })],
    backend: backend(deployment(["i-1"])),
    expected: [
      "i-1 held: in the state of images/prod: web-i-1",
      "vol-1 held: goes with i-1, in the state of images/prod: web-i-1",
    ],
  },
  {
    what: "an image that another program launches",
    items: [item("ami-1")],
    options: { images: true },
    backend: backend(VOUCHING, {
      stacks: [
        readState({ name: `organization/${STACK}` }, VOUCHING),
        readState({ name: "organization/fleet/prod" }, naming("ami-1")),
      ],
    }),
    expected: ["ami-1 held: named in the state of fleet/prod: group"],
  },
];

/** Whether its stack can be asked. */
const KNOWN: Case[] = [
  {
    what: "a stack that the backend does not show",
    items: [item("vol-1", { stack: "images/old" })],
    expected: [
      "vol-1 unknown: this backend shows no stack images/old: sweep where it is kept, or, if it is gone, with --gone images/old",
    ],
  },
  {
    what: "a stack whose state is empty",
    items: [item("vol-1")],
    backend: backend({}),
    expected: [
      "vol-1 keep: the state of images/prod holds nothing that is here: if it is the right one, sweep with --gone images/prod",
    ],
  },
  {
    what: "a state that holds something, but nothing of this account and region",
    items: [item("vol-1")],
    backend: backend(deployment(["vol-9", "ami-9"])),
    expected: [
      "vol-1 keep: the state of images/prod holds nothing that is here: if it is the right one, sweep with --gone images/prod",
    ],
  },
  {
    what: "the first update of a stack, whose state is still empty",
    items: [item("vol-1"), item("vol-2", { createdAt: ago(5), stack: "images/dev" })],
    backend: backend(
      {},
      {
        stacks: ["images/prod", "images/dev"].map((tag) => readState({ name: `organization/${tag}` }, {})),
        locks: { seen: true, held: [{ stack: STACK, file: "/l.json" }] },
      },
    ),
    expected: [
      "vol-1 wait: an update is under way; if it was killed, `pulumi cancel` takes its lock away (/l.json)",
      "vol-2 wait: younger than --older-than 3600s",
    ],
  },
  {
    what: "a tag without the project",
    items: [item("vol-1", { stack: "prod" })],
    options: { gone: ["prod"] },
    expected: ["vol-1 unknown: its tag does not name the project: look at it yourself"],
  },
  {
    what: "a stack that is named as gone",
    items: [item("vol-1", { stack: "images/old" })],
    options: { gone: ["images/old"] },
    expected: ["vol-1 remove: no stack holds it"],
  },
  {
    what: "another stack than the one that is named as gone",
    items: [item("vol-1", { stack: "images/older" })],
    options: { gone: ["images/old"] },
    expected: [
      "vol-1 unknown: this backend shows no stack images/older: sweep where it is kept, or, if it is gone, with --gone images/older",
    ],
  },
  {
    what: "a stack that holds something here",
    items: [item("vol-1")],
    expected: ["vol-1 remove: no stack holds it"],
  },
];

const CREATING = {
  pending_operations: [{ type: "creating", resource: { urn: "urn:pulumi:prod::images::a::web-helper" } }],
};
const LOCK = { stack: STACK, file: "/state/.pulumi/locks/organization/images/prod/1.json" };

/** Whether the state is the last word. */
const WAITING: Case[] = [
  {
    what: "a stack with a lock",
    items: [item("vol-1")],
    backend: backend(VOUCHING, { locks: { seen: true, held: [LOCK] } }),
    expected: [
      `vol-1 wait: an update is under way; if it was killed, \`pulumi cancel\` takes its lock away (${LOCK.file})`,
    ],
  },
  {
    what: "a lock in a folder of before projects, which names the stack alone",
    items: [item("vol-1")],
    backend: backend(VOUCHING, { locks: { seen: true, held: [{ stack: "prod", file: "/l.json" }] } }),
    expected: [
      "vol-1 wait: an update is under way; if it was killed, `pulumi cancel` takes its lock away (/l.json)",
    ],
  },
  {
    what: "another stack's lock",
    items: [item("vol-1")],
    backend: backend(VOUCHING, { locks: { seen: true, held: [{ ...LOCK, stack: "images/dev" }] } }),
    expected: ["vol-1 remove: no stack holds it"],
  },
  {
    what: "a stack that is named as gone, with a lock",
    items: [item("vol-1", { stack: "images/old" })],
    options: { gone: ["images/old"] },
    backend: backend(VOUCHING, { locks: { seen: true, held: [{ stack: "images/old", file: "/l.json" }] } }),
    expected: [
      "vol-1 wait: an update is under way; if it was killed, `pulumi cancel` takes its lock away (/l.json)",
    ],
  },
  {
    what: "an update that Pulumi's service tells of",
    items: [item("vol-1")],
    backend: backend(VOUCHING, {
      locks: { seen: false },
      stacks: [{ ...readState({ name: "acme/images/prod" }, VOUCHING), updateInProgress: true }],
    }),
    expected: ["vol-1 wait: an update of acme/images/prod is under way"],
  },
  {
    what: "a bucket's state with something in the making: its locks are not to be seen",
    items: [item("vol-1")],
    backend: backend({ ...VOUCHING, ...CREATING }, { locks: { seen: false } }),
    expected: [
      "vol-1 wait: the state of organization/images/prod says that web-helper is being made: once no update is under way, `pulumi refresh --clear-pending-creates`",
    ],
  },
  {
    what: "a folder's state with something in the making and no lock: the update was killed",
    items: [item("vol-1")],
    backend: backend({ ...VOUCHING, ...CREATING }),
    expected: ["vol-1 remove: no stack holds it"],
  },
  {
    what: "the service's state with something in the making and no update: it was killed",
    items: [item("vol-1")],
    backend: backend(VOUCHING, {
      locks: { seen: false },
      stacks: [
        { ...readState({ name: "acme/images/prod" }, { ...VOUCHING, ...CREATING }), updateInProgress: false },
      ],
    }),
    expected: ["vol-1 remove: no stack holds it"],
  },
  ...["pending", "creating", "stopping"].map((state) => ({
    what: `something that is ${state}`,
    items: [item("vol-1", { state })],
    expected: [`vol-1 wait: it is ${state}`],
  })),
];

/** Whether it is old enough. */
const AGES: Case[] = [
  {
    what: "a minute under the limit",
    items: [item("vol-1", { createdAt: ago(59) })],
    expected: ["vol-1 wait: younger than --older-than 3600s"],
  },
  {
    what: "the limit",
    items: [item("vol-1", { createdAt: ago(60) })],
    expected: ["vol-1 remove: no stack holds it"],
  },
  {
    what: "a clock that is behind EC2's",
    items: [item("vol-1", { createdAt: ago(-5) })],
    expected: ["vol-1 wait: younger than --older-than 3600s"],
  },
  {
    what: "a longer limit",
    items: [item("vol-1")],
    options: { olderThanSeconds: 2 * 86400 },
    expected: ["vol-1 wait: younger than --older-than 172800s"],
  },
  {
    what: "a group, by the youngest of its conversion",
    items: [item("vol-1"), item("vol-2", { createdAt: ago(5) }), item("sg-1")],
    expected: [
      "vol-1 remove: no stack holds it",
      "vol-2 wait: younger than --older-than 3600s",
      "sg-1 wait: younger than --older-than 3600s",
    ],
  },
  {
    what: "a group beside something young of another conversion",
    items: [item("vol-2", { createdAt: ago(5), conversion: "fedcba9876543210" }), item("sg-1")],
    expected: ["vol-2 wait: younger than --older-than 3600s", "sg-1 remove: no stack holds it"],
  },
];

describe("what a sweep decides", () => {
  for (const [title, cases] of Object.entries({ HELD, KNOWN, WAITING, AGES })) {
    describe(title.toLowerCase(), () => judges(cases));
  }

  it("never removes what any state holds or names, whatever the rest", () => {
    const anything = fc.record({
      held: fc.boolean(),
      images: fc.boolean(),
      locked: fc.boolean(),
      role: fc.constantFrom("helper", "source", "image", "snapshot", "access", undefined),
      short: fc.constantFrom("i-1", "vol-1", "ami-1", "snap-1", "sg-1"),
      hours: fc.integer({ min: 0, max: 1000 }),
    });
    fc.assert(
      fc.property(anything, ({ held, images, locked, role, short, hours }) => {
        const one = item(short, { role, createdAt: ago(hours * 60) });
        const known = backend(deployment(held ? [short, "ami-77"] : ["ami-77"]), {
          locks: { seen: true, held: locked ? [LOCK] : [] },
        });
        const options = { ...OPTIONS, images, olderThanSeconds: 0 };
        const [verdict] = judge(inventory([one, WITNESS]), known, options).filter(
          ({ item: { id: of } }) => of === one.id,
        );
        assert.equal(verdict.fate === "held", held);
        if (locked || role === undefined) assert.notEqual(verdict.fate, "remove");
      }),
    );
  });
});
