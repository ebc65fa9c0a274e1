import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { ARGS, child, refuse, register } from "../mockEngine";

type Changes = Partial<PvToHvmMigrationArgs>;

describe("the helper's state", () => {
  const STATES: [changes: Changes, state: string, after: string[], before: string[]][] = [
    [{}, "stopped", ["rehearse"], ["snapshot"]],
    [{ workbench: "stopped" }, "stopped", ["rehearse"], ["snapshot"]],
    [{ workbench: "running" }, "running", ["source-attachment", "destination-attachment"], ["inspect"]],
    [{ workbench: "running", until: "inspect" }, "running", ["helper"], ["inspect"]],
    [{ workbench: "running", until: "rehearse" }, "running", ["helper"], ["inspect"]],
  ];
  for (const [changes, state, after, before] of STATES) {
    it(`is ${state} after ${after.join(", ")} and before ${before.join(", ")} with ${JSON.stringify(changes)}`, async () => {
      const { registered } = await register({ ...ARGS, ...changes });
      const { inputs, dependsOn } = child(registered, "workbench");
      assert.deepEqual(inputs, { instanceId: "web-helper-id", state });
      for (const role of after) assert.ok(dependsOn.includes(`web-${role}`), `${role}: ${dependsOn}`);
      for (const role of before) assert.ok(child(registered, role).dependsOn.includes("web-workbench"), role);
    });
  }

  for (const until of ["inspect", "rehearse"] as const) {
    it(`is nobody's to say with until: ${until}: the helper keeps running for what comes next`, async () => {
      const { registered } = await register({ ...ARGS, until, workbench: "stopped" });
      assert.deepEqual(
        registered.filter(({ name }) => name === "web-workbench"),
        [],
      );
    });
  }
});

describe("what is waited for", () => {
  const waitingFor = (...waitFor: pulumi.Input<string | undefined>[]): PvToHvmMigrationArgs => ({
    ...ARGS,
    helper: { ...ARGS.helper, waitFor },
  });

  it("leaves no trace in what is registered: neither an input nor a dependency", async () => {
    const plain = await register(ARGS);
    const waiting = await register(waitingFor(pulumi.output("i-1"), undefined));
    const byName = (all: typeof plain.registered) => [...all].sort((a, b) => (a.name < b.name ? -1 : 1));
    assert.deepEqual(byName(waiting.registered), byName(plain.registered));
  });

  it("keeps helper and volumes from being made, and nothing waits for them, where it fails", async () => {
    const failed = pulumi.output(Promise.reject<string>(new Error("the first one failed")));
    const { messages, registered, resolved } = await refuse(waitingFor(failed));
    assert.match(messages.join(), /the first one failed/);
    const made = registered.map(({ name }) => name).filter((name) => name !== "web");
    assert.deepEqual(
      made.filter((name) => !/key$|access$/.test(name)),
      [],
    );
    assert.deepEqual(resolved, []);
  });

  it("is named by helperId", async () => {
    const { migration } = await register(ARGS);
    const id = await new Promise((resolve) => migration.helperId.apply(resolve));
    assert.equal(id, "web-helper-id");
  });
});
