import assert from "node:assert/strict";
import { HELPER_IMAGE_ID, seed } from "../../../local/cloud/seed";
import { performConsoleAction } from "../../../local/commands/consoleActions";
import type { Properties, Provider } from "../../../local/providers/provider";
import { newFixture, seedFiles, type Fixture } from "../cloud/fixture";
import { openAws, type OpenedAws } from "./awsDoor";
import { AMI, ATTACHMENT, GROUP, INSTANCE, KEY_PAIR, Resource, SNAPSHOT, STATE, VOLUME } from "./awsResource";

const zone = { availabilityZone: "us-east-1a" };
const PUBLIC_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

/** One of each, on each other. */
interface Stack {
  volume: Resource;
  attachment: Resource;
  snapshot: Resource;
  image: Resource;
  instance: Resource;
  group: Resource;
  keyPair: Resource;
  state: Resource;
}

describe("after something was done by hand, a refresh", () => {
  let fixture: Fixture;
  let aws: OpenedAws;
  let provider: Provider;
  let stack: Stack;
  beforeEach(async () => {
    fixture = newFixture();
    await fixture.cloud.keyPairs.import("local", PUBLIC_KEY);
    await seed(fixture.cloud, seedFiles(fixture));
    aws = await openAws(fixture.cloud);
    provider = aws.provider;
    stack = await create();
  });
  afterEach(async () => {
    await aws.close();
    fixture.remove();
  });

  const byHand = (word: string, { id }: Resource) => performConsoleAction(fixture.cloud, word, id);
  type Case = [done: string, deeds: () => Promise<unknown>, gone: (keyof Stack)[]];
  const gone: Case[] = [
    ["a volume detached", () => byHand("detach", stack.volume), ["attachment"]],
    [
      "a volume deleted",
      async () => {
        await byHand("detach", stack.volume);
        await byHand("delete", stack.volume);
      },
      ["volume", "attachment"],
    ],
    ["an image deregistered", () => byHand("deregister", stack.image), ["image"]],
    [
      "a snapshot deleted",
      async () => {
        await byHand("deregister", stack.image);
        await byHand("delete", stack.snapshot);
      },
      ["snapshot", "image"],
    ],
    [
      "an instance terminated",
      () => byHand("terminate", stack.instance),
      ["attachment", "instance", "state"],
    ],
    [
      "a security group deleted",
      async () => {
        await byHand("terminate", stack.instance);
        await byHand("delete", stack.group);
      },
      ["attachment", "instance", "group", "state"],
    ],
    ["a key pair deleted", () => fixture.cloud.keyPairs.delete(stack.keyPair.id), ["keyPair"]],
  ];
  for (const [done, deeds, expected] of gone) {
    it(`finds ${done}: ${expected.join(", ")} gone and all else there`, async () => {
      await deeds();
      const missing: string[] = [];
      for (const [name, resource] of Object.entries(stack)) {
        if (!(await (resource as Resource).refresh())) missing.push(name);
      }
      assert.deepEqual(missing.sort(), [...expected].sort());
    });

    it(`finds ${done}, and a delete of what is gone does nothing`, async () => {
      await deeds();
      for (const name of expected) await stack[name].delete();
    });
  }

  it("finds an instance that was stopped, without a public address", async () => {
    await byHand("stop", stack.instance);
    await stack.instance.refresh();
    await stack.state.refresh();
    const { instanceState, publicIp, publicDns } = stack.instance.state;
    assert.deepEqual([instanceState, publicIp, publicDns], ["stopped", "", ""]);
    assert.deepEqual((await stack.state.diff({ instanceId: stack.instance.id, state: "running" }))?.changed, [
      "state",
    ]);
  });

  it("finds an instance that was stopped and started on its new address", async () => {
    const { publicIp } = stack.instance.state;
    await byHand("stop", stack.instance);
    await byHand("start", stack.instance);
    await stack.instance.refresh();
    assert.equal(stack.instance.state.instanceState, "running");
    assert.match(String(stack.instance.state.publicIp), /^198\.1[89]\./);
    assert.notEqual(stack.instance.state.publicIp, publicIp);
  });

  it("finds a volume that grew and rules that were added", async () => {
    const { cloud } = fixture;
    await cloud.volumes.modify(stack.volume.id, { sizeGb: 3 });
    const rule = { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlocks: ["0.0.0.0/0"] };
    await cloud.securityGroups.modify(stack.group.id, { ingress: [rule] });
    await stack.volume.refresh();
    await stack.group.refresh();
    assert.deepEqual((await stack.volume.diff({ ...zone, size: 1 }))?.changed, ["size"]);
    assert.deepEqual((await stack.group.diff({ name: "access", ingress: [] }))?.changed, ["ingress"]);
  });

  it("finds an attachment that another run made and did not live to write down", async () => {
    const { volume, instance, attachment } = stack;
    const inputs = { deviceName: "/dev/sdf", instanceId: instance.id, volumeId: volume.id };
    const again = await Resource.create(provider, ATTACHMENT, inputs);
    assert.equal(again.id, attachment.id);
  });

  async function create(): Promise<Stack> {
    const make = (type: string, inputs: Properties) => Resource.create(provider, type, inputs);
    const group = await make(GROUP, { name: "access" });
    const keyPair = await make(KEY_PAIR, { keyName: "mine", publicKey: PUBLIC_KEY });
    const volume = await make(VOLUME, { ...zone, size: 1 });
    const snapshot = await make(SNAPSHOT, { volumeId: volume.id });
    const image = await make(AMI, {
      virtualizationType: "hvm",
      enaSupport: true,
      rootDeviceName: "/dev/sda1",
      ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: snapshot.id }],
    });
    const launch = { ami: HELPER_IMAGE_ID, instanceType: "m8i.large", vpcSecurityGroupIds: [group.id] };
    const instance = await make(INSTANCE, launch);
    const attached = { deviceName: "/dev/sdf", instanceId: instance.id, volumeId: volume.id };
    const attachment = await make(ATTACHMENT, attached);
    const state = await make(STATE, { instanceId: instance.id, state: "running" });
    return { volume, attachment, snapshot, image, instance, group, keyPair, state };
  }
});

describe("what is done by hand", () => {
  let fixture: Fixture;
  beforeEach(() => (fixture = newFixture()));
  afterEach(() => fixture.remove());

  for (const [word, id, message] of [
    [
      "stop",
      "vol-0123456789abcdef0",
      'stop: needs the id of what it is done to, i-…, got "vol-0123456789abcdef0".',
    ],
    ["delete", "", 'delete: needs the id of what it is done to, vol-… or snap-… or sg-…, got "".'],
    ["detach", "vol-0123456789abcdef0", "The volume 'vol-0123456789abcdef0' does not exist."],
    ["deregister", "ami-01", 'Invalid id: "ami-01" (expecting "ami-...")'],
  ]) {
    it(`is refused: ${word} ${id || "nothing"}`, async () => {
      await assert.rejects(performConsoleAction(fixture.cloud, word, id), { message });
    });
  }
});
