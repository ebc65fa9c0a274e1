/** What is asked, by previews that the real engine has printed. */
import assert from "node:assert/strict";
import { type DryRun, dryRunsOf } from "../../preflight/dryRuns";
import { plansOf } from "../../preflight/plan";
import { readPreview } from "../../cli/preview/readPreview";
import { readRecording } from "../previewReport/fixtures";
import { previewOf } from "../previewReport/made";

function planOf(recording: string) {
  return plansOf(readPreview(readRecording(recording), recording), "us-west-2").get("us-west-2")!;
}

const askedBy = (recording: string) => dryRunsOf(planOf(recording));
const named = (all: DryRun[], action: DryRun["action"]) => all.filter((each) => each.action === action);

describe("dry runs", () => {
  it("stand for each call that a new migration makes, with its own arguments", () => {
    const all = askedBy("new").filter(({ migration }) => migration === "web");
    assert.deepEqual(
      all.map(({ action, what }) => `${action}: ${what}`),
      [
        "CreateVolume: make the source volume in us-east-1a",
        "CreateVolume: make the destination volume in us-east-1a",
        "CreateSecurityGroup: make a security group in vpc-00000000000000001",
        "RunInstances: start the helper (m8i-flex.large in subnet-00000000000000001)",
        "RegisterImage: register an HVM image",
        "RunInstances: launch the new image (t3.micro in subnet-00000000000000001)",
      ],
    );
    const [{ input, inPlace }] = named(all, "RunInstances");
    const { NetworkInterfaces, MetadataOptions, TagSpecifications } = input as {
      NetworkInterfaces: object[];
      MetadataOptions: object;
      TagSpecifications: { ResourceType: string; Tags: { Key: string; Value: string }[] }[];
    };
    assert.deepEqual(NetworkInterfaces, [
      {
        DeviceIndex: 0,
        AssociatePublicIpAddress: true,
        SubnetId: "subnet-00000000000000001",
        Groups: undefined,
      },
    ]);
    assert.deepEqual(MetadataOptions, {
      HttpEndpoint: "enabled",
      HttpTokens: "required",
      HttpPutResponseHopLimit: 1,
    });
    assert.deepEqual(
      TagSpecifications.map(({ ResourceType }) => ResourceType),
      ["instance"],
    );
    assert.ok(TagSpecifications[0].Tags.some(({ Key }) => Key === "pv-to-hvm:stack"));
    assert.equal(inPlace, "asked without the security group that is still to be made");
  });

  it("ask for the source's stop, snapshot and start, and for a blank volume in place of the snapshot's", () => {
    const all = askedBy("new-from-instance");
    assert.deepEqual(
      named(all, "StopInstances").map(({ what }) => what),
      ["stop the source, i-0a000000000000001"],
    );
    assert.deepEqual(
      named(all, "StartInstances").map(({ what }) => what),
      ["start the source, i-0a000000000000001"],
    );
    assert.deepEqual(
      named(all, "CreateSnapshot").map(({ what }) => what),
      ["take a snapshot of the source, vol-0a000000000000002"],
    );
    // The destination comes first: the helper is there before the source is stopped.
    const [, source] = named(all, "CreateVolume");
    assert.equal((source.input as { Size?: number }).Size, 1);
    assert.match(source.inPlace ?? "", /^asked for a blank volume/);
  });

  it("ask for the deletion of what goes, by its id, and of nothing that is retained", () => {
    const deleted = askedBy("all-removed").map(({ action }) => action);
    assert.deepEqual([...new Set(deleted)].sort(), [
      "DeleteSecurityGroup",
      "DeleteSnapshot",
      "DeleteVolume",
      "DeregisterImage",
      "TerminateInstances",
    ]);
    const kept = { op: "delete", old: { retainOnDelete: true } };
    const plan = plansOf(previewOf({ web: { "": "delete", image: kept, snapshot: kept } }), "us-east-1");
    assert.deepEqual(dryRunsOf(plan.get("us-east-1")!), []);
  });

  it("launch the new image with the helper's in its place, as long as it is not there", () => {
    const launch = {
      op: "create",
      new: {
        inputs: {
          instanceType: "t3.micro",
          subnetId: "subnet-1",
          vpcSecurityGroupIds: ["sg-1"],
          keyName: "ops",
        },
      },
    };
    const helper = { op: "create", new: { inputs: { ami: "ami-1", instanceType: "m5.large" } } };
    const [plan] = plansOf(
      previewOf({ web: { "": "create", helper, instance: launch } }),
      "us-east-1",
    ).values();
    const { input, inPlace } = dryRunsOf(plan).find(({ what }) => what.startsWith("launch"))!;
    assert.deepEqual(input, {
      ...{ MinCount: 1, MaxCount: 1, ImageId: "ami-1", InstanceType: "t3.micro", KeyName: "ops" },
      ...{ SubnetId: "subnet-1", SecurityGroupIds: ["sg-1"] },
      ...{ MetadataOptions: undefined, CpuOptions: undefined, TagSpecifications: [] },
    });
    assert.equal(inPlace, "asked with the helper's image in place of the new one");
  });

  it("carry the provider's default tags, which rules of an account may ask for", () => {
    const config = { "aws:defaultTags": JSON.stringify({ tags: { CostCenter: "7" } }) };
    const destination = {
      op: "create",
      new: { inputs: { availabilityZone: "us-east-1a", size: 2, type: "gp3", tags: { a: "b" } } },
    };
    const [plan] = plansOf(
      previewOf({ web: { "": "create", destination } }, { config }),
      "us-east-1",
    ).values();
    const [{ input }] = dryRunsOf(plan);
    assert.deepEqual((input as { TagSpecifications: object[] }).TagSpecifications, [
      {
        ResourceType: "volume",
        Tags: [
          { Key: "CostCenter", Value: "7" },
          { Key: "a", Value: "b" },
        ],
      },
    ]);
  });
});

