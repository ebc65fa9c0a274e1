/** A migration's resources and look-ups on the aws provider, without the engine: what that does with each, in its order. */
import assert from "node:assert/strict";
import { HELPER_IMAGE_ID, SAMPLE_SNAPSHOT_ID } from "../../../local/cloud/seed";
import type { Properties, Provider } from "../../../local/providers/provider";
import { AMI, ATTACHMENT, GROUP, INSTANCE, Resource, SNAPSHOT, STATE, VOLUME } from "./awsResource";

const SUBNET = "subnet-00000000000000001";
const VPC = "vpc-00000000000000001";
/** `project/stack` of all that it makes. */
export const STACK = "pv-to-hvm/real";

/** As the component names and tags them. */
export const tagged = (role: string) => ({
  Name: `web-${role}`,
  "pv-to-hvm:migration": "web",
  "pv-to-hvm:role": role,
  "pv-to-hvm:stack": STACK,
});

/** The resources and look-ups of a migration of a snapshot, with a launch that nobody logs in to. */
export class Graph {
  protected access!: Resource;
  protected source!: Resource;
  protected destination!: Resource;
  protected helper!: Resource;
  protected attachments: Resource[] = [];
  protected workbench!: Resource;
  protected snapshot!: Resource;
  protected image!: Resource;
  protected instance!: Resource;

  constructor(private readonly provider: Provider) {}

  async lookUp(): Promise<void> {
    const stack = [{ name: "tag:pv-to-hvm:stack", values: [STACK] }];
    await this.ask("aws:ec2/getAmiIds:getAmiIds", { filters: stack, owners: ["self"] });
    const filters = [{ name: "name", values: ["debian-13-amd64-*"] }];
    await this.ask("aws:ec2/getAmi:getAmi", { filters, mostRecent: true, owners: ["136693071363"] });
    await this.ask("aws:ebs/getSnapshot:getSnapshot", { snapshotIds: [SAMPLE_SNAPSHOT_ID] });
    await this.ask("aws:ec2/getSubnet:getSubnet", { id: SUBNET });
    for (const instanceType of ["m8i-flex.large", "t3.micro"])
      await this.ask("aws:ec2/getInstanceType:getInstanceType", { instanceType });
  }

  async up(): Promise<void> {
    await this.lookUp();
    await this.build("one");
    this.instance = await this.make(INSTANCE, this.launchInputs());
  }

  /** Once something is published, the helper is asked where it is. */
  async lookUpAgain(): Promise<void> {
    await this.lookUp();
    await this.ask("aws:ec2/getInstance:getInstance", { instanceId: this.helper.id });
  }

  async refresh(): Promise<void> {
    for (const resource of [...this.workbenchs, this.snapshot, this.image, this.instance])
      assert.ok(await resource.refresh());
  }

  /** The launched instance keeps running; of a replaced attachment nothing is asked, for it goes with the helper. */
  async replace(): Promise<void> {
    await this.lookUp();
    const [image, snapshot, helper, access, source, destination] = [
      ...[this.image, this.snapshot, this.helper, this.access, this.source, this.destination],
    ];
    await this.build("two");
    for (const old of [image, snapshot, helper, access, source, destination]) await old.delete();
  }

  async tag(more: Properties): Promise<void> {
    await this.lookUp();
    const tagged = [this.source, this.access, this.destination, this.helper, this.snapshot, this.image];
    for (const resource of [...tagged, this.instance]) {
      const { inputs } = resource;
      const root = inputs.rootBlockDevice as Properties | undefined;
      await resource.update({
        ...inputs,
        tags: { ...(inputs.tags as Properties), ...more },
        ...(root && { rootBlockDevice: { ...root, tags: { ...(root.tags as Properties), ...more } } }),
      });
    }
  }

  async removeWorkbench(): Promise<void> {
    const filters = [{ name: "image-id", values: [this.image.id] }];
    await this.ask("aws:ec2/getAmi:getAmi", { filters, owners: ["self"] });
    await this.ask("aws:ebs/getSnapshot:getSnapshot", { snapshotIds: [this.snapshot.id] });
    for (const resource of [this.helper, this.destination, this.source, this.access]) await resource.delete();
  }

  async destroy(): Promise<void> {
    for (const resource of [this.instance, this.image, this.snapshot]) await resource.delete();
  }

  /** Of the launched instance. */
  protected launchInputs(): Properties {
    return {
      ami: this.image.id,
      instanceType: "t3.micro",
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "optional" },
      rootBlockDevice: { tags: tagged("root") },
      subnetId: SUBNET,
      tags: tagged("instance"),
    };
  }

  private get workbenchs(): Resource[] {
    return [this.source, this.destination, this.access, ...this.attachments, this.helper, this.workbench];
  }

  private async build(revision: string): Promise<void> {
    const zone = { availabilityZone: "us-east-1a", encrypted: true, type: "gp3" };
    const everywhere = { cidrBlocks: ["0.0.0.0/0"], ipv6CidrBlocks: ["::/0"], protocol: "tcp" };
    this.access = await this.make(GROUP, {
      egress: [443, 80].map((port) => ({ ...everywhere, fromPort: port, toPort: port })),
      ingress: [{ cidrBlocks: ["198.51.100.7/32"], fromPort: 22, protocol: "tcp", toPort: 22 }],
      tags: tagged("access"),
      vpcId: VPC,
    });
    this.source = await this.make(VOLUME, {
      ...zone,
      snapshotId: SAMPLE_SNAPSHOT_ID,
      tags: tagged("source"),
    });
    this.destination = await this.make(VOLUME, { ...zone, size: 2, tags: tagged("destination") });
    this.helper = await this.make(INSTANCE, {
      ami: HELPER_IMAGE_ID,
      associatePublicIpAddress: true,
      cpuOptions: { nestedVirtualization: "enabled" },
      instanceType: "m8i-flex.large",
      metadataOptions: { httpEndpoint: "enabled", httpPutResponseHopLimit: 1, httpTokens: "required" },
      rootBlockDevice: { encrypted: true, tags: tagged("helper-root"), volumeSize: 20, volumeType: "gp3" },
      subnetId: SUBNET,
      tags: tagged("helper"),
      userData: "#cloud-config",
      vpcSecurityGroupIds: [this.access.id],
    });
    await this.ask("aws:ec2/getInstance:getInstance", { instanceId: this.helper.id });
    const attach = (volume: Resource, deviceName: string) =>
      this.make(ATTACHMENT, { deviceName, instanceId: this.helper.id, volumeId: volume.id });
    this.attachments = [await attach(this.source, "/dev/sdf"), await attach(this.destination, "/dev/sdg")];
    this.workbench = await this.make(STATE, { instanceId: this.helper.id, state: "stopped" });
    this.snapshot = await this.make(SNAPSHOT, {
      description: "converted",
      tags: tagged("snapshot"),
      volumeId: this.destination.id,
    });
    this.image = await this.make(AMI, {
      architecture: "x86_64",
      bootMode: "legacy-bios",
      ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: this.snapshot.id, volumeType: "gp3" }],
      enaSupport: true,
      name: `web-${revision}`,
      rootDeviceName: "/dev/sda1",
      tags: tagged("image"),
      virtualizationType: "hvm",
    });
  }

  protected make(type: string, inputs: Properties): Promise<Resource> {
    return Resource.create(this.provider, type, inputs, "web");
  }

  protected ask(token: string, args: Properties): Promise<Properties> {
    return this.provider.functions[token](args);
  }
}
