import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { digest } from "../../../components/key";
import { ec2Error, IDS } from "../ec2";
import { ANSWERS, ARGS, child, refuse, register, type Registered, type World } from "../mockEngine";
import { publishedImage, worldWith } from "../published/publishedImages";

const GET_SNAPSHOT = "aws:ebs/getSnapshot:getSnapshot";

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

  const STATE = "aws:ec2transitgateway/instanceState:InstanceState";
  const statesOf = (registered: Registered[]) =>
    registered.filter(({ type }) => type === STATE).map(({ name, inputs }) => [name, inputs.state]);

  // By what the engine makes of it: what is new in an update is done, what was there before is not done again.
  const INSPECTED = [["web-stop-after-inspect", "stopped"]];
  const STARTED_AND_STOPPED = [
    ["web-helper-start", "running"],
    ["web-helper-stop", "stopped"],
  ];
  const RESTED = [["web-workbench", "stopped"]];
  const WAYS: [title: string, changes: Changes, world: World, states: string[][]][] = [
    ["after an inspection alone", { until: "inspect" }, {}, INSPECTED],
    ["after an inspection alone, asked for", { until: "inspect", workbench: "stopped" }, {}, INSPECTED],
    ["started and stopped for a rehearsal", { until: "rehearse" }, {}, STARTED_AND_STOPPED],
    ["stopped before the image, in one go", {}, {}, RESTED],
    ["started again for the image", {}, stoppedHelper(), [...STARTED_AND_STOPPED, ...RESTED]],
    ["started for good", { workbench: "running" }, stoppedHelper(), [["web-workbench", "running"]]],
    ["of another key, and left alone", { revision: 2 }, stoppedHelper(), RESTED],
    ["of a finished conversion", {}, { calls: { ...stoppedHelper().calls, ...finished().calls } }, RESTED],
    [
      "of a finished conversion that it was started again for",
      {},
      finished({ "pv-to-hvm:helper": "started-again" }),
      [...STARTED_AND_STOPPED, ...RESTED],
    ],
    ["of a conversion whose image was deregistered by hand", {}, deregistered({}), RESTED],
    [
      "of such a one that it was started again for",
      {},
      deregistered({ "pv-to-hvm:helper": "started-again" }),
      [...STARTED_AND_STOPPED, ...RESTED],
    ],
    [
      "not known: EC2 does not answer",
      {},
      {
        calls: {
          "aws:ec2/getInstances:getInstances": () => {
            throw ec2Error("RequestLimitExceeded");
          },
        },
      },
      RESTED,
    ],
  ];
  for (const [title, changes, world, states] of WAYS) {
    it(`is put in order: ${title}`, async () => {
      const { registered } = await register({ ...ARGS, ...changes }, world);
      assert.deepEqual(statesOf(registered).sort(), [...states].sort());
    });
  }

  it("is started after the attachments and before every step, and stopped before the snapshot", async () => {
    const { registered } = await register(ARGS, stoppedHelper());
    const comesAfter = (role: string, before: string) =>
      assert.ok(child(registered, role).dependsOn.includes(`web-${before}`), `${role} after ${before}`);
    comesAfter("helper-start", "source-attachment");
    comesAfter("helper-start", "destination-attachment");
    comesAfter("inspect", "helper-start");
    comesAfter("workbench", "rehearse");
    comesAfter("helper-stop", "workbench");
    comesAfter("snapshot", "helper-stop");
  });

  it("dials a helper that it starts only then: before, EC2 has no address of it", async () => {
    let isStarted = false;
    const world = stoppedHelper();
    const getInstance = () =>
      isStarted
        ? { instanceState: "running", publicIp: "198.51.100.7", privateIp: "10.0.0.7" }
        : { instanceState: "stopped", publicIp: "", privateIp: "10.0.0.7" };
    const calls = { ...world.calls, "aws:ec2/getInstance:getInstance": getInstance };
    const started = {
      get state() {
        isStarted = true;
        return "running";
      },
    };
    const { registered } = await register(ARGS, { calls, states: { "web-helper-start": started } });
    const { value } = child(registered, "copy").inputs.connection as { value: { host: string } };
    assert.equal(value.host, "198.51.100.7");
  });

  it("is not started by a refresh that finds it stopped, long after its conversion", async () => {
    const { registered } = await register(ARGS, finished({ "pv-to-hvm:helper": "started-again" }));
    assert.deepEqual(child(registered, "helper-start").ignoreChanges, ["state"]);
    assert.deepEqual(child(registered, "helper-stop").ignoreChanges, []);
  });

  it("is told by the image, so that the next run has the same resources; else by no tag", async () => {
    const tagsOf = async (world: World) =>
      child((await register(ARGS, world)).registered, "image").inputs.tags as Record<string, string>;
    assert.equal((await tagsOf(stoppedHelper()))["pv-to-hvm:helper"], "started-again");
    const again = await tagsOf(finished({ "pv-to-hvm:helper": "started-again" }));
    assert.equal(again["pv-to-hvm:helper"], "started-again");
    for (const world of [{}, finished()]) assert.ok(!("pv-to-hvm:helper" in (await tagsOf(world))));
    const removed = await register(
      { ...ARGS, workbench: "removed" },
      finished({ "pv-to-hvm:helper": "started-again" }),
    );
    const { tags } = child(removed.registered, "image").inputs as { tags: Record<string, string> };
    assert.equal(tags["pv-to-hvm:helper"], "started-again");
  });
});

