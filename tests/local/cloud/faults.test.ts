import assert from "node:assert/strict";
import { Cloud } from "../../../local/cloud/cloud";
import { assertRefused, newFixture, type Fixture } from "./fixture";

describe("injected faults", () => {
  let fixture: Fixture;
  let cloud: Cloud;
  beforeEach(() => ({ cloud } = fixture = newFixture()));
  afterEach(() => fixture.remove());

  const createVolume = () => cloud.request("CreateVolume", async () => "made");

  it("refuse the next call of their action, once, in EC2's own words", async () => {
    await cloud.faults.add({ action: "CreateVolume", code: "RequestLimitExceeded" });
    await assertRefused(createVolume, "RequestLimitExceeded", "Request limit exceeded.");
    assert.equal(await createVolume(), "made");
    assert.deepEqual(await cloud.faults.list(), []);
  });

  it("let other actions pass", async () => {
    await cloud.faults.add({ action: "CreateVolume", code: "VolumeLimitExceeded" });
    assert.equal(await cloud.request("DeleteVolume", async () => "gone"), "gone");
  });

  it("come as often as was asked for, one after the other, with the message that was given", async () => {
    await cloud.faults.add({ action: "CreateVolume", code: "First", message: "one", times: 2 });
    await cloud.faults.add({ action: "CreateVolume", code: "Second", message: "two" });
    await assertRefused(createVolume, "First", "one");
    await assertRefused(createVolume, "First", "one");
    await assertRefused(createVolume, "Second", "two");
    assert.equal(await createVolume(), "made");
  });

  it("are met by another process on the same folder, and by one call only of several at once", async () => {
    const other = new Cloud(cloud.directory, { openMachine: fixture.machines.open });
    await other.faults.add({ action: "CreateVolume", code: "RequestLimitExceeded" });
    const outcomes = await Promise.allSettled([createVolume(), createVolume(), createVolume()]);
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), ["fulfilled", "fulfilled", "rejected"]);
  });

  it("can be taken back", async () => {
    await cloud.faults.add({ action: "CreateVolume", code: "RequestLimitExceeded", times: 9 });
    await cloud.faults.clear();
    assert.equal(await createVolume(), "made");
  });

  for (const [what, request, message] of [
    [
      "an action that is none of EC2's here",
      { action: "MakeVolume", code: "RequestLimitExceeded" },
      /^MakeVolume: the local cloud has no such action. It has AssociateIamInstanceProfile, AttachVolume, /,
    ],
    [
      "a code without words",
      { action: "CreateVolume", code: "Odd" },
      /^Odd: needs a message. The codes that have one of their own: RequestLimitExceeded, /,
    ],
    [
      "half a call",
      { action: "CreateVolume", code: "RequestLimitExceeded", times: 0.5 },
      /^times: must be a whole number of 1 or more, got 0.5\.$/,
    ],
  ] as const) {
    it(`refuse ${what} when they are set`, async () => {
      await assert.rejects(cloud.faults.add(request), { message });
      assert.deepEqual(await cloud.faults.list(), []);
    });
  }
});
