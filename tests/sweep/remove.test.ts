import { strict as assert } from "node:assert";
import type { Item } from "../../sweep/item";
import { type Removal, removeAll } from "../../sweep/remove";
import { id, item, recordingEc2 } from "./made";

const on = (short: string, deleteOnTermination = false) => ({ instanceId: id(short), deleteOnTermination });
const WORKBENCH = [
  item("snap-1"),
  item("ami-1"),
  item("sg-1"),
  item("vol-1", { role: "helper-root", attachment: on("i-1", true) }),
  item("vol-2", { attachment: on("i-1") }),
  item("vol-3"),
  item("i-1"),
];

async function removing(items: Item[], refusals: Record<string, string[]> = {}) {
  const ec2 = recordingEc2(refusals);
  const pauses: number[] = [];
  const lines: string[] = [];
  const removals = await removeAll(items, {
    ec2,
    pause: async (seconds) => void pauses.push(seconds),
    log: (line) => lines.push(line),
  });
  const calls = ec2.calls.map((call) => call.replace(/-0+(\d+)/, "-$1"));
  return { removals, calls, pauses, lines };
}

const errorsIn = (removals: Removal[]) =>
  Object.fromEntries(removals.flatMap(({ item: { id: of }, error }) => (error ? [[of, error]] : [])));

describe("removing", () => {
  it("goes by what needs what, waits for instances, and leaves their root volumes to them", async () => {
    const { removals, calls, pauses, lines } = await removing(WORKBENCH);
    assert.deepEqual(calls, [
      ...["remove i-1", "state i-1", "state i-1", "state i-1"],
      ...["remove vol-2", "remove vol-3", "remove sg-1", "remove ami-1", "remove snap-1"],
    ]);
    assert.deepEqual(pauses, [5, 5]);
    assert.deepEqual(errorsIn(removals), {});
    assert.equal(removals.length, WORKBENCH.length);
    assert.equal(lines.length, WORKBENCH.length);
    assert.equal(lines[0], `${id("i-1")}: removed`);
  });

  it("asks all instances to end before it waits for the first", async () => {
    const { calls } = await removing([item("i-1"), item("i-2")]);
    assert.deepEqual(calls.slice(0, 2), ["remove i-1", "remove i-2"]);
  });

  it("goes on after a failure, and leaves alone what hangs on an instance that did not end", async () => {
    const { removals, calls } = await removing(WORKBENCH, {
      [id("i-1")]: ["OperationNotPermitted"],
      [id("vol-3")]: ["UnauthorizedOperation"],
    });
    const left = `left, since ${id("i-1")} could not be ended`;
    assert.deepEqual(errorsIn(removals), {
      [id("i-1")]: "OperationNotPermitted: EC2 says no",
      [id("vol-1")]: left,
      [id("vol-2")]: left,
      [id("vol-3")]:
        "UnauthorizedOperation: EC2 says no. policies/sweep.json has the right (docs/rights.md).",
    });
    assert.deepEqual(calls, ["remove i-1", "remove vol-3", "remove sg-1", "remove ami-1", "remove snap-1"]);
  });

  const GONE: [string, string][] = [
    ["i-1", "InvalidInstanceID.NotFound"],
    ["vol-1", "InvalidVolume.NotFound"],
    ["sg-1", "InvalidGroup.NotFound"],
    ["ami-1", "InvalidAMIID.NotFound"],
    ["ami-1", "InvalidAMIID.Unavailable"],
    ["snap-1", "InvalidSnapshot.NotFound"],
  ];
  for (const [short, code] of GONE) {
    it(`takes ${code} for an answer: somebody was faster`, async () => {
      const { removals } = await removing([item(short)], { [id(short)]: [code] });
      assert.deepEqual(errorsIn(removals), {});
    });
  }

  it("tries a group again while EC2 still counts the ended instance in", async () => {
    const { removals, calls } = await removing([item("sg-1")], {
      [id("sg-1")]: ["DependencyViolation", "DependencyViolation"],
    });
    assert.deepEqual(errorsIn(removals), {});
    assert.equal(calls.length, 3);
  });

  it("does not try a group that an instance is in which did not end", async () => {
    const items = [item("sg-1"), item("sg-2"), item("i-1", { groupIds: [id("sg-1")] })];
    const { removals, calls } = await removing(items, { [id("i-1")]: ["OperationNotPermitted"] });
    assert.equal(errorsIn(removals)[id("sg-1")], `left, since ${id("i-1")} could not be ended`);
    assert.deepEqual(calls, ["remove i-1", "remove sg-2"]);
  });

  it("gives a group up that something else uses", async () => {
    const { removals, pauses } = await removing([item("sg-1")], {
      [id("sg-1")]: Array(100).fill("DependencyViolation"),
    });
    assert.deepEqual(errorsIn(removals), { [id("sg-1")]: "DependencyViolation: EC2 says no" });
    assert.equal(pauses.length, 11);
  });

  it("gives an instance up that does not end", async () => {
    const ec2 = { ...recordingEc2(), instanceState: async () => "shutting-down" };
    const options = { ec2, pause: async () => undefined, log: () => undefined };
    const removals = await removeAll([item("i-1"), item("vol-1", { attachment: on("i-1") })], options);
    assert.match(removals[0].error ?? "", /had not ended after 10 minutes/);
    assert.match(removals[1].error ?? "", /could not be ended/);
  });
});
