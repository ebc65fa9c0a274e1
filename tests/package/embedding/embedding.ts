/** What holds wherever the package is installed beside versions of its ranges. */
import assert from "node:assert/strict";
import { ARGS } from "../../provider/programStack";
import { EmbeddedStack } from "./embeddedStack";
import type { Versions } from "./ends";
import { copiesIn, userProject } from "./userProject";

const MINUTES = 60_000;

/** The two ways in which a program runs. */
const WAYS = ["inline", "byStarter"] as const;
const IN_WORDS = {
  inline: "in an inline program of the Automation API",
  byStarter: "by the SDK's own starter, cmd/run",
};
const STACKS = { inline: "embedding-inline", byStarter: "embedding-starter" };

/** Of a migration as far as the image. */
const CHILDREN = [
  ...["access", "client-key", "host-key", "helper", "workbench"],
  ...["source", "source-attachment", "destination", "destination-attachment"],
  ...["converter", "inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"],
  ...["snapshot", "image"],
];

/** The tests of a `describe`: one copy of each package, and a preview in either way. */
export function itEmbeds(name: string, versions: Versions): () => EmbeddedStack {
  let folder: string;
  let stack: EmbeddedStack;

  before("installed by npm, in front of an empty cloud", async function () {
    this.timeout(60 * MINUTES);
    folder = userProject(name, versions);
    stack = await EmbeddedStack.open(folder, versions);
  });

  it("has one copy of each of them", () => {
    const peers = Object.keys(versions);
    assert.deepEqual(copiesIn(folder, peers).sort(), peers.map((peer) => `node_modules/${peer}`).sort());
  });

  for (const way of WAYS) {
    it(`previews the whole way ${IN_WORDS[way]}`, async function () {
      this.timeout(5 * MINUTES);
      const { created } = await stack[way]("preview", ARGS);
      assert.deepEqual(created, [...CHILDREN.map((role) => `web-${role}`), "web", STACKS[way]].sort());
    });
  }
  return () => stack;
}

/** Nothing is booted: each other resource of a migration is made all the same. */
const UNREHEARSED = { ...ARGS, rehearsal: { skip: true } };

/** The tests of a `describe` that migrate an image for real in either way, and destroy all of it. */
export function itMigrates(open: () => EmbeddedStack): void {
  for (const way of WAYS) {
    it(`converts and publishes an image, and destroys all that it made, ${IN_WORDS[way]}`, async function () {
      this.timeout(20 * MINUTES);
      const stack = open();
      const before = await stack.held();
      const { outputs } = await stack[way]("up", UNREHEARSED);
      const { kernel } = outputs.plan as { kernel: string };
      assert.match(kernel, /^\/boot\/vmlinuz-/);
      assert.ok((await stack.held()).includes(String(outputs.imageId)), JSON.stringify(outputs));
      await stack[way]("destroy", UNREHEARSED);
      assert.deepEqual(await stack.held(), before);
    });
  }
}
