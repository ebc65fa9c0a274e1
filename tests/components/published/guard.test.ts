import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { keepPublished } from "../../../components/published/guard";
import { thisProgram } from "../../../components/lookups/run";
import { describeMigration } from "../../../components/together/migration";
import { ARGS, mocks } from "../mockEngine";
import { publishedImage, worldWith } from "./publishedImages";

/** What a resource that failed gives to a program whose update goes on after errors. */
function unknown(): pulumi.Output<string> {
  const Output = pulumi.Output as unknown as new (...parts: unknown[]) => pulumi.Output<string>;
  const none = Promise.resolve(new Set());
  return new Output(
    new Set(),
    Promise.resolve(undefined),
    Promise.resolve(false),
    Promise.resolve(false),
    none,
  );
}

/** A migration of a stack whose images are these. */
async function migration(published: ReturnType<typeof publishedImage>[], isPreview = false) {
  await pulumi.runtime.setMocks(mocks(worldWith(published)), "project", "stack", isPreview);
  const parent = new pulumi.ComponentResource("test:index:Parent", "parent");
  return describeMigration("web", ARGS, parent, thisProgram().enter("web", []));
}

function settled(output: pulumi.Output<void>): Promise<string> {
  const { promise } = output as unknown as { promise(): Promise<unknown> };
  return promise.call(output).then(
    () => "kept on",
    (error: Error) => error.message,
  );
}

describe("an update that goes on after errors", () => {
  it("is ended where a published image would be deleted although its replacement failed", async () => {
    const message = await settled(keepPublished(await migration([publishedImage()]), ["known", unknown()]));
    assert.match(
      message,
      /^web: .*--continue-on-error.*delete ami-0f+ .*Run it without --continue-on-error;/,
    );
  });

  const ROWS: [title: string, values: pulumi.Input<unknown>[], published: (typeof publishedImage)[]][] = [
    ["everything succeeded", ["known", pulumi.output("known")], [publishedImage]],
    ["nothing was published that could be lost", [unknown()], []],
  ];
  for (const [title, values, published] of ROWS) {
    it(`is left alone where ${title}`, async () => {
      const images = published.map((make) => make());
      assert.equal(await settled(keepPublished(await migration(images), values)), "kept on");
    });
  }

  it("is told from a preview, in which much is unknown", async () => {
    const previewed = await migration([publishedImage()], true);
    assert.equal(await settled(keepPublished(previewed, [unknown()])), "kept on");
  });
});
