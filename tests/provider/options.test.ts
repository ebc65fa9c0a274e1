/** Options that only the engine can show the effect of: a finished inspection, and what becomes of it. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { PvToHvmMigration, type PvToHvmMigrationArgs } from "../../components";
import { ARGS, type Kept, nameOf, ProgramStack } from "./programStack";

const MINUTES = 60_000;
const INSPECTION: PvToHvmMigrationArgs = { ...ARGS, until: "inspect" };

describe("the options of a migration that is made", function () {
  this.timeout(5 * MINUTES);
  let stack: ProgramStack;

  before("an inspection, protected and to be retained", async function () {
    this.timeout(60 * MINUTES);
    stack = await ProgramStack.open("embed");
    const { error, text } = await stack.up(program("web", { protect: true, retainOnDelete: true }));
    assert.equal(error, undefined, text);
  });
  after("leave nothing running", async () => {
    await stack?.up(program("web"));
    await stack?.destroy();
  });

  const program =
    (name: string, options: pulumi.ComponentResourceOptions = {}, args = INSPECTION) =>
    async () => {
      new PvToHvmMigration(name, args, options);
    };
  const ours = async (): Promise<Kept[]> =>
    (await stack.kept()).filter(({ urn }) => nameOf(urn).startsWith("web-"));

  it("protect and retainOnDelete hold for every child", async () => {
    const children = (await ours()) as (Kept & { retainOnDelete?: boolean })[];
    assert.ok(children.length >= 10, `only ${children.length} children`);
    const others = children.filter(({ protect, retainOnDelete }) => !protect || !retainOnDelete);
    assert.deepEqual(
      others.map(({ urn }) => nameOf(urn)),
      [],
    );
  });

  it("protect keeps a migration from being destroyed, and from being converted anew", async () => {
    const destroyed = await stack.destroy();
    assert.match(destroyed.text, /web.*cannot be deleted|protected/s);
    const anew = await stack.preview(program("web", { protect: true }, { ...INSPECTION, revision: 2 }));
    assert.match(anew.text, /unable to replace resource .*web-/s);
    assert.ok((await ours()).length >= 10);
  });

  it("taking both back changes nothing else", async () => {
    const { error, operations, text } = await stack.up(program("web"));
    assert.equal(error, undefined, text);
    assert.deepEqual(operations, []);
  });

  it("an alias renames it, and nothing is replaced", async () => {
    const { error, operations, text } = await stack.preview(program("site", { aliases: [{ name: "web" }] }));
    assert.equal(error, undefined, text);
    assert.deepEqual(
      operations.filter((line) => !line.startsWith("update ")),
      [],
    );
    // Tags carry the migration's name.
    assert.ok(operations.includes("update site-helper"), operations.join(", "));
  });

  it("without an alias another name is another migration", async () => {
    const { operations } = await stack.preview(program("site"));
    assert.ok(
      operations.includes("create site-helper") && operations.includes("delete web-helper"),
      operations.join(", "),
    );
  });

  it("an alias moves it below a parent, and nothing is touched", async () => {
    const { error, operations, text } = await stack.preview(async () => {
      const parent = new pulumi.ComponentResource("embedding:index:Fleet", "fleet");
      new PvToHvmMigration("web", INSPECTION, { parent, aliases: [{ parent: pulumi.rootStackResource }] });
    });
    assert.equal(error, undefined, text);
    assert.deepEqual(operations, ["create fleet"]);
  });

  it("a transform tags its children", async () => {
    const tag: pulumi.ResourceTransform = ({ type, props, opts }) =>
      type.startsWith("aws:e") && "tags" in props
        ? {
            props: {
              ...props,
              tags: pulumi.output(props.tags).apply((tags) => ({ ...tags, team: "infra" })),
            },
            opts,
          }
        : undefined;
    const { error, operations, text } = await stack.preview(program("web", { transforms: [tag] }));
    assert.equal(error, undefined, text);
    const tagged = ["web-access", "web-destination", "web-helper", "web-source"];
    assert.deepEqual(
      operations.sort(),
      tagged.map((name) => `update ${name}`),
    );
  });

  it("a transform on the stack reaches them as well", async () => {
    const seen: string[] = [];
    await stack.preview(async () => {
      pulumi.runtime.registerResourceTransform(({ name }) => void seen.push(name));
      new PvToHvmMigration("web", INSPECTION);
    });
    assert.ok(seen.includes("web-helper") && seen.includes("web-inspect"), seen.join(", "));
  });

  it("dependsOn it waits for the whole of it", async () => {
    const { operations } = await stack.preview(async () => {
      const migration = new PvToHvmMigration("site", INSPECTION);
      new pulumi.ComponentResource("embedding:index:After", "later", {}, { dependsOn: [migration] });
    });
    const last = operations.lastIndexOf("create site-inspect");
    assert.ok(last >= 0 && operations.indexOf("create later") > last, operations.join(", "));
  });
});
