/** Secret inputs of the key: what an earlier version made by its own digests of them is not made anew. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { digest } from "../../../components/key";
import { ec2Error, IDS } from "../ec2";
import { ARGS, child, refuse, register, said, type World } from "../mockEngine";
import { publishedImage, worldWith } from "./publishedImages";

const EARLIER = { "source.imageId": IDS.image, "destination.sizeGb": `sha256:${digest(["12"])}` };
const EARLIER_KEY = Object.entries(EARLIER).map(([name, value]) => `${name}=${value}`);

const secretly = (changes: Partial<PvToHvmMigrationArgs> = {}): PvToHvmMigrationArgs => ({
  ...ARGS,
  destination: { sizeGb: pulumi.secret(12) },
  ...changes,
});

/** An account with a helper of that conversion, and no image yet. */
function withHelperOf(conversion: string): World {
  const getInstances = ({ filters }: Record<string, unknown>) => ({
    ids: JSON.stringify(filters).includes(conversion) ? ["i-1"] : [],
  });
  return { calls: { "aws:ec2/getInstances:getInstances": getInstances } };
}

describe("a conversion by an earlier version, with a secret in its key,", () => {
  const finished = () => worldWith([publishedImage(EARLIER)]);

  for (const [what, world] of [
    ["that has published its image", finished],
    ["that is under way on a helper", () => withHelperOf(digest(EARLIER_KEY))],
  ] as [string, () => World][]) {
    it(`goes on by its key: one ${what}`, async () => {
      const { registered, outputs } = await register(secretly(), world());
      assert.deepEqual(outputs.conversionKey, EARLIER_KEY);
      assert.deepEqual(child(registered, "destination").replacementTrigger, EARLIER_KEY);
      const { triggers } = child(registered, "copy").inputs as { triggers: string[] };
      assert.deepEqual(triggers.slice(0, -1), EARLIER_KEY);
      const tags = plain(child(registered, "image").inputs.tags) as Record<string, string>;
      assert.equal(tags["pv-to-hvm:conversion"], digest(EARLIER_KEY));
      assert.equal(tags["pv-to-hvm:input:destination.sizeGb"], EARLIER["destination.sizeGb"]);
    });
  }

  it("is kept without a workbench, and says nothing of a new one", async () => {
    const { outputs } = await register(secretly({ workbench: "removed" }), finished());
    assert.equal(outputs.imageId, "web-image-id");
    assert.deepEqual(
      (await said(secretly(), finished())).filter((line) => /converts anew/.test(line)),
      [],
    );
  });

  it("is made anew by another value, whose digest is salted", async () => {
    const { outputs } = await register(secretly({ destination: { sizeGb: pulumi.secret(13) } }), finished());
    const [source, size] = outputs.conversionKey as string[];
    assert.equal(source, EARLIER_KEY[0]);
    assert.match(size, /^destination\.sizeGb=scrypt:[0-9a-f]{16}$/);
  });

  it("is not made anew where EC2 does not say whether it is there", async () => {
    const unreachable = () => {
      throw ec2Error("dial tcp: i/o timeout");
    };
    const world = { calls: { "aws:ec2/getInstances:getInstances": unreachable } };
    const { messages, registered } = await refuse(secretly(), world);
    assert.match(messages.join("\n"), /could not be looked up \(.*i\/o timeout/);
    assert.deepEqual(
      registered.map(({ name }) => name).filter((name) => name !== "web"),
      [],
    );
  });
});

/** What a secret size makes a secret, too. */
const plain = (value: unknown) => (value as { value?: unknown }).value ?? value;
