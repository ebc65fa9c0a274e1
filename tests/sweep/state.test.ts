import { strict as assert } from "node:assert";
import { readState } from "../../sweep/state";
import { id } from "./made";

const URN = "urn:pulumi:prod::images::pv-to-hvm:index:PvToHvmMigration$aws:x:Y::web-helper";

describe("what is read of a stack's state", () => {
  /** The listed name, the page's address, a resource's URN, and the value of the tag. */
  const TAGS: [string, string | undefined, string | undefined, string | undefined][] = [
    // A file or a bucket.
    ["organization/images/prod", undefined, undefined, "images/prod"],
    // Names are shortened where a Pulumi.yaml in the current folder names the project.
    ["prod", undefined, URN, "images/prod"],
    ["prod", undefined, undefined, undefined],
    // Pulumi's service.
    ["acme/images/prod", "https://app.pulumi.com/acme/images/prod", undefined, "images/prod"],
    ["acme/prod", "https://app.pulumi.com/acme/images/prod", undefined, "images/prod"],
    ["prod", "https://app.pulumi.com/me/images/prod", undefined, "images/prod"],
    // What the state says of itself comes first.
    ["organization/images/old", undefined, URN, "images/prod"],
  ];
  for (const [name, url, urn, tag] of TAGS) {
    it(`finds the tag ${tag} for ${name}${url ? ` at ${url}` : ""}${urn ? " by its resources" : ""}`, () => {
      assert.equal(readState({ name, url }, { resources: urn ? [{ urn }] : [] }).tag, tag);
    });
  }

  it("holds the ids of resources, of those in the making too", () => {
    const state = readState(
      { name: "organization/images/prod" },
      {
        resources: [{ urn: URN, id: id("i-1") }, { urn: "urn:pulumi:prod::images::x:y:Z::no-id" }],
        pending_operations: [
          { type: "deleting", resource: { urn: URN.replace("helper", "old-helper"), id: id("i-2") } },
          { type: "creating", resource: { urn: URN.replace("helper", "snapshot") } },
        ],
      },
    );
    assert.deepEqual(Object.fromEntries(state.holds), {
      [id("i-1")]: "web-helper",
      [id("i-2")]: "web-old-helper",
    });
    assert.deepEqual(state.creating, ["web-snapshot"]);
  });

  it("notes every id that stands in an input or an output, and nothing that only looks like one", () => {
    const outputs = {
      image: id("ami-1"),
      nested: [{ text: `root of ${id("i-2")}, from ${id("snap-3")}` }],
      old: "vol-1a2b3c4d",
      none: ["eni-00000000000000001", "subnet-00000000000000001", "vol-xyz", "ami-123"],
    };
    const resource = { urn: URN, outputs };
    const { mentions, holds } = readState({ name: "organization/images/prod" }, { resources: [resource] });
    assert.deepEqual(
      [...mentions.keys()].sort(),
      [id("ami-1"), id("i-2"), id("snap-3"), "vol-1a2b3c4d"].sort(),
    );
    assert.equal(holds.size, 0);
  });

  it("is at home with an empty state", () => {
    const { holds, mentions, creating } = readState({ name: "organization/images/prod" }, {});
    assert.deepEqual([holds.size, mentions.size, creating], [0, 0, []]);
  });
});
