/** Several migrations of one program: nothing of any is made while anything is wrong with one. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import stackProgram from "../../../index";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../../../components";
import { ec2Error, IDS } from "../ec2";
import { ANSWERS, ARGS, type World } from "../mockEngine";
import { type Ended, run } from "./programs";

const RIGHT: PvToHvmMigrationArgs = { ...ARGS, until: "inspect" };
const GONE = "ami-00000000000000009";

/** What can be wrong: an argument by itself, or by what EC2 says of it. */
const WRONG: Record<string, { args: PvToHvmMigrationArgs; says: RegExp }> = {
  "an argument": {
    args: { ...RIGHT, helper: { ...ARGS.helper, allowedCidrs: ["0.0.0.0/0"] } },
    says: /^ {2}helper\.allowedCidrs\[0\]: 0\.0\.0\.0\/0 lets strangers reach/m,
  },
  "a look-up": {
    args: { ...RIGHT, source: { imageId: GONE } },
    says: /^ {2}source\.imageId: image ami-00000000000000009 is not to be found/m,
  },
};

const WORLD: World = {
  calls: {
    "aws:ec2/getAmi:getAmi": (args) => {
      if (JSON.stringify(args).includes(GONE)) throw ec2Error("Your query returned no results.");
      return ANSWERS["aws:ec2/getAmi:getAmi"](args);
    },
  },
};

type Entries = [name: string, args: PvToHvmMigrationArgs][];

/** A program of one's own, and the stack program. */
const PROGRAMS: Record<string, (entries: Entries) => Promise<Ended>> = {
  "a program": (entries) =>
    run(async () => {
      const migrations = entries.map(([name, args]) => new PvToHvmMigration(name, args));
      return migrations.map(({ conversionKey }) => conversionKey);
    }, WORLD),
  "a stack": (entries) => run(stackProgram, WORLD, { migrations: Object.fromEntries(entries) }),
};

function entriesWith(count: number, wrongAt: number, args: PvToHvmMigrationArgs): Entries {
  return Array.from({ length: count }, (_, at) => [`web${at}`, at === wrongAt ? args : RIGHT]);
}

