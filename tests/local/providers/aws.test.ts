import assert from "node:assert/strict";
import type { Context, Properties, Provider } from "../../../local/providers/provider";
import { SAMPLE_IMAGE_ID, HELPER_IMAGE_ID, seed } from "../../../local/cloud/seed";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { openAws, refusal, type OpenedAws } from "./awsDoor";
import { AMI, ATTACHMENT, GROUP, INSTANCE, KEY_PAIR, Resource, SNAPSHOT, STATE, VOLUME } from "./awsResource";

const zone = { availabilityZone: "us-east-1a" };
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

describe("the aws provider's resources", () => {
  let fixture: Fixture;
  let aws: OpenedAws;
  let provider: Provider;
  let create: (type: string, inputs: Properties, name?: string) => Promise<Resource>;
  beforeEach(async () => {
    fixture = newFixture();
    // With a key of that name there already, none has to be made: RSA of 3072 bits takes a second.
    await fixture.cloud.keyPairs.import("local", PUBLIC_KEY);
    await seed(fixture.cloud, seedFiles(fixture));
    aws = await openAws(fixture.cloud);
    provider = aws.provider;
    create = (type, inputs, name) => Resource.create(provider, type, inputs, name);
  });
  afterEach(async () => {
    await aws.close();
    fixture.remove();
  });

  /** The least that makes one of each, for what they have in common. */
  const samples: [string, () => Promise<Properties>][] = [
    [VOLUME, async () => ({ ...zone, size: 1, tags: { Name: "disk" } })],
    [
      SNAPSHOT,
      async () => ({ volumeId: (await create(VOLUME, { ...zone, size: 1 })).id, description: "of a disk" }),
    ],
    [AMI, () => hvmImage()],
    [INSTANCE, async () => ({ ami: HELPER_IMAGE_ID, instanceType: "m8i.large", userData: "#cloud-config" })],
    [ATTACHMENT, () => attachment()],
    [GROUP, async () => ({ ingress: [rule(22), rule(80)], egress: [rule(443)] })],
    [KEY_PAIR, async () => ({ publicKey: PUBLIC_KEY })],
    [STATE, async () => ({ instanceId: (await helper()).id, state: "stopped" })],
  ];
  for (const [type, sample] of samples) {
    it(`${type} is there after create, unchanged after refresh, and gone after delete`, async () => {
      const inputs = await sample();
      const resource = await create(type, inputs);
      assert.equal(await resource.refresh(), true);
      assert.deepEqual((await resource.diff(inputs))?.changed, []);
      await resource.delete();
      if (type !== STATE) assert.equal(await resource.refresh(), false);
      await resource.delete();
    });

    it(`${type} gives every output that it promises`, async () => {
      const { handler, state } = await create(type, await sample());
      const missing = (handler.outputs ?? []).filter((name) => state[name] === undefined);
      // Only T types have credits.
      const silent = /^creditSpecification$/;
      assert.deepEqual(
        missing.filter((name) => !silent.test(name)),
        [],
      );
    });

    it(`${type} refuses a property that it does not know`, async () => {
      await assert.rejects(create(type, { ...(await sample()), colour: "red" }), {
        message: `colour: the local stand-in for ${type} does not have it. Leave it out, or use the real provider.`,
      });
    });
  }

  const changes: [string, () => Promise<Properties>, Properties, string[]][] = [
    [VOLUME, async () => ({ ...zone, size: 1 }), { size: 2 }, []],
    [VOLUME, async () => ({ ...zone, size: 1 }), { tags: { a: "b" } }, []],
    [VOLUME, async () => ({ ...zone, size: 1 }), { availabilityZone: "us-east-1b" }, ["availabilityZone"]],
    [VOLUME, async () => ({ ...zone, size: 1 }), { encrypted: true }, ["encrypted"]],
    [SNAPSHOT, async () => ({ volumeId: "vol-1" }), { description: "other" }, ["description"]],
    [AMI, () => hvmImage(), { description: "other" }, []],
    [AMI, () => hvmImage(), { enaSupport: false }, ["enaSupport"]],
    [AMI, () => hvmImage(), { ebsBlockDevices: [] }, ["ebsBlockDevices"]],
    [INSTANCE, () => helperInputs(), { instanceType: "c8i.large" }, []],
    [INSTANCE, () => helperInputs(), { userData: "other" }, []],
    [INSTANCE, () => helperInputs(), { userData: "other", userDataReplaceOnChange: true }, ["userData"]],
    [INSTANCE, () => helperInputs(), { ami: SAMPLE_IMAGE_ID }, ["ami"]],
    [INSTANCE, () => helperInputs(), { cpuOptions: { nestedVirtualization: "enabled" } }, ["cpuOptions"]],
    [INSTANCE, () => helperInputs(), { rootBlockDevice: { volumeSize: 9 } }, []],
    [INSTANCE, () => helperInputs(), { rootBlockDevice: { encrypted: true } }, ["rootBlockDevice"]],
    [
      ATTACHMENT,
      async () => ({ deviceName: "/dev/sdf", instanceId: "i-1", volumeId: "vol-1" }),
      { volumeId: "vol-2" },
      ["volumeId"],
    ],
    [GROUP, async () => ({ description: "one" }), { description: "other" }, ["description"]],
    [GROUP, async () => ({ ingress: [] }), { ingress: [{ fromPort: 22 }] }, []],
    [STATE, async () => ({ instanceId: "i-1", state: "running" }), { state: "stopped" }, []],
  ];
  for (const [type, inputs, change, replaces] of changes) {
    const verb = replaces.length > 0 ? "is replaced" : "stays";
    it(`${type} ${verb} when ${JSON.stringify(change)} is new`, async () => {
      const handler = provider.resources[type];
      const olds = await inputs();
      const news = { ...olds, ...change };
      const found = await handler.diff?.("id", olds, news, {});
      assert.ok(Object.keys(change).some((name) => found?.changed.includes(name)));
      assert.deepEqual(found?.replaces, replaces);
    });
  }

  it("an image whose name the user chose goes before its successor comes, unless the name changes too", async () => {
    const named = await create(AMI, await hvmImage("converted"));
    const change = { bootMode: "legacy-bios" };
    assert.equal((await named.diff({ ...named.inputs, ...change }))?.deleteBeforeReplace, true);
    assert.equal(
      (await named.diff({ ...named.inputs, ...change, name: "other" }))?.deleteBeforeReplace,
      false,
    );
  });

  it("a name of Pulumi's making begins with the resource's own and stays", async () => {
    const group = await create(GROUP, {}, "access");
    assert.match(String(group.state.name), /^access-[0-9a-f]{7}$/);
    assert.deepEqual((await group.diff({}))?.changed, []);
    assert.equal((await group.diff({ description: "new" }))?.deleteBeforeReplace, false);
  });

  it("an image that says nothing is refused, since pulumi-aws says paravirtual and SR-IOV for it", async () => {
    const { ebsBlockDevices, rootDeviceName } = await hvmImage();
    await assert.rejects(create(AMI, { name: "silent", ebsBlockDevices, rootDeviceName }), {
      message: refusal(
        "creating EC2 AMI (silent)",
        "RegisterImage",
        "InvalidParameterCombination",
        "The parameter sriovNetSupport is only supported for images with a virtualization type of 'hvm', got 'paravirtual'",
      ),
    });
  });

  it("encrypted together with a snapshot is refused before EC2 is asked, as pulumi-aws does", async () => {
    const inputs = await hvmImage();
    const [device] = inputs.ebsBlockDevices as Properties[];
    await assert.rejects(create(AMI, { ...inputs, ebsBlockDevices: [{ ...device, encrypted: true }] }), {
      message: "ebsBlockDevices[0]: can't set both 'snapshot_id' and 'encrypted'. Leave encrypted out.",
    });
  });

  it("a resource of another region is refused", async () => {
    await assert.rejects(create(VOLUME, { ...zone, size: 1, region: "eu-west-1" }), {
      message:
        "region: the local stand-in works in its provider's region, us-east-1, alone; got eu-west-1. Use a provider of that region.",
    });
  });

  it("a new type stops the instance and starts it on another address", async () => {
    const instance = await helper();
    const { publicIp } = instance.state;
    await instance.update({ ...instance.inputs, instanceType: "c8i.large" });
    assert.equal(instance.state.instanceType, "c8i.large");
    assert.notEqual(instance.state.publicIp, publicIp);
    assert.deepEqual(fixture.machines.calls.slice(-2), ["stop", "start container boot-record"]);
  });

  it("a type that the instance cannot start on leaves it running as it was", async () => {
    const instance = await helper();
    await assert.rejects(
      instance.update({ ...instance.inputs, instanceType: "t4g.small" }),
      /api error InvalidParameterValue/,
    );
    await instance.refresh();
    assert.deepEqual([instance.state.instanceState, instance.state.instanceType], ["running", "m8i.large"]);
  });

  it("a new type starts an instance that was stopped, as pulumi-aws does", async () => {
    const instance = await helper();
    await create(STATE, { instanceId: instance.id, state: "stopped" });
    await instance.update({ ...instance.inputs, instanceType: "c8i.large" });
    assert.equal(instance.state.instanceState, "running");
  });

  it("a preview of a new type shows the addresses as unknown, and of a new tag as they are", async () => {
    const { handler, inputs, state } = await helper();
    const preview = (change: Properties) => handler.preview?.({ ...inputs, ...change }, state).publicIp;
    assert.equal(preview({ instanceType: "c8i.large" }), undefined);
    assert.equal(preview({ tags: { a: "b" } }), state.publicIp);
  });

  it("InstanceState stops and starts, and a stopped instance shows no public address", async () => {
    const instance = await helper();
    const state = await create(STATE, { instanceId: instance.id, state: "stopped" });
    await instance.refresh();
    assert.deepEqual([instance.state.instanceState, instance.state.publicIp], ["stopped", ""]);
    await state.update({ instanceId: instance.id, state: "running" });
    await instance.refresh();
    assert.equal(instance.state.instanceState, "running");
    assert.match(String(instance.state.publicIp), /^198\.1[89]\./);
  });

  it("a tag that somebody took away shows after a refresh", async () => {
    const volume = await create(VOLUME, { ...zone, size: 1, tags: { Name: "disk" } });
    await fixture.cloud.volumes.modify(volume.id, { tags: {} });
    await volume.refresh();
    assert.deepEqual((await volume.diff({ ...zone, size: 1, tags: { Name: "disk" } }))?.changed, [
      "tags",
      "tagsAll",
    ]);
  });

  it("a volume that is attached cannot be deleted, however long the delete waits", async () => {
    const inputs = await attachment();
    await create(ATTACHMENT, inputs);
    const deleted = provider.resources[VOLUME].delete(
      String(inputs.volumeId),
      {},
      {
        urn: "",
        timeoutSeconds: 0.2,
        log: () => undefined,
        signal: new AbortController().signal,
      },
    );
    await assert.rejects(deleted, {
      message: refusal(
        `deleting EBS Volume (${String(inputs.volumeId)})`,
        "DeleteVolume",
        "VolumeInUse",
        `Volume ${String(inputs.volumeId)} is currently attached to ${String(inputs.instanceId)}`,
      ),
    });
  });

  it("a machine that does not start fails the create with its reason", async () => {
    fixture.machines.failing.set("start", "it needs root");
    await assert.rejects(
      helper(),
      /unexpected state 'terminated', wanted target 'running'. last error: Server.InternalError: it needs root$/,
    );
  });

  it("what is being made is finished and recorded when the engine cancels", async () => {
    const stopped = AbortSignal.abort();
    const context: Context = { urn: "urn:pulumi:s::p::t::n", log: () => undefined, signal: stopped };
    const { id } = await provider.resources[VOLUME].create({ ...zone, size: 1 }, context);
    assert.match(id, /^vol-/);
  });

  async function helperInputs(): Promise<Properties> {
    return { ami: HELPER_IMAGE_ID, instanceType: "m8i.large" };
  }

  async function helper(): Promise<Resource> {
    return create(INSTANCE, await helperInputs(), "helper");
  }

  async function attachment(): Promise<Properties> {
    const volume = await create(VOLUME, { ...zone, size: 1 });
    return { deviceName: "/dev/sdf", instanceId: (await helper()).id, volumeId: volume.id };
  }

  async function hvmImage(name?: string): Promise<Properties> {
    const volume = await create(VOLUME, { ...zone, size: 1 });
    const { id } = await create(SNAPSHOT, { volumeId: volume.id });
    return {
      ...(name && { name }),
      virtualizationType: "hvm",
      enaSupport: true,
      rootDeviceName: "/dev/sda1",
      ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: id, volumeType: "gp3" }],
    };
  }

  function rule(port: number): Properties {
    return { protocol: "tcp", fromPort: port, toPort: port, cidrBlocks: ["0.0.0.0/0"] };
  }
});
