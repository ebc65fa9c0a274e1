/** Reports that are kept from whoever may look at a stack. */
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ARGS, PREPARING, register } from "../mockEngine";

const PRINT_REPORTS = ["source-inspection", "source-preparation", "inspect", "partition", "copy"]
  .concat("configure", "install-grub", "verify", "rehearse")
  .map((role) => `web-${role}`);

describe("secretReports", () => {
  it("makes the reports secrets, what their commands print as well, and nothing that comes of it", async () => {
    const { migration, registered } = await register({ ...PREPARING, secretReports: true });
    const { report, plan, sourceReport, imageId, snapshotId, helperId, conversionKey } = migration;
    const isSecret = (outputs: pulumi.Output<unknown>[]) =>
      Promise.all(outputs.map((each) => pulumi.isSecret(each)));
    assert.deepEqual(await isSecret([report, plan, sourceReport]), [true, true, true]);
    assert.deepEqual(await isSecret([imageId, snapshotId, helperId, conversionKey]), [
      false,
      false,
      false,
      false,
    ]);
    const secretly = registered.filter(({ printsSecretly }) => printsSecretly);
    for (const name of PRINT_REPORTS)
      assert.ok(
        secretly.some((each) => each.name === name),
        name,
      );
  });

  it("is not asked for by default, and says nothing else to the engine where it is", async () => {
    const plain = await register(ARGS);
    assert.deepEqual(
      plain.registered.filter(({ printsSecretly }) => printsSecretly),
      [],
    );
    assert.equal(await pulumi.isSecret(plain.migration.report), false);
    const secret = await register({ ...ARGS, secretReports: true });
    const children = (all: typeof plain.registered) =>
      all.filter(({ name }) => name !== "web").map(({ printsSecretly: _, ...rest }) => rest);
    assert.deepEqual(children(secret.registered), children(plain.registered));
  });
});