/** The same account, with the snapshot that this conversion has made, and without its image. */
function deregistered(tags: Record<string, string>): World {
  const getSnapshot: (typeof ANSWERS)[string] = (args) => {
    const isOwn = JSON.stringify(args.filters ?? "").includes('["snapshot"]');
    return isOwn ? { snapshotId: "snap-0fffffffffffffff1", tags } : ANSWERS[GET_SNAPSHOT](args);
  };
  return { calls: { ...stoppedHelper().calls, [GET_SNAPSHOT]: getSnapshot } };
}

/** An account in which this migration's helper, of ARGS's key, is stopped. */
function stoppedHelper(): World {
  const tags: Record<string, string> = {
    "pv-to-hvm:role": "helper",
    "pv-to-hvm:stack": "project/stack",
    "pv-to-hvm:migration": "web",
    "pv-to-hvm:conversion": digest([`source.imageId=${IDS.image}`]),
  };
  type Query = { filters: { name: string; values: string[] }[]; instanceStateNames: string[] };
  const getInstances = (args: Record<string, unknown>) => {
    const { filters, instanceStateNames } = args as unknown as Query;
    const passes = filters.every(({ name, values }) => values.includes(tags[name.replace(/^tag:/, "")]));
    return { ids: passes && instanceStateNames.includes("stopped") ? ["web-helper-id"] : [] };
  };
  return { calls: { "aws:ec2/getInstances:getInstances": getInstances } };
}

/** An account in which ARGS is published. */
function finished(tags: Record<string, string> = {}): World {
  return worldWith([publishedImage(undefined, tags)]);
}

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

  for (const [until, stop] of [
    ["inspect", "stop-after-inspect"],
    ["rehearse", "helper-stop"],
    ["publish", "workbench"],
  ] as const) {
    it(`has helperId of a migration until ${until} only when its helper is stopped`, async () => {
      let isStopped = false;
      const state = {
        get state() {
          isStopped = true;
          return "stopped";
        },
      };
      const { migration } = await register({ ...ARGS, until }, { states: { [`web-${stop}`]: state } });
      const id = await new Promise((resolve) => migration.helperId.apply(resolve));
      assert.deepEqual([id, isStopped], ["web-helper-id", true]);
    });
  }

  it("is named by helperId", async () => {
    const { migration } = await register(ARGS);
    const id = await new Promise((resolve) => migration.helperId.apply(resolve));
    assert.equal(id, "web-helper-id");
  });
});
