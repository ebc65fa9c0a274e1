/** What a run makes of what an earlier one has published: says, refuses, does without. */
import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../../components";
import { ec2Error, IDS } from "../ec2";
import { ARGS, child, LAUNCHING, refuse, register, said, type World } from "../mockEngine";
import { PUBLISHED_ID, publishedImage, worldWith } from "./publishedImages";

const SOURCE = { "source.imageId": IDS.image };
const UNPROVEN = { "pv-to-hvm:rehearsal": "skipped" };

const unanswered: World = {
  calls: {
    "aws:ec2/getAmiIds:getAmiIds": () => {
      throw ec2Error("RequestLimitExceeded: Request limit exceeded.");
    },
  },
};

describe("what is said of a published image:", () => {
  it("nothing where nothing has changed", async () => {
    assert.deepEqual(await said(ARGS, worldWith([publishedImage()])), []);
  });

  it("nothing where nothing is published", async () => {
    assert.deepEqual(await said({ ...ARGS, revision: 2 }, worldWith([])), []);
  });

  it("nothing where it could not be looked up: a finished migration does not need it", async () => {
    assert.deepEqual(await said(ARGS, unanswered), []);
  });

  it("why it is made anew", async () => {
    assert.deepEqual(await said({ ...ARGS, revision: 2 }, worldWith([publishedImage()])), [
      "info: converts anew: revision was not given, is now 2. " +
        `${PUBLISHED_ID} stays until the new image has been proven.`,
    ]);
  });

  it("that another migration of this stack has published the same, where nobody knows what the program has", async () => {
    const twin = publishedImage(SOURCE, { "pv-to-hvm:migration": "old" });
    const [line, ...more] = await said(ARGS, worldWith([twin]));
    assert.deepEqual(more, []);
    assert.match(
      line,
      /^warn: ami-0f+ of this same conversion was published in this stack by a migration named old/,
    );
    assert.match(line, /aliases: \[\{ name: "old" \}\]/);
    assert.match(line, /image\.name: "old"/);
  });
});

const REFUSED: [title: string, args: PvToHvmMigrationArgs, world: World, message: RegExp][] = [
  [
    "to go back before an image that is published",
    { ...ARGS, until: "inspect" },
    worldWith([publishedImage()]),
    /until: is inspect, but ami-0f+ of this migration is published, and going back would delete it\. Set until to publish/,
  ],
  [
    "to go back where nobody can say whether an image is published",
    { ...ARGS, until: "rehearse" },
    unanswered,
    /until: images of owner self .* could not be looked up/,
  ],
  [
    "to take back rehearsal.skip of a published image",
    ARGS,
    worldWith([publishedImage(SOURCE, UNPROVEN)]),
    /rehearsal\.skip: was taken back, but ami-0f+ was published without a rehearsal.* Set a new revision/,
  ],
  [
    "to replace a protected image",
    { ...ARGS, revision: 2, protect: true },
    worldWith([publishedImage()]),
    /protect: is set, and a new conversion would replace ami-0f+\. Take protect back in an update of its own/,
  ],
  [
    "a removed workbench while nothing is published",
    { ...ARGS, workbench: "removed" },
    worldWith([]),
    /workbench: is removed, but this migration has published no image of this conversion \([0-9a-f]{16}\).* Set workbench to stopped/,
  ],
  [
    "a removed workbench with another key, by what has changed",
    { ...ARGS, workbench: "removed", revision: 3, destination: { sizeGb: 20 } },
    worldWith([publishedImage({ ...SOURCE, revision: "2" })]),
    /workbench: is removed, and with it what could convert anew: revision was 2, is now 3; destination\.sizeGb was the default, is now 20\. Set workbench to stopped/,
  ],
  [
    "a removed workbench whose image is another stack's, with how to move it",
    { ...ARGS, workbench: "removed" },
    worldWith([publishedImage(SOURCE, { "pv-to-hvm:stack": "project/old" })]),
    /carries the tag of another stack, project\/old\. .*pulumi state move.*aws ec2 create-tags --resources ami-0f+ snap-0e+ --tags Key=pv-to-hvm:stack,Value=project\/stack/,
  ],
  [
    "a removed workbench of a migration that was renamed",
    { ...ARGS, workbench: "removed" },
    worldWith([publishedImage(SOURCE, { "pv-to-hvm:migration": "old" })]),
    /name: ami-0f+ of this same conversion was published in this stack by a migration named old.*aliases: \[\{ name: "old" \}\]/,
  ],
];

