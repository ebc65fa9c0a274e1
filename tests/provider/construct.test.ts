/** The component made by its provider, for the real engine: what a program in Python, Go or YAML gets. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { keyCalled } from "../components/keys";
import { heldIn } from "../end-to-end/run";
import { ARGS, nameOf, ProgramStack, ROOT } from "./programStack";
import { PvToHvmMigration } from "../../components";
import { installProvider, RemoteMigration } from "./remoteMigration";

const MINUTES = 60_000;
const CHILDREN_UNTIL_INSPECT = [
  ...[
    "access",
    "client-key",
    "converter",
    "destination",
    "destination-attachment",
    "helper",
    "host-key",
    "inspect",
  ],
  ...["source", "source-attachment"],
].map((role) => `web-${role}`);
const CHILDREN_AFTER_INSPECT = [
  ...[
    "boot-proof",
    "configure",
    "copy",
    "image",
    "install-grub",
    "instance",
    "partition",
    "rehearse",
    "snapshot",
  ],
  ...["verify", "workbench"],
].map((role) => `web-${role}`);

describe("a migration in another language's program, made by the provider,", function () {
  this.timeout(5 * MINUTES);
  let stack: ProgramStack;

  before("an empty cloud", async function () {
    this.timeout(60 * MINUTES);
    stack = await ProgramStack.open("embed");
    installProvider(stack.local.home, ROOT);
  });
  after("leave nothing running", async () => {
    await stack?.destroy();
  });

  const launch = {
    instanceType: "t3.micro",
    subnetId: ARGS.helper.subnetId,
    connection: { user: "root", privateKey: pulumi.secret(keyCalled("PRIVATE-KEY")) },
  };

  it("previews the whole graph, a secret among its arguments", async () => {
    const { operations, error } = await stack.preview(async () => {
      new RemoteMigration("web", { ...ARGS, launch });
    });
    assert.equal(error, undefined);
    assert.deepEqual(
      operations.map((line) => line.replace(/^create /, "")).sort(),
      ["embedding-embed", "web", ...CHILDREN_UNTIL_INSPECT, ...CHILDREN_AFTER_INSPECT].sort(),
    );
  });

  it("leaves what is not there yet unknown in a preview, and gives what is known", async () => {
    const seen: Record<string, unknown> = {};
    await stack.preview(async () => {
      const { imageId, conversionKey } = new RemoteMigration("web", ARGS);
      imageId.apply((id) => (seen.imageId = id));
      conversionKey.apply((key) => (seen.conversionKey = key));
    });
    assert.deepEqual(seen, { conversionKey: [`source.imageId=${ARGS.source.imageId}`] });
  });

  const refused: { what: string; args: pulumi.Inputs; says: RegExp[] }[] = [
    {
      what: "arguments that are wrong by themselves, all at once",
      args: { source: { imageId: "ami-x" }, helper: { ...ARGS.helper, allowedCidrs: [] }, until: "later" },
      says: [/source\.imageId: must be ami-/, /helper\.allowedCidrs: no address/, /until: must be one of/],
    },
    {
      what: "what EC2 knows to be wrong",
      args: { ...ARGS, source: { imageId: "ami-00000000000000009" } },
      says: [/source\.imageId: image ami-00000000000000009 is not to be found/],
    },
    {
      what: "an output where the graph's shape hangs on the value",
      args: { ...ARGS, launch: pulumi.secret(launch) },
      says: [/launch.* is an output or a secret, but has to be known/],
    },
  ];
  for (const { what, args, says } of refused) {
    it(`refuses ${what}, in sentences and without a stack of its own`, async () => {
      const { text, error, operations } = await stack.preview(async () => {
        new RemoteMigration("web", args);
      });
      assert.ok(error);
      for (const sentence of says) assert.match(text, sentence);
      assert.doesNotMatch(text, /at .*(dist|components|provider)\/[^ ]*\.js/);
      assert.deepEqual(
        operations.filter((line) => line.includes("web-")),
        [],
      );
    });
  }

  const INSPECTION = { ...ARGS, until: "inspect" as const };
  const OPEN = { ...INSPECTION, helper: { ...ARGS.helper, allowedCidrs: ["0.0.0.0/0"] } };
  const GONE = { ...INSPECTION, source: { imageId: "ami-00000000000000009" } };
  type Make = (name: string, args: typeof INSPECTION) => pulumi.Resource;
  const makeOwn: Make = (name, args) => new PvToHvmMigration(name, args);
  // The SDK of another language repeats what a call was answered with.
  const SEVERAL: [where: string, make: Make, mostOften: number, exports: boolean][] = [
    ["in another language's program", (name, args) => new RemoteMigration(name, args), Infinity, true],
    ["in a program of its own process", makeOwn, 1, true],
    ["in one that exports nothing", makeOwn, 1, false],
  ];
  for (const [where, make, mostOften, exports] of SEVERAL) {
    it(`makes nothing while anything is wrong with one of several, and tells of all, ${where}`, async () => {
      const { text, error, operations } = await stack.up(async () => {
        const last = [make("right", INSPECTION), make("gone", GONE), make("open", OPEN)].pop();
        return exports ? { last: last?.urn } : undefined;
      });
      assert.ok(error);
      const TOLD = [
        /^ *source\.imageId: image ami-00000000000000009 is not to be found/gm,
        /^ *helper\.allowedCidrs\[0\]: 0\.0\.0\.0\/0 lets strangers/gm,
      ];
      const times = TOLD.map((sentence) => text.match(sentence)?.length ?? 0);
      assert.ok(
        times.every((count) => count >= 1 && count <= mostOften),
        text,
      );
      assert.match(text, /right: is in order, and was not begun/);
      assert.doesNotMatch(text, /PromiseRejectionHandledWarning/);
      assert.deepEqual(
        operations.filter((line) => / (right|gone|open)/.test(line)),
        [],
      );
      assert.deepEqual(heldIn(stack.local.directory), []);
    });
  }

  it("inspects a source for real, and gives the plan and the report", async () => {
    const run = await stack.up(async () => {
      const subnetId = pulumi.output(Promise.resolve(ARGS.helper.subnetId));
      const migration = new RemoteMigration("web", {
        ...ARGS,
        helper: { ...ARGS.helper, subnetId },
        until: "inspect",
      });
      return { kernel: migration.plan.apply((plan) => plan?.kernel), helperId: migration.helperId };
    });
    assert.equal(run.error, undefined, run.text);
    assert.match(run.outputs.kernel.value as string, /^\/boot\/vmlinuz-/);
    const kept = await stack.kept();
    const helper = kept.find(({ urn }) => nameOf(urn) === "web-helper");
    assert.equal(run.outputs.helperId.value, helper?.id);
  });

  it("finds nothing to do in a second run", async () => {
    const { operations, error } = await stack.preview(async () => {
      new RemoteMigration("web", { ...ARGS, until: "inspect" });
    });
    assert.equal(error, undefined);
    assert.deepEqual(operations, []);
  });

  it("keeps secret what was given as a secret", async () => {
    await stack.up(async () => {
      const jumpHost = { host: "198.51.100.7", privateKey: pulumi.secret(keyCalled("KEY-OF-THE-JUMP-HOST")) };
      new RemoteMigration("web", { ...ARGS, helper: { ...ARGS.helper, jumpHost }, until: "inspect" });
    });
    const kept = stack.stateFile();
    assert.ok(kept.includes("198.51.100.7"), "the run has recorded the jump host");
    assert.ok(!kept.includes("KEY-OF-THE-JUMP-HOST"));
  });
});
