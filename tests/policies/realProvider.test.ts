/**
 * What the real provider sent to EC2 (tests/local/providers/fixtures), request for request, under the policies that are
 * shipped. Values of tags were left out of that recording: each thing gets the role that it had.
 */
import assert from "node:assert/strict";
import { understand } from "../../local/ec2Api/door";
import type { Thing } from "../../local/rights/asked";
import { allAsked } from "../../local/rights/rights";
import { recordedRequests } from "../local/providers/awsRecording";
import { simulate } from "../local/rights/simulator";
import type { Met } from "../local/rights/witness";
import { filledIn, ROLES, type RoleName } from "./roles";
import { distinct, notMissedIn, refusedOf } from "./takeAway";

const STACK = "pv-to-hvm/real";
/** Stories that a role for previews has to get through. */
const LOOKING = ["preview of a new stack", "refresh"];
/** Refused with a right and without, and passed over: no policy has it. */
const HARMLESS = "GetInstanceUefiData";

/** What each thing of the recording is to the migration. The rest was there before: a snapshot, Debian's image, the network. */
const ROLE_OF: Record<string, string> = {
  "sg-1fcf6bf923b8a4bf0": "access",
  "vol-43df65daa3a6f91e6": "source",
  "vol-9b37025bb9b37e30a": "destination",
  "i-0e1b60dfad368461e": "helper",
  "vol-d057b5e46c901f7ea": "helper-root",
  "snap-5632fea989a1f6eb4": "snapshot",
  "ami-de7af99f1a7e3b56c": "image",
  "i-6338abecb04aca44e": "instance",
  "vol-0c7e0e950f6c48ae9": "root",
  // Of the second revision.
  "sg-4557b55e65d82a5e3": "access",
  "vol-204e4519e27683ce0": "source",
  "vol-d547114dd619de4f9": "destination",
  "i-6ed8f95828746da0b": "helper",
  "vol-0ee4886ac7f5bca16": "helper-root",
  "snap-534a68f1910636e26": "snapshot",
  "ami-408938f0555ffad33": "image",
};
/** Made without tags, which come in a request of their own. */
const TAGGED_LATER = ["helper-root", "image", "root"];

type Raw = Record<string, string>;

/** The role of what a request makes or tags, by what the requests differ in. */
function roleIn(request: Raw): string {
  switch (request.Action) {
    case "CreateSecurityGroup":
      return "access";
    case "CreateVolume":
      return request.SnapshotId === undefined ? "destination" : "source";
    case "RunInstances":
      return request["NetworkInterface.1.AssociatePublicIpAddress"] === undefined ? "instance" : "helper";
    case "CreateSnapshot":
      return "snapshot";
    default:
      return ROLE_OF[request["ResourceId.1"]] ?? "";
  }
}

/** With a value for each key of a tag. */
function withTagValues(request: Raw): Raw {
  const values: Raw = { "pv-to-hvm:role": roleIn(request), "pv-to-hvm:stack": STACK };
  const keys = Object.entries(request).filter(([name]) => /\bTag\.\d+\.Key$/.test(name));
  const added = keys.map(([name, key]) => [name.replace(/Key$/, "Value"), values[key] ?? "x"]);
  return { ...request, ...(Object.fromEntries(added) as Raw) };
}

/** Everything that the recorded stories ask IAM, by the role that plays them. */
async function played(): Promise<Met[]> {
  const tagged = new Set(Object.keys(ROLE_OF).filter((id) => !TAGGED_LATER.includes(ROLE_OF[id])));
  const thingOf = async (id: string): Promise<Thing> => ({
    tags: tagged.has(id) ? { "pv-to-hvm:role": ROLE_OF[id], "pv-to-hvm:stack": STACK } : {},
    ...(/^(ami|snap)-/.test(id) ? { ownerId: id in ROLE_OF ? "000000000000" : "136693071363" } : {}),
  });
  const met: Met[] = [];
  for (const [story, requests] of Object.entries(recordedRequests())) {
    const caller: RoleName = LOOKING.includes(story) ? "preview" : "up";
    for (const request of requests.map(withTagValues)) {
      const { action, input } = understand(new Map(Object.entries(request)));
      if (action === HARMLESS) continue;
      const asked = await allAsked({ action, input, region: "us-east-1", account: "000000000000" }, thingOf);
      met.push({ caller, asked });
      if (action === "CreateTags") tagged.add(request["ResourceId.1"]);
    }
  }
  return met;
}

describe("what the real provider sent to EC2", function () {
  this.timeout(120_000);
  let met: Met[];
  before(async () => (met = distinct(await played())));

  it("is allowed by the policies that are shipped, each request of it", () => {
    assert.ok(met.length > 60, `only ${met.length}`);
    assert.deepEqual(refusedOf(met), []);
  });

  it("is refused wherever one of the actions that it asked for is taken away", () => {
    for (const name of ROLES.up) {
      const { actions, notMissed } = notMissedIn(name, met);
      assert.ok(actions.length > 10, `only ${actions} of ${name}`);
      assert.deepEqual(notMissed, []);
    }
  });

  it("is decided the same by a simulator of IAM that nobody here wrote", async () => {
    for (const { caller, asked } of met) {
      const policies = ROLES[caller as RoleName].map((name) => JSON.parse(filledIn(name)) as object);
      for (const each of asked)
        assert.equal(await simulate(policies, each), "allowed", `${caller}: ${each.action} on ${each.arn}`);
    }
  });
});
