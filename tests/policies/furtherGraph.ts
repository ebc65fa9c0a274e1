/** What a migration does on the aws provider where its arguments change, and where its source is an instance. */
import { SEEDED_KEY_NAME } from "../../local/cloud/seed";
import type { Properties } from "../../local/providers/provider";
import { Graph, tagged } from "../local/providers/awsGraph";
import { ATTACHMENT, type Resource, SNAPSHOT, STATE, VOLUME } from "../local/providers/awsResource";

const ZONE = "us-east-1a";
const DEFAULT_GROUP = "sg-00000000000000001";

export class FurtherGraph extends Graph {
  private live: Resource[] = [];

  /** By what else the component looks things up. */
  async lookUpEverything(): Promise<void> {
    const filters = [{ name: "location", values: [ZONE] }];
    await this.ask("aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", {
      filters,
      locationType: "availability-zone",
    });
    await this.ask("aws:ec2/getKeyPair:getKeyPair", { keyName: SEEDED_KEY_NAME });
    await this.ask("aws:ec2/getSecurityGroup:getSecurityGroup", { id: this.access.id });
    await this.ask("aws:ebs/getEncryptionByDefault:getEncryptionByDefault", {});
    await this.ask("aws:ec2/getInstances:getInstances", {
      instanceStateNames: ["stopped"],
      filters: [{ name: "tag:pv-to-hvm:role", values: ["helper"] }],
    });
  }

  /** `helper.allowedCidrs`, `image.description`, `launch.instanceType`. */
  async changeArguments(): Promise<void> {
    const [rule] = this.access.inputs.ingress as Properties[];
    await this.change(this.access, { ingress: [{ ...rule, cidrBlocks: ["203.0.113.7/32"] }] });
    await this.change(this.image, { description: "the new one" });
    await this.change(this.instance, { instanceType: "t3.small" });
  }

  /** `launch.securityGroupIds`, there and back: a group that an instance is in cannot be deleted. */
  async changeGroups(): Promise<void> {
    await this.change(this.instance, { vpcSecurityGroupIds: [this.access.id] });
    await this.change(this.instance, { vpcSecurityGroupIds: [DEFAULT_GROUP] });
  }

  /** A tag that `tag` has put there is taken away again. */
  async untag(name: string): Promise<void> {
    for (const resource of [
      this.source,
      this.access,
      this.destination,
      this.helper,
      this.snapshot,
      this.image,
    ])
      await this.change(resource, { tags: without(resource.inputs.tags as Properties, name) });
  }

  /** A conversion that goes on on a helper which had been stopped. */
  async goOn(): Promise<void> {
    const instanceId = this.helper.id;
    await this.make(STATE, { instanceId, state: "running" });
    await this.make(STATE, { instanceId, state: "stopped" });
  }

  async lookAtSource(instanceId: string, volumeId: string): Promise<void> {
    await this.ask("aws:ec2/getInstance:getInstance", { instanceId });
    await this.ask("aws:ebs/getVolume:getVolume", { filters: [{ name: "volume-id", values: [volumeId] }] });
  }

  /** With `source.stopFirst`: the source volume is made after the helper. */
  async migrateLive(instanceId: string, volumeId: string): Promise<void> {
    await this.make(STATE, { instanceId, state: "stopped" });
    const snapshot = await this.make(SNAPSHOT, { volumeId, tags: tagged("source-snapshot") });
    await this.make(STATE, { instanceId, state: "running" });
    const source = await this.make(VOLUME, {
      ...{ availabilityZone: ZONE, encrypted: true, snapshotId: snapshot.id, type: "gp3" },
      tags: tagged("source"),
    });
    const named = { deviceName: "/dev/sdh", instanceId: this.helper.id, volumeId: source.id };
    this.live = [await this.make(ATTACHMENT, named), source, snapshot];
  }

  /** That source volume was made after its helper, so it is detached before it is deleted. */
  async removeLive(): Promise<void> {
    for (const resource of this.live) await resource.delete();
  }

  /** A key pair of the user's. */
  protected override launchInputs(): Properties {
    return { ...super.launchInputs(), keyName: SEEDED_KEY_NAME };
  }

  private change(resource: Resource, inputs: Properties): Promise<void> {
    return resource.update({ ...resource.inputs, ...inputs });
  }
}

function without(tags: Properties, name: string): Properties {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => key !== name));
}
