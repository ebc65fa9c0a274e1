import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import program from "../../index";
import { ARGS } from "./mockEngine";
import { mocks } from "./mockEngine";

describe("the stack program", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("makes one migration an entry, and exports what a person wants to know by its name", async () => {
    await pulumi.runtime.setMocks(mocks({}), "pv-to-hvm", "stack");
    pulumi.runtime.setAllConfig({
      "pv-to-hvm:migrations": JSON.stringify({ web: ARGS, off: { ...ARGS, enabled: false } }),
    });
    const exported = await program();
    assert.deepEqual(Object.keys(exported), ["web"]);
    const names = ["address", "bootProof", "imageId", "instanceId", "plan", "report", "snapshotId"];
    assert.deepEqual(Object.keys(exported.web as object).sort(), names);
    const imageId = await new Promise((resolve) => pulumi.output(exported.web.imageId).apply(resolve));
    assert.equal(imageId, "web-image-id");
    const plan = await new Promise((resolve) => pulumi.output(exported.web.plan).apply(resolve));
    const shown = ["initrd", "kernel", "layout", "menuFile", "rebuiltInitramfs", "why"];
    assert.deepEqual(Object.keys(plan as object).sort(), shown);
    await pulumi.runtime.disconnect();
  });

  it("refuses a stack without migrations by the setting's name", async () => {
    await pulumi.runtime.setMocks(mocks({}), "pv-to-hvm", "stack");
    await assert.rejects(program(), /pv-to-hvm:migrations/);
  });
});