describe("nothing is made while anything is wrong:", function () {
  this.timeout(120_000);

  for (const [program, runWith] of Object.entries(PROGRAMS)) {
    for (const [kind, { args, says }] of Object.entries(WRONG)) {
      for (const count of [1, 3, 100]) {
        for (const at of new Set([0, Math.floor(count / 2), count - 1])) {
          it(`${program} of ${count} with ${kind} wrong in number ${at + 1}`, async () => {
            const { messages, registered } = await runWith(entriesWith(count, at, args));
            assert.equal(messages.length, 1, messages.join("\n"));
            assert.match(messages[0], new RegExp(`^web${at}: one problem, nothing was created\\.\\n`));
            assert.match(messages[0], says);
            const others = /^(.*?):? are in order, and were not begun\.$/m.exec(messages[0]);
            const two = [0, 1, 2].filter((number) => number !== at).map((number) => `web${number}`);
            const expected = { 1: undefined, 3: two.join(", ") };
            assert.equal(
              others?.[1],
              count in expected ? expected[count as 1 | 3] : "The other 99 migrations of this program",
            );
            assert.deepEqual(registered, []);
          });
        }
      }
    }

    it(`${program} tells of all that are wrong, by migration, arguments and look-ups alike`, async () => {
      const { messages, registered } = await runWith([
        ["a", WRONG["a look-up"].args],
        ["b", RIGHT],
        ["c", WRONG["an argument"].args],
        ["d", { ...WRONG["an argument"].args, until: "never" as "inspect" }],
      ]);
      assert.equal(messages.length, 1);
      const starts = messages[0].split("\n").map((line) => line.split(/[:.] /)[0]);
      assert.deepEqual(starts, [
        ...["a", "  source.imageId", "c", "  helper.allowedCidrs[0]"],
        ...["d", "  helper.allowedCidrs[0]", "  until"],
        "b",
      ]);
      assert.deepEqual(registered, []);
    });

    it(`${program} is made where all are right, one after the other`, async () => {
      const { messages, registered } = await runWith(entriesWith(3, -1, RIGHT));
      assert.deepEqual(messages, []);
      for (const name of ["web0", "web1", "web2"]) {
        assert.ok(registered.includes(name) && registered.includes(`${name}-inspect`), registered.join());
      }
      assert.equal(registered.length, 3 * 12);
    });
  }

  it("a stack whose last one has a key that nobody knows, beside others that are wrong", async () => {
    const migrations = {
      a: WRONG["a look-up"].args,
      b: RIGHT,
      c: { ...RIGHT, destinaton: { sizeGb: 9 } },
      d: null,
    };
    const { messages, registered } = await run(stackProgram, WORLD, { migrations });
    assert.equal(messages.length, 1);
    assert.match(messages[0], /^a: one problem, nothing was created\.\n {2}source\.imageId/m);
    assert.match(messages[0], /^ {2}migrations\.c\.destinaton: is not known\. Did you mean destination\?/m);
    assert.match(messages[0], /^ {2}migrations\.d: must be an object, got null\./m);
    assert.deepEqual(registered, []);
  });

  it("a stack in lanes: what is wrong with the last is found out without waiting for the helpers before", async () => {
    const entries = Object.fromEntries(entriesWith(5, 4, WRONG["a look-up"].args));
    const { messages, registered } = await run(stackProgram, WORLD, {
      migrations: entries,
      helpersAtOnce: 1,
    });
    assert.match(messages.join(), /^web4: one problem/);
    assert.deepEqual(registered, []);
  });

  it("a program that waits between two migrations", async () => {
    const { messages, registered } = await run(async () => {
      new PvToHvmMigration("a", RIGHT);
      await new Promise((resolve) => setTimeout(resolve, 30));
      new PvToHvmMigration("b", WRONG["an argument"].args);
    }, WORLD);
    assert.match(messages.join(), /^b: one problem, nothing was created/);
    assert.deepEqual(registered, []);
  });

  it("whatever a program hangs on a refused migration ends with the same error", async () => {
    const { messages, registered } = await run(async () => {
      const migration = new PvToHvmMigration("a", RIGHT);
      new PvToHvmMigration("b", WRONG["an argument"].args);
      new Thing("below", {}, { parent: migration });
      new Thing("later", {}, { dependsOn: [migration] });
      new Thing("using", { imageId: migration.imageId });
    }, WORLD);
    assert.equal(messages.length, 1);
    assert.deepEqual(registered, []);
  });
});

describe("a program that nobody knows to its end", function () {
  this.timeout(30_000);

  it("goes on with those that were right, and says no more than is true of one that comes later", async () => {
    const { messages, registered } = await run(async () => {
      const first = new PvToHvmMigration("a", RIGHT);
      first.plan.apply(() => void new PvToHvmMigration("b", WRONG["a look-up"].args));
    }, WORLD);
    assert.equal(messages.length, 1);
    const heading = "b: one problem, nothing of it was created. Other migrations of this program may go on.";
    assert.equal(messages[0].split("\n")[0], heading);
    assert.ok(registered.includes("a-inspect"));
    assert.ok(!registered.includes("b"));
  });

  it("does not wait for arguments that come of a resource, which may itself wait for a migration", async () => {
    const { messages, registered } = await run(async () => {
      const first = new PvToHvmMigration("a", RIGHT);
      const thing = new Thing(
        "subnet",
        { imageId: first.plan.apply(() => IDS.image) },
        { dependsOn: [first] },
      );
      const source = { imageId: thing.imageId as pulumi.Output<string> };
      new PvToHvmMigration("b", { ...RIGHT, source });
    }, WORLD);
    assert.deepEqual(messages, []);
    assert.ok(registered.indexOf("b-inspect") > registered.indexOf("subnet"));
    assert.ok(registered.indexOf("subnet") > registered.indexOf("a-inspect"));
  });

  it("judges together those whose arguments come at the same time", async () => {
    const { messages, registered } = await run(async () => {
      const thing = new Thing("subnet", { imageId: GONE, subnetId: IDS.subnet });
      const helper = { ...ARGS.helper, subnetId: thing.subnetId as pulumi.Output<string> };
      new PvToHvmMigration("a", { ...RIGHT, helper });
      new PvToHvmMigration("b", {
        ...RIGHT,
        helper,
        source: { imageId: thing.imageId as pulumi.Output<string> },
      });
    }, WORLD);
    assert.equal(messages.length, 1);
    assert.match(messages[0], /^b: one problem, nothing/);
    assert.deepEqual(
      registered.filter((name) => name.includes("-")),
      [],
    );
  });
});