describe("a plan", () => {
  it("of a stack where nothing changes asks nothing", () => {
    assert.deepEqual(askedBy("nothing"), []);
    assert.deepEqual(planOf("nothing").sources, []);
  });

  it("names each source that will be read", () => {
    assert.deepEqual(
      planOf("new").sources.map(({ migration, imageId }) => [migration, imageId]),
      [
        ["database", undefined],
        ["web", "ami-00000000000000001"],
      ],
    );
    assert.deepEqual(
      planOf("new-from-instance").sources.map(({ instanceId }) => instanceId),
      ["i-0a000000000000001"],
    );
  });

  it("is one for each region that the resources name, or their provider", () => {
    const volume = (region?: string) => ({
      op: "create",
      new: { inputs: { availabilityZone: "z", size: 1, region } },
    });
    const preview = previewOf({
      here: { "": "create", destination: volume() },
      there: { "": "create", destination: volume("eu-west-1") },
    });
    assert.deepEqual(
      [...plansOf(preview, "us-east-1")].map(([region, { pieces }]) => [
        region,
        pieces.map(({ migration }) => migration),
      ]),
      [
        ["us-east-1", ["here"]],
        ["eu-west-1", ["there"]],
      ],
    );
  });

  it("knows how many helpers run at once: as the stack says, 4 where it is silent, all in a program of the user's own", () => {
    const lanes = (config: object) =>
      [...plansOf(previewOf({ web: { "": "create" } }, { config }), "us-east-1").values()][0].helpersAtOnce;
    assert.equal(lanes({ "pv-to-hvm:migrations": "{}" }), 4);
    assert.equal(lanes({ "pv-to-hvm:migrations": "{}", "pv-to-hvm:helpersAtOnce": "2" }), 2);
    assert.equal(lanes({}), undefined);
  });
});
