/** A fleet in moto: images of its own file, and what refers to them, made by AWS' SDK. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CopyImageCommand,
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  type EC2ClientConfig,
  ModifyImageAttributeCommand,
  RequestSpotFleetCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  type Tag,
} from "@aws-sdk/client-ec2";
import { type Moto, startMoto } from "../../local/moto";

/** moto's own account. */
export const ACCOUNT = "123456789012";
export const REGION = "us-east-1";

/** What each region of each account of moto has from the beginning: `ami-00000000000000001` is a paravirtual one. */
const IMAGES = [
  image("ami-00000000000000001", { name: "web-2012" }),
  image("ami-00000000000000002", { name: "batch-2011", architecture: "i386" }),
  image("ami-00000000000000003", { name: "store-2010", root_device_type: "instance-store" }),
  image("ami-00000000000000004", { name: "sold-2013", product_codes: ["abcdefghijklmnopqrstuvwxy"] }),
  image("ami-00000000000000005", { name: "shop-2013", owner_id: "999999999999", public: true }),
  image("ami-00000000000000006", { name: "today", virtualization_type: "hvm" }),
];

function image(ami_id: string, more: object) {
  return {
    ...{ ami_id, state: "available", image_type: "machine", image_location: "x", description: "" },
    ...{ owner_id: null, public: false, virtualization_type: "paravirtual", architecture: "x86_64" },
    ...{ platform: null, hypervisor: "xen", root_device_name: "/dev/sda1", root_device_type: "ebs" },
    ...{ sriov: "", ...more },
  };
}

/** Starts moto with these images. */
export function startFleet(env: Record<string, string> = {}): Promise<Moto> {
  const file = join(mkdtempSync(join(tmpdir(), "moto-")), "amis.json");
  writeFileSync(file, JSON.stringify(IMAGES));
  return startMoto({ MOTO_AMIS_PATH: file, ...env });
}

/** Makes what a fleet has, in a region, as who has these credentials. */
export class FleetMaker {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;

  constructor(
    url: string,
    region = REGION,
    credentials: EC2ClientConfig["credentials"] = { accessKeyId: "test", secretAccessKey: "test" },
  ) {
    this.ec2 = new EC2Client({ region, endpoint: url, credentials });
    this.autoScaling = new AutoScalingClient({ region, endpoint: url, credentials });
  }

  end(): void {
    this.ec2.destroy();
    this.autoScaling.destroy();
  }

  /** Another image, with a snapshot of its own. Gives the id. */
  async copy(Name: string, SourceImageId = "ami-00000000000000001", tags: Tag[] = []): Promise<string> {
    const SourceRegion = await this.ec2.config.region();
    const { ImageId = "" } = await this.ec2.send(new CopyImageCommand({ Name, SourceImageId, SourceRegion }));
    await this.tag(ImageId, tags);
    return ImageId;
  }

  async tag(id: string, Tags: Tag[]): Promise<void> {
    if (Tags.length > 0) await this.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  }

  async rootOf(imageId: string): Promise<string> {
    const { Images = [] } = await this.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }));
    return Images[0].BlockDeviceMappings?.[0].Ebs?.SnapshotId ?? "";
  }

  async deregister(ImageId: string): Promise<void> {
    await this.ec2.send(new DeregisterImageCommand({ ImageId }));
  }

  async share(ImageId: string, UserId: string): Promise<void> {
    const LaunchPermission = { Add: [{ UserId }] };
    await this.ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission }));
  }

  /** Launches so many instances. Gives their ids. */
  async run(ImageId: string, name: string, count = 1): Promise<string[]> {
    const TagSpecifications = [{ ResourceType: "instance" as const, Tags: [{ Key: "Name", Value: name }] }];
    const request = {
      ImageId,
      MinCount: count,
      MaxCount: count,
      InstanceType: "m1.small" as const,
      TagSpecifications,
    };
    const { Instances = [] } = await this.ec2.send(new RunInstancesCommand(request));
    return Instances.map(({ InstanceId = "" }) => InstanceId);
  }

  async stop(...InstanceIds: string[]): Promise<void> {
    await this.ec2.send(new StopInstancesCommand({ InstanceIds }));
  }

  /** A template with a version for each image. Gives its id. */
  async template(LaunchTemplateName: string, [first, ...others]: string[]): Promise<string> {
    const LaunchTemplateData = { ImageId: first };
    const { LaunchTemplate } = await this.ec2.send(
      new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData }),
    );
    for (const ImageId of others)
      await this.ec2.send(
        new CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId } }),
      );
    return LaunchTemplate?.LaunchTemplateId ?? "";
  }

  async configuration(LaunchConfigurationName: string, ImageId: string): Promise<void> {
    const request = { LaunchConfigurationName, ImageId, InstanceType: "m1.small" };
    await this.autoScaling.send(new CreateLaunchConfigurationCommand(request));
  }

  async group(
    AutoScalingGroupName: string,
    by:
      { LaunchConfigurationName: string } | { LaunchTemplate: { LaunchTemplateId: string; Version: string } },
    DesiredCapacity: number,
  ): Promise<void> {
    const { Subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({}));
    const sizes = { MinSize: 0, MaxSize: 5, DesiredCapacity, VPCZoneIdentifier: Subnets[0].SubnetId };
    await this.autoScaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, ...by, ...sizes }));
  }

  async spotFleet(ImageId: string): Promise<void> {
    const { Subnets = [] } = await this.ec2.send(new DescribeSubnetsCommand({}));
    const LaunchSpecifications = [
      { ImageId, InstanceType: "m1.small" as const, SubnetId: Subnets[0].SubnetId, WeightedCapacity: 1 },
    ];
    const SpotFleetRequestConfig = {
      ...{ IamFleetRole: `arn:aws:iam::${ACCOUNT}:role/fleet`, TargetCapacity: 1, SpotPrice: "0.1" },
      ...{ AllocationStrategy: "lowestPrice" as const, LaunchSpecifications },
    };
    await this.ec2.send(new RequestSpotFleetCommand({ SpotFleetRequestConfig }));
  }
}
