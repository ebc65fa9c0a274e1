import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { GROUP_TAG } from "../../../components/checks/instanceChecks";
import type { InstanceRecord } from "../../../local/cloud/instanceRecord";
import { HELPER_IMAGE_ID, SAMPLE_IMAGE_ID, SAMPLE_SNAPSHOT_ID, seed } from "../../../local/cloud/seed";
import { Collection } from "../../../local/cloud/store";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, newVolume, seedFiles, type Fixture } from "../cloud/fixture";
import { openAws, type OpenedAws } from "./awsDoor";

/** All that pulumi-aws 7.48.0 shows of an instance's root volume. */
const BLOCK_DEVICE = [
  ...["deleteOnTermination", "deviceName", "encrypted", "iops", "kmsKeyId", "tags", "throughput"],
  ...["volumeId", "volumeSize", "volumeType"],
];

describe("the aws provider's functions", () => {
  let fixture: Fixture;
  let aws: OpenedAws;
  let provider: Provider;
  before(async () => {
    fixture = newFixture();
    await seed(fixture.cloud, seedFiles(fixture));
    // Two that are nobody's, for whoever asks without saying which.
    await newVolume(fixture.cloud);
    await newVolume(fixture.cloud);
    aws = await openAws(fixture.cloud);
    provider = aws.provider;
  });
  after(async () => {
    await aws.close();
    fixture.remove();
  });

  const call = (token: string, args: Properties = {}) => provider.functions[token](args);

  it("getAmi finds an old PV image and shows how it boots", async () => {
    const image = await call("aws:ec2/getAmi:getAmi", { owners: ["self"], includeDeprecated: true });
    const { id, virtualizationType, kernelId, rootSnapshotId, rootDeviceName } = image;
    assert.deepEqual(
      { id, virtualizationType, kernelId, rootSnapshotId, rootDeviceName },
      {
        id: SAMPLE_IMAGE_ID,
        virtualizationType: "paravirtual",
        kernelId: "aki-919dcaf8",
        rootSnapshotId: "snap-00000000000000001",
        rootDeviceName: "/dev/sda1",
      },
    );
    assert.deepEqual((image.blockDeviceMappings as Properties[])[1], {
      deviceName: "/dev/sdb",
      ebs: {},
      noDevice: "",
      virtualName: "ephemeral0",
    });
  });

  it("getAmi finds the newest of Debian's images by its name", async () => {
    const filters = [{ name: "name", values: ["debian-13-amd64-*"] }];
    const { id } = await call("aws:ec2/getAmi:getAmi", {
      owners: ["136693071363"],
      mostRecent: true,
      filters,
    });
    assert.equal(id, HELPER_IMAGE_ID);
  });

  it("getAmiIds gives what it finds, none included", async () => {
    const ids = async (owners: string[]) => (await call("aws:ec2/getAmiIds:getAmiIds", { owners })).ids;
    assert.deepEqual(await ids(["self"]), [SAMPLE_IMAGE_ID]);
    assert.deepEqual(await ids(["amazon"]), []);
  });

  const refusals: [string, string, Properties, RegExp][] = [
    [
      "nothing found",
      "aws:ec2/getAmi:getAmi",
      { owners: ["amazon"] },
      /^Error: Your query returned no results\./,
    ],
    ["too much found", "aws:ec2/getAmi:getAmi", {}, /^Error: Your query returned more than one result\./],
    [
      "the newest of anybody",
      "aws:ec2/getAmi:getAmi",
      { mostRecent: true },
      /Most Recent Image Not Filtered/,
    ],
    [
      "an unknown filter",
      "aws:ec2/getAmi:getAmi",
      { filters: [{ name: "colour", values: ["red"] }] },
      /^Error: reading EC2 AMIs: operation error EC2: DescribeImages, https response error StatusCode: 400, RequestID: [-0-9a-f]{36}, api error InvalidParameterValue: The filter 'colour' is invalid$/,
    ],
    [
      "an unknown argument",
      "aws:ec2/getAmi:getAmi",
      { colour: "red" },
      /the local stand-in does not have colour\. Leave it out/,
    ],
    [
      "another region",
      "aws:ec2/getVpc:getVpc",
      { region: "eu-west-1" },
      /works in its provider's region, us-east-1, alone; got eu-west-1\. Use/,
    ],
    [
      "an unknown type",
      "aws:ec2/getInstanceType:getInstanceType",
      { instanceType: "x9.huge" },
      /api error InvalidInstanceType: The following supplied instance types do not exist: \[x9\.huge\]/,
    ],
    [
      "a lost subnet",
      "aws:ec2/getSubnet:getSubnet",
      { id: "subnet-0123456789abcdef0" },
      /api error InvalidSubnetID\.NotFound: The subnet ID 'subnet-0123456789abcdef0' does not exist$/,
    ],
    [
      "a zone without a subnet",
      "aws:ec2/getSubnet:getSubnet",
      { availabilityZone: "us-east-1z" },
      /^Error: no matching EC2 Subnet found$/,
    ],
    [
      "a lost snapshot",
      "aws:ebs/getSnapshot:getSnapshot",
      { snapshotIds: ["snap-0123456789abcdef0"] },
      /api error InvalidSnapshot\.NotFound/,
    ],
    [
      "several volumes",
      "aws:ebs/getVolume:getVolume",
      { filters: [{ name: "availability-zone", values: ["us-east-1a"] }] },
      /^Error: Your query returned more than one result\./,
    ],
    [
      "an unknown filter",
      "aws:ec2/getInstances:getInstances",
      { filters: [{ name: "colour", values: ["red"] }] },
      /^Error: reading EC2 Instances: operation error EC2: DescribeInstances, https response error StatusCode: 400, RequestID: [-0-9a-f]{36}, api error InvalidParameterValue: The filter 'colour' is invalid$/,
    ],
    [
      "an unknown filter",
      "aws:ebs/getVolume:getVolume",
      { filters: [{ name: "colour", values: ["red"] }] },
      /^Error: reading EBS Volumes: operation error EC2: DescribeVolumes, https response error StatusCode: 400, RequestID: [-0-9a-f]{36}, api error InvalidParameterValue/,
    ],
    [
      "a lost instance",
      "aws:ec2/getInstance:getInstance",
      { instanceId: "i-0123456789abcdef0" },
      /^Error: no matching EC2 Instance found$/,
    ],
  ];
  for (const [what, token, args, expected] of refusals) {
    it(`${token.split(":").pop()} refuses ${what}`, () => assert.rejects(call(token, args), expected));
  }

  const types: [string, Properties][] = [
    [
      "m1.small",
      {
        hypervisor: "xen",
        supportedVirtualizationTypes: ["paravirtual"],
        enaSupport: "unsupported",
        ebsNvmeSupport: "unsupported",
      },
    ],
    [
      "c3.large",
      {
        hypervisor: "xen",
        supportedVirtualizationTypes: ["hvm", "paravirtual"],
        supportedArchitectures: ["i386", "x86_64"],
      },
    ],
    [
      "t3.micro",
      {
        hypervisor: "nitro",
        supportedVirtualizationTypes: ["hvm"],
        enaSupport: "required",
        ebsNvmeSupport: "required",
        supportedCpuFeatures: [],
      },
    ],
    [
      "m8i-flex.large",
      { supportedCpuFeatures: ["nested-virtualization"], bootModes: ["legacy-bios", "uefi"] },
    ],
    ["t4g.small", { supportedArchitectures: ["arm64"], bootModes: ["uefi"] }],
  ];
  for (const [instanceType, expected] of types) {
    it(`getInstanceType knows ${instanceType}`, async () => {
      const found = await call("aws:ec2/getInstanceType:getInstanceType", { instanceType });
      assert.deepEqual(
        Object.fromEntries(Object.keys(expected).map((name) => [name, found[name]])),
        expected,
      );
    });
  }

  it("getInstanceTypeOfferings has a row for each zone of a type, and none for a type that nobody knows", async () => {
    const token = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings";
    const offered = async (...filters: [name: string, ...values: string[]][]) => {
      const { instanceTypes, locations } = await call(token, {
        locationType: "availability-zone",
        filters: filters.map(([name, ...values]) => ({ name, values })),
      });
      return (instanceTypes as string[]).map((type, row) => `${type} ${(locations as string[])[row]}`);
    };
    assert.deepEqual(await offered(["instance-type", "m5.large", "m99.huge"]), [
      "m5.large us-east-1a",
      "m5.large us-east-1b",
    ]);
    assert.deepEqual(await offered(["instance-type", "m5.large"], ["location", "us-east-1e"]), []);
    const inRegion = { filters: [{ name: "instance-type", values: ["m5.large"] }], locationType: "region" };
    assert.deepEqual((await call(token, inRegion)).locations, ["us-east-1"]);
  });

  it("getEncryptionByDefault says that nothing is encrypted unasked", async () => {
    const { enabled } = await call("aws:ebs/getEncryptionByDefault:getEncryptionByDefault");
    assert.equal(enabled, false);
  });

  it("getInstance shows a running instance and its disks", async () => {
    const { instanceId, publicIp } = await fixture.cloud.instances.run({
      imageId: HELPER_IMAGE_ID,
      instanceType: "t3.micro",
    });
    await fixture.cloud.background.settled();
    const found = await call("aws:ec2/getInstance:getInstance", { instanceId });
    assert.deepEqual([found.instanceState, found.publicIp], ["running", publicIp]);
    assert.equal((found.rootBlockDevices as Properties[])[0].deviceName, "/dev/xvda");
  });

  it("getInstance tells the root volume from the others, with all that pulumi-aws shows of them", async () => {
    const { cloud } = fixture;
    const { instanceId } = await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium" });
    const data = await newVolume(cloud);
    await cloud.background.settled();
    await cloud.attachments.attach(data.volumeId, instanceId, "/dev/sdf");
    await cloud.background.settled();
    const found = await call("aws:ec2/getInstance:getInstance", { instanceId });
    const [root] = found.rootBlockDevices as Properties[];
    const [other] = found.ebsBlockDevices as Properties[];
    assert.deepEqual(Object.keys(root).sort(), BLOCK_DEVICE);
    assert.deepEqual(Object.keys(other).sort(), [...BLOCK_DEVICE, "snapshotId"].sort());
    assert.deepEqual([root.deviceName, root.volumeSize, root.volumeType], ["/dev/sda1", 1, "standard"]);
    assert.deepEqual([other.deviceName, other.volumeId], ["/dev/sdf", data.volumeId]);
    // The image maps ephemeral0; pulumi-aws does not look there.
    assert.deepEqual(found.ephemeralBlockDevices, []);
  });

  it("getInstances tells by filters what getInstance does not show", async () => {
    const { cloud } = fixture;
    const request = { imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium", tags: { team: "old web" } };
    const { instanceId, publicIp, privateIp } = await cloud.instances.run(request);
    await cloud.background.settled();
    const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
    const ids = async (name: string, value: string) => {
      const filters = [
        { name: "instance-id", values: [instanceId] },
        { name, values: [value] },
      ];
      return (await call("aws:ec2/getInstances:getInstances", { filters })).ids;
    };
    for (const [name, value] of [
      ["virtualization-type", "paravirtual"],
      ["root-device-type", "ebs"],
      ["architecture", "x86_64"],
      ["block-device-mapping.volume-id", volumeId],
      ["instance-state-name", "running"],
      ["tag:team", "old *"],
    ])
      assert.deepEqual(await ids(name, value), [instanceId], name);
    for (const [name, value] of [
      ["virtualization-type", "hvm"],
      ["root-device-type", "instance-store"],
      ["product-code.type", "marketplace"],
      ["instance-state-name", "stopped"],
    ])
      assert.deepEqual(await ids(name, value), [], name);
    const found = await call("aws:ec2/getInstances:getInstances", { instanceTags: { team: "old web" } });
    assert.deepEqual([found.ids, found.publicIps, found.privateIps], [[instanceId], [publicIp], [privateIp]]);
  });

  it("getInstance leaves out the tags that are AWS' own, and getInstances finds by their names", async () => {
    const { cloud } = fixture;
    const request = { imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium", tags: { team: "web" } };
    const [{ instanceId }, { instanceId: alone }] = [
      await cloud.instances.run(request),
      await cloud.instances.run(request),
    ];
    await cloud.background.settled();
    // As an Auto Scaling group does it; a user's call is refused.
    const file = path.join(fixture.directory, "cloud/state/instances", `${instanceId}.json`);
    const record = JSON.parse(readFileSync(file, "utf8")) as InstanceRecord;
    const tags = { ...record.tags, [GROUP_TAG]: "old-web" };
    await new Collection<InstanceRecord>(path.dirname(file)).put(instanceId, { ...record, tags });

    const found = await call("aws:ec2/getInstance:getInstance", { instanceId });
    assert.deepEqual(found.tags, { team: "web" });
    const grouped = async (id: string) => {
      const filters = [
        { name: "instance-id", values: [id] },
        { name: "tag-key", values: [GROUP_TAG] },
      ];
      return (await call("aws:ec2/getInstances:getInstances", { filters })).ids;
    };
    assert.deepEqual([await grouped(instanceId), await grouped(alone)], [[instanceId], []]);
  });

  it("getInstances finds running ones alone, unless states are named", async () => {
    const { cloud } = fixture;
    const { instanceId } = await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium" });
    await cloud.background.settled();
    await cloud.instances.stop(instanceId);
    await cloud.background.settled();
    const filters = [{ name: "instance-id", values: [instanceId] }];
    assert.deepEqual((await call("aws:ec2/getInstances:getInstances", { filters })).ids, []);
    const instanceStateNames = ["stopped", "running"];
    const { ids } = await call("aws:ec2/getInstances:getInstances", { filters, instanceStateNames });
    assert.deepEqual(ids, [instanceId]);
  });

  it("getVolume finds a volume by its id, and by what it is attached to", async () => {
    const { cloud } = fixture;
    const { instanceId } = await cloud.instances.run({ imageId: SAMPLE_IMAGE_ID, instanceType: "m3.medium" });
    await cloud.background.settled();
    const [{ volumeId }] = await cloud.volumes.attachedTo(instanceId);
    const byId = { filters: [{ name: "volume-id", values: [volumeId] }] };
    const found = await call("aws:ebs/getVolume:getVolume", byId);
    assert.deepEqual(
      [found.id, found.size, found.volumeType, found.availabilityZone, found.snapshotId],
      [volumeId, 1, "standard", "us-east-1a", SAMPLE_SNAPSHOT_ID],
    );
    const attached = [{ name: "attachment.instance-id", values: [instanceId] }];
    assert.equal((await call("aws:ebs/getVolume:getVolume", { filters: attached })).id, volumeId);
    const free = { filters: [...byId.filters, { name: "status", values: ["available"] }] };
    await assert.rejects(
      call("aws:ebs/getVolume:getVolume", free),
      /^Error: Your query returned no results\./,
    );
  });

  it("getInstance shows a terminated instance as such, without addresses", async () => {
    const { cloud } = fixture;
    const request = { imageId: HELPER_IMAGE_ID, instanceType: "t3.micro" };
    const { instanceId } = await cloud.instances.run(request);
    await cloud.background.settled();
    await cloud.instances.terminate(instanceId);
    await cloud.background.settled();
    const found = await call("aws:ec2/getInstance:getInstance", { instanceId });
    const { instanceState, publicIp, privateIp, privateDns } = found;
    assert.deepEqual([instanceState, publicIp, privateIp, privateDns], ["terminated", "", "", ""]);
  });

  it("getAmi and getAmiIds find by several tags at once, whatever their names hold", async () => {
    const { cloud } = fixture;
    const own = {
      name: "tagged",
      enaSupport: true,
      virtualizationType: "hvm",
      architecture: "x86_64",
    } as const;
    const disk = { deviceName: "/dev/sda1", ebs: { snapshotId: SAMPLE_SNAPSHOT_ID } };
    const common = { "pv-to-hvm:migration": "old-web", "pv-to-hvm:stack": "images/prod" };
    const register = (name: string, tags: Record<string, string>) =>
      cloud.images.register({ ...own, name, tags, rootDeviceName: "/dev/sda1", blockDeviceMappings: [disk] });
    const { imageId } = await register("one", { ...common, "pv-to-hvm:input:destination.sizeGb": "4" });
    await register("other", { ...common, "pv-to-hvm:stack": "images/dev" });
    const filters = Object.entries(common).map(([tag, value]) => ({ name: `tag:${tag}`, values: [value] }));
    const query = { owners: ["self"], filters };
    assert.deepEqual((await call("aws:ec2/getAmiIds:getAmiIds", query)).ids, [imageId]);
    const found = await call("aws:ec2/getAmi:getAmi", query);
    assert.equal((found.tags as Properties)["pv-to-hvm:input:destination.sizeGb"], "4");
    const nobody = { ...query, filters: [...filters, { name: "tag-key", values: ["pv-to-hvm:role"] }] };
    assert.deepEqual((await call("aws:ec2/getAmiIds:getAmiIds", nobody)).ids, []);
    await cloud.background.settled();
  });

  it("the network is one VPC, with a subnet in the first of its zones", async () => {
    const { id: vpcId } = await call("aws:ec2/getVpc:getVpc", { default: true });
    const where = { availabilityZone: "us-east-1a", defaultForAz: true, vpcId };
    const subnet = await call("aws:ec2/getSubnet:getSubnet", where);
    assert.deepEqual([subnet.id, subnet.availabilityZone], ["subnet-00000000000000001", "us-east-1a"]);
    const zones = await call("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
    assert.deepEqual(zones.names, ["us-east-1a", "us-east-1b"]);
  });

  it("the account and the region are the local cloud's", async () => {
    assert.equal((await call("aws:index/getCallerIdentity:getCallerIdentity")).accountId, "000000000000");
    assert.equal((await call("aws:index/getRegion:getRegion")).name, "us-east-1");
  });

  it("the provider takes settings that say how AWS is reached, and refuses others by name", async () => {
    const { config } = aws;
    await provider.configure?.({ ...config, skipCredentialsValidation: "true" });
    await assert.rejects(
      async () => provider.configure?.({ ...config, defaultTags: "{}" }),
      /aws:defaultTags: the local stand-in for the provider does not have it\. Leave it out/,
    );
  });
});