describe("a program's migrations, whatever it is written in,", function () {
  this.timeout(30_000);
  const spread: object = { untill: "inspect" };

  const REFUSED: [title: string, program: () => void, says: RegExp][] = [
    [
      "have a name each",
      () => void [new PvToHvmMigration("a", RIGHT), new PvToHvmMigration("a", RIGHT)],
      /^a: one problem, nothing was created\.\n {2}name: the program has more than one migration called a\. Give each a name of its own/,
    ],
    [
      "have no key that nobody knows",
      () => void new PvToHvmMigration("a", { ...RIGHT, ...spread }),
      /^ {2}untill: is not known\. Did you mean until\? The keys here are source, /m,
    ],
    [
      "have none further in either",
      () =>
        void new PvToHvmMigration("a", {
          ...RIGHT,
          launch: { instanceType: "t3.micro", subnetId: IDS.subnet, ...{ keyname: "ops" } },
        }),
      /^ {2}launch\.keyname: is not known\. Did you mean keyName\?/m,
    ],
    ...[null, undefined, [], 7, "ami-1"].map((args): [string, () => void, RegExp] => [
      `are no ${JSON.stringify(args) ?? "undefined"}`,
      () => void new PvToHvmMigration("a", args as unknown as PvToHvmMigrationArgs),
      /^ {2}args: must be an object, got .*\. Its keys are source, helper,/m,
    ]),
    [
      "have a list where a list is wanted",
      () =>
        void new PvToHvmMigration("a", {
          ...RIGHT,
          helper: { ...ARGS.helper, allowedCidrs: "198.18.0.7/32" as unknown as string[] },
        }),
      /^ {2}helper\.allowedCidrs: must be a list of strings, got "198\.18\.0\.7\/32"\. Write it as allowedCidrs: \["198\.18\.0\.7\/32"\]\./m,
    ],
    [
      "have an object where one is wanted",
      () => void new PvToHvmMigration("a", { ...RIGHT, source: IDS.image as unknown as { imageId: string } }),
      /^ {2}source: must be an object, got "ami-.*"\. Its keys are imageId, snapshotId,/m,
    ],
  ];
  for (const [title, program, says] of REFUSED) {
    it(title, async () => {
      const { messages, registered } = await run(async () => program(), WORLD);
      assert.equal(messages.length, 1, messages.join("\n"));
      assert.match(messages[0], says);
      assert.deepEqual(registered, []);
    });
  }

  it("may have keys that are not given, and values that are still to come", async () => {
    const later = <T>(value: T) => pulumi.output(Promise.resolve(value));
    const { messages } = await run(async () => {
      new PvToHvmMigration("a", {
        ...RIGHT,
        ...({ sauce: undefined } as object),
        launch: undefined,
        source: { imageId: later(IDS.image) },
        helper: {
          subnetId: later(IDS.subnet),
          allowedCidrs: later(["198.18.0.7/32"]),
          waitFor: [later("x")],
        },
        tags: later({ team: "web" }),
      });
    }, WORLD);
    assert.deepEqual(messages, []);
  });
});

/** A resource of the program's own. */
class Thing extends pulumi.CustomResource {
  declare readonly imageId: pulumi.Output<unknown>;
  declare readonly subnetId: pulumi.Output<unknown>;
  constructor(name: string, inputs: pulumi.Inputs, options: pulumi.CustomResourceOptions = {}) {
    super("test:index:Thing", name, { imageId: undefined, subnetId: undefined, ...inputs }, options);
  }
}
