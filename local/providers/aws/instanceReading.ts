/** What pulumi-aws asks EC2 of an instance, in its order: one request after the other. */
import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstanceTypesCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  DescribeVpcsCommand,
  type DescribeInstanceAttributeCommandOutput,
  type Instance,
  type InstanceAttributeName,
  type InstanceTypeInfo,
  type Volume,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import { volumeIdsOf } from "./blockDevices";
import type { Client } from "./client";
import { findInstance } from "./instancePower";

/** An instance, and what EC2 says of it in other answers. */
export interface ReadInstance {
  instance: Instance;
  volumes: Volume[];
  isInDefaultVpc: boolean;
  /** Of the resource alone. */
  shutdownBehavior?: string;
  disableApiStop: boolean;
  disableApiTermination: boolean;
  /** Base64, as EC2 has it. */
  userData?: string;
  /** Of T types alone. */
  cpuCredits?: string;
}

/** For the resource, which asks for a launch template and the shutdown's behaviour besides. */
export async function readInstance(client: Client, id: string): Promise<ReadInstance | undefined> {
  const instance = await findInstance(client, `reading EC2 Instance (${id})`, id);
  // Of a terminated one nothing more is asked: it is taken for gone.
  if (!instance || instance.State?.Name === "terminated") return undefined;
  const type = await findType(client, instance.InstanceType);
  await lookForLaunchTemplate(client, id);
  const isInDefaultVpc = await isDefaultVpc(client, instance);
  const behavior = await attribute(client, id, "instanceInitiatedShutdownBehavior");
  const read = await readRest(client, instance, type, isInDefaultVpc);
  return { ...read, shutdownBehavior: behavior.InstanceInitiatedShutdownBehavior?.Value };
}

/** For the look-up. */
export async function readFound(client: Client, instance: Instance): Promise<ReadInstance> {
  const type = await findType(client, instance.InstanceType);
  const isInDefaultVpc = await isDefaultVpc(client, instance);
  return readRest(client, instance, type, isInDefaultVpc);
}

async function readRest(
  client: Client,
  instance: Instance,
  type: InstanceTypeInfo | undefined,
  isInDefaultVpc: boolean,
): Promise<ReadInstance> {
  const id = instance.InstanceId ?? "";
  const volumes = await findVolumes(client, instance);
  const stop = await attribute(client, id, "disableApiStop");
  const termination = await attribute(client, id, "disableApiTermination");
  const data = await attribute(client, id, "userData");
  return {
    instance,
    volumes,
    isInDefaultVpc,
    disableApiStop: stop.DisableApiStop?.Value ?? false,
    disableApiTermination: termination.DisableApiTermination?.Value ?? false,
    userData: data.UserData?.Value,
    cpuCredits: type?.BurstablePerformanceSupported ? await cpuCredits(client, id) : undefined,
  };
}

async function findType(
  client: Client,
  name: _InstanceType | undefined,
): Promise<InstanceTypeInfo | undefined> {
  const request = new DescribeInstanceTypesCommand({ InstanceTypes: name && [name] });
  return (await client.call(`reading EC2 Instance Type (${name})`, request)).InstanceTypes?.[0];
}

/** There are no launch templates here; pulumi-aws asks all the same. */
async function lookForLaunchTemplate(client: Client, id: string): Promise<void> {
  const Filters = [
    { Name: "key", Values: ["aws:ec2launchtemplate:id"] },
    { Name: "resource-id", Values: [id] },
  ];
  await client.call(`reading EC2 Instance (${id}) launch template`, new DescribeTagsCommand({ Filters }));
}

/** In the default VPC groups are shown by their names as well. pulumi-aws passes over a refusal. */
async function isDefaultVpc(client: Client, { VpcId }: Instance): Promise<boolean> {
  if (!VpcId) return false;
  const request = new DescribeVpcsCommand({ VpcIds: [VpcId] });
  const found = await client.unless(/^/, `reading EC2 VPC (${VpcId})`, request);
  return found?.Vpcs?.[0]?.IsDefault ?? false;
}

async function findVolumes(client: Client, instance: Instance): Promise<Volume[]> {
  const ids = volumeIdsOf(instance);
  if (ids.length === 0) return [];
  const request = new DescribeVolumesCommand({ VolumeIds: ids });
  return (await client.call(`reading EC2 Instance (${instance.InstanceId})`, request)).Volumes ?? [];
}

function attribute(
  client: Client,
  InstanceId: string,
  Attribute: InstanceAttributeName,
): Promise<DescribeInstanceAttributeCommandOutput> {
  const request = new DescribeInstanceAttributeCommand({ Attribute, InstanceId });
  return client.call(`getting attribute (${Attribute})`, request);
}

async function cpuCredits(client: Client, id: string): Promise<string | undefined> {
  const request = new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [id] });
  const doing = `reading EC2 Instance (${id}) credit specification`;
  return (await client.call(doing, request)).InstanceCreditSpecifications?.[0]?.CpuCredits;
}