describe("what a published image forbids:", () => {
  for (const [title, args, world, message] of REFUSED) {
    it(title, async () => {
      const { messages, registered } = await refuse(args, world);
      assert.equal(messages.length, 1);
      assert.match(messages[0], message);
      assert.deepEqual(registered, []);
    });
  }

  it("not the way on: until inspect with nothing published", async () => {
    const { registered } = await register({ ...ARGS, until: "inspect" }, worldWith([]));
    assert.ok(child(registered, "inspect"));
  });

  it("not rehearsing what was published without, on a helper that is kept running", async () => {
    const world = worldWith([publishedImage(SOURCE, UNPROVEN)]);
    const { registered } = await register({ ...ARGS, workbench: "running" }, world);
    const { tags } = child(registered, "image").inputs as { tags: Record<string, string> };
    assert.equal(tags["pv-to-hvm:rehearsal"], undefined, "it has booted by then");
  });
});

describe("a finished migration whose source is gone", () => {
  const gone = (images: ReturnType<typeof publishedImage>[]) => worldWith(images, [IDS.image, "debian-13"]);

  it("is left as it is, and says what is not there", async () => {
    const lines = await said(LAUNCHING, gone([publishedImage()]));
    assert.equal(lines.length, 2);
    assert.match(
      lines.join(),
      /source\.imageId: image ami-0a+ is not to be found.*ami-0f+ is published and does not need it/,
    );
    assert.match(lines.join(), /helper\.imageId: image debian-13.* is not to be found/);
  });

  it("has the inputs that it had, where they are not frozen", async () => {
    const before = await register(ARGS, worldWith([publishedImage()]));
    const after = await register(ARGS, gone([publishedImage()]));
    for (const { name, inputs, ignoreChanges } of before.registered) {
      const now = after.registered.find((each) => each.name === name);
      const live = Object.keys(inputs).filter((input) => !ignoreChanges.includes(input));
      for (const input of live) assert.deepEqual(now?.inputs[input], inputs[input], `${name}: ${input}`);
    }
  });

  it("cannot be made anew", async () => {
    const { messages } = await refuse({ ...ARGS, revision: 2 }, gone([publishedImage()]));
    assert.match(messages[0], /source\.imageId: image ami-0a+ is not to be found/);
    assert.match(messages[0], /helper\.imageId: image debian-13/);
  });
});

describe("the tag of an image that was published without a rehearsal", () => {
  const tagOf = async (args: PvToHvmMigrationArgs, world: World) => {
    const { registered } = await register(args, world);
    const tags = child(registered, "image").inputs.tags as Record<string, string>;
    return tags["pv-to-hvm:rehearsal"];
  };
  const skip = { rehearsal: { skip: true } };

  it("stays when the workbench is removed, whatever is asked for by then", async () => {
    const world = worldWith([publishedImage(SOURCE, UNPROVEN)]);
    assert.equal(await tagOf({ ...ARGS, workbench: "removed" }, world), "skipped");
  });

  it("is told of, when it was asked for no longer", async () => {
    const world = worldWith([publishedImage(SOURCE, UNPROVEN)]);
    const [line, ...more] = await said({ ...ARGS, workbench: "removed" }, world);
    assert.match(
      line,
      /^warn: rehearsal\.skip was taken back, but ami-0f+ was published without.* a new revision/,
    );
    assert.deepEqual(more, []);
    assert.deepEqual(await said({ ...ARGS, ...skip, workbench: "removed" }, world), []);
  });

  it("is not given to an image that was rehearsed, by asking for none afterwards", async () => {
    assert.equal(await tagOf({ ...ARGS, ...skip }, worldWith([publishedImage()])), undefined);
    assert.equal(
      await tagOf({ ...ARGS, ...skip, workbench: "removed" }, worldWith([publishedImage()])),
      undefined,
    );
  });
});

describe("an image in the state that this migration has not made", () => {
  it("is not handed on: nothing says that it boots", async () => {
    const states = { "web-image": { rootSnapshotId: "snap-0123456789abcdef0" } };
    const { messages, resolved, registered } = await refuse(LAUNCHING, { states });
    assert.match(
      messages.join(),
      /web-image-id was not made by this migration: it is made of snap-0123456789abcdef0/,
    );
    assert.match(messages.join(), /pulumi state delete 'urn:/);
    assert.ok(!registered.some(({ name }) => name === "web-instance"));
    assert.ok(!resolved.includes("imageId"));
  });
});
