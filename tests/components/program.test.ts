import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../components";
import program from "../../index";
import { ARGS } from "./mockEngine";
import { mocks, recordRegistrations } from "./mockEngine";

describe("the stack program", () => {
  afterEach(() => pulumi.runtime.setAllConfig({}));

  it("makes one migration an entry, and exports what a person wants to know by its name", async () => {
    await pulumi.runtime.setMocks(mocks({}), "pv-to-hvm", "stack");
    pulumi.runtime.setAllConfig({
      "pv-to-hvm:migrations": JSON.stringify({ web: ARGS, off: { ...ARGS, enabled: false } }),
    });
    const exported = await program();
    assert.deepEqual(Object.keys(exported), ["web"]);
    const names = [
      "address",
      "bootProof",
      "imageId",
      "instanceId",
      "plan",
      "report",
      "snapshotId",
      "sourceReport",
    ];
    assert.deepEqual(Object.keys(exported.web as object).sort(), names);
    const imageId = await new Promise((resolve) => pulumi.output(exported.web.imageId).apply(resolve));
    assert.equal(imageId, "web-image-id");
    const plan = await new Promise((resolve) => pulumi.output(exported.web.plan).apply(resolve));
    const shown = ["initrd", "kernel", "layout", "menuFile", "rebuiltInitramfs", "why"];
    assert.deepEqual(Object.keys(plan as object).sort(), shown);
    await pulumi.runtime.disconnect();
  });

  it("gives an entry with a former name what was made under that one, and the image a name that begins so", async () => {
    const { newResource, call } = mocks({});
    // The mocks know the resources of `web`.
    const named = (resource: pulumi.runtime.MockResourceArgs) =>
      newResource({ ...resource, name: resource.name.replace(/^(new|mine)/, "web") });
    await pulumi.runtime.setMocks({ newResource: named, call }, "pv-to-hvm", "stack");
    const registered = recordRegistrations();
    const mine = { ...ARGS, formerName: "older", image: { name: "fixed" } };
    pulumi.runtime.setAllConfig({
      "pv-to-hvm:migrations": JSON.stringify({ new: { ...ARGS, formerName: "old", protect: true }, mine }),
    });
    const exported = await program();
    await new Promise((resolve) => pulumi.output(exported).apply(resolve));
    await pulumi.runtime.disconnect();
    const of = (name: string) => registered.find((resource) => resource.name === name);
    assert.deepEqual([of("new")?.aliases, of("mine")?.aliases], [["old"], ["older"]]);
    assert.match(String(of("new-image")?.inputs.name), /^old-[0-9a-f]{8}$/);
    assert.match(String(of("mine-image")?.inputs.name), /^fixed-[0-9a-f]{8}$/);
    // By these the next run knows what it takes away.
    const outputs = exported as unknown as Record<string, object>;
    assert.deepEqual(
      [outputs.new, outputs.mine].map((each) => ["protect" in each, "keepImage" in each]),
      [
        [true, false],
        [false, false],
      ],
    );
  });

  // Lanes: who waits for whose helper. In which order helpers are asked for is what the engine would see.
  const NAMES = ["a", "b", "c", "d", "e"];
  type Each = (name: string) => Partial<PvToHvmMigrationArgs>;
  const LANES: [helpersAtOnce: string | undefined, waits: Record<string, string>, each?: Each][] = [
    [undefined, { e: "a" }],
    ["0", {}],
    ["1", { b: "a", c: "b", d: "c", e: "d" }],
    ["2", { c: "a", d: "b", e: "c" }],
    ["5", {}],
    ["100", {}],
    ["2", { c: "a", d: "b", e: "c" }, () => ({ until: "inspect" })],
    ["2", { c: "a", d: "b", e: "c" }, (name) => ({ until: name < "c" ? "rehearse" : "inspect" })],
    [undefined, { e: "a" }, () => ({ until: "inspect" })],
    // A helper that keeps running keeps its place.
    ["2", { c: "a", d: "c", e: "d" }, (name) => (name === "b" ? { workbench: "running" } : {})],
  ];
  for (const [helpersAtOnce, waits, each = () => ({})] of LANES) {
    it(`with helpersAtOnce ${helpersAtOnce ?? "left out"} and ${NAMES.map((name) => JSON.stringify(each(name))).join()} makes a helper after another is stopped: ${JSON.stringify(waits)}`, async () => {
      const order: string[] = [];
      const { newResource, call } = mocks({});
      const recording = (resource: pulumi.runtime.MockResourceArgs) => {
        if (/-source$/.test(resource.name) || resource.inputs.state === "stopped") order.push(resource.name);
        // The mocks know the resources of `web`.
        return newResource({ ...resource, name: resource.name.replace(/^[a-e]-/, "web-") });
      };
      await pulumi.runtime.setMocks({ newResource: recording, call }, "pv-to-hvm", "stack");
      pulumi.runtime.setAllConfig({
        "pv-to-hvm:migrations": JSON.stringify(
          Object.fromEntries(NAMES.map((name) => [name, { ...ARGS, ...each(name) }])),
        ),
        ...(helpersAtOnce && { "pv-to-hvm:helpersAtOnce": helpersAtOnce }),
      });
      await new Promise((resolve) => void program().then((all) => pulumi.output(all).apply(resolve)));
      await pulumi.runtime.disconnect();
      for (const name of NAMES) {
        const before = order.slice(0, order.indexOf(`${name}-source`));
        const stops = ["workbench", "helper-stop", "stop-after-inspect"];
        const rested = NAMES.filter((other) => stops.some((stop) => before.includes(`${other}-${stop}`)));
        const waited = waits[name] === undefined ? [] : [waits[name]];
        assert.deepEqual(
          waited.filter((other) => !rested.includes(other)),
          [],
          `${name} came too early: ${order}`,
        );
        if (waited.length === 0) assert.deepEqual(rested, [], `${name} waited: ${order}`);
      }
    });
  }

  it("refuses a helpersAtOnce that is no number of helpers", async () => {
    await pulumi.runtime.setMocks(mocks({}), "pv-to-hvm", "stack");
    pulumi.runtime.setAllConfig({
      "pv-to-hvm:migrations": JSON.stringify({ web: ARGS }),
      "pv-to-hvm:helpersAtOnce": "-1",
    });
    await assert.rejects(program(), /helpersAtOnce: must be a whole number of at least 0, got -1\./);
  });

  it("refuses a stack without migrations by the setting's name", async () => {
    await pulumi.runtime.setMocks(mocks({}), "pv-to-hvm", "stack");
    await assert.rejects(program(), /pv-to-hvm:migrations/);
  });
});
