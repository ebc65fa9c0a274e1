import { randomUUID } from "node:crypto";
import type {
  BlockDeviceMapping,
  CpuOptionsRequest,
  InstanceMetadataOptionsRequest,
  RunInstancesRequest,
  ShutdownBehavior,
  VolumeType,
  _InstanceType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { findImage } from "./ami";
import type { Client } from "./client";
import { tagSpecifications } from "./tagging";
import { flag, number, object, requiredText, tagsIn, text, texts } from "./values";

/**
 * RunInstances' parameters as pulumi-aws sends them: false and empty ones too where it knows no silence. The name of the
 * root device is the image's, so that is asked for where the root volume is to be of a kind.
 */
export async function launchRequest(client: Client, inputs: Properties): Promise<RunInstancesRequest> {
  return {
    ...(await blockDevices(client, inputs)),
    ...network(inputs),
    ...options(inputs),
    ClientToken: randomUUID(),
    DisableApiTermination: flag(inputs, "disableApiTermination") ?? false,
    EbsOptimized: flag(inputs, "ebsOptimized") ?? false,
    HibernationOptions: { Configured: false },
    ImageId: requiredText(inputs, "ami"),
    InstanceType: requiredText(inputs, "instanceType") as _InstanceType,
    KeyName: text(inputs, "keyName") || undefined,
    MaxCount: 1,
    MinCount: 1,
    Monitoring: { Enabled: flag(inputs, "monitoring") ?? false },
    Placement: { AvailabilityZone: text(inputs, "availabilityZone") ?? "" },
    TagSpecifications: tagSpecifications("instance", tagsIn(inputs)),
    UserData: userDataIn(inputs)?.toString("base64"),
  };
}

async function blockDevices(
  client: Client,
  inputs: Properties,
): Promise<{ BlockDeviceMappings?: BlockDeviceMapping[] }> {
  const device = object(inputs, "rootBlockDevice");
  if (!device) return {};
  const image = await findImage(client, "creating EC2 Instance", requiredText(inputs, "ami"));
  if (!image?.RootDeviceName) return {};
  const Ebs = {
    DeleteOnTermination: flag(device, "deleteOnTermination") ?? true,
    Encrypted: flag(device, "encrypted") || undefined,
    Iops: number(device, "iops") || undefined,
    KmsKeyId: text(device, "kmsKeyId") || undefined,
    Throughput: number(device, "throughput") || undefined,
    VolumeSize: number(device, "volumeSize") || undefined,
    VolumeType: (text(device, "volumeType") || undefined) as VolumeType | undefined,
  };
  return { BlockDeviceMappings: [{ DeviceName: image.RootDeviceName, Ebs }] };
}

/** A public address that is said to be, or not to be, needs an interface of its own. */
function network(inputs: Properties): Partial<RunInstancesRequest> {
  const subnetId = text(inputs, "subnetId") || undefined;
  const groups = texts(inputs, "vpcSecurityGroupIds");
  const isPublic = flag(inputs, "associatePublicIpAddress");
  const Groups = groups && groups.length > 0 ? groups : undefined;
  if (subnetId === undefined || isPublic === undefined) {
    return { SecurityGroupIds: Groups, SubnetId: subnetId };
  }
  const own = { AssociatePublicIpAddress: isPublic, DeviceIndex: 0, Groups, SubnetId: subnetId };
  return { NetworkInterfaces: [own] };
}

function options(inputs: Properties): Partial<RunInstancesRequest> {
  const profile = text(inputs, "iamInstanceProfile");
  const maintenance = object(inputs, "maintenanceOptions");
  const behavior = text(inputs, "instanceInitiatedShutdownBehavior");
  return {
    CpuOptions: cpuOptions(inputs),
    CreditSpecification: creditSpecification(inputs),
    IamInstanceProfile: profile ? { Name: profile } : undefined,
    InstanceInitiatedShutdownBehavior: (behavior || undefined) as ShutdownBehavior | undefined,
    MaintenanceOptions: maintenance && { AutoRecovery: text(maintenance, "autoRecovery") as "default" },
    MetadataOptions: metadataOptions(inputs),
  };
}

function cpuOptions(inputs: Properties): CpuOptionsRequest | undefined {
  const given = object(inputs, "cpuOptions");
  return (
    given && {
      CoreCount: number(given, "coreCount") || undefined,
      NestedVirtualization: (text(given, "nestedVirtualization") || undefined) as "enabled" | undefined,
      ThreadsPerCore: number(given, "threadsPerCore") || undefined,
    }
  );
}

/** A T3 is `unlimited` unless the user says otherwise: pulumi-aws's own default. */
function creditSpecification(inputs: Properties): RunInstancesRequest["CreditSpecification"] {
  const given = object(inputs, "creditSpecification");
  if (given) return { CpuCredits: text(given, "cpuCredits") };
  return requiredText(inputs, "instanceType").startsWith("t3") ? { CpuCredits: "unlimited" } : undefined;
}

/** EC2 takes the others only where the endpoint is there. */
function metadataOptions(inputs: Properties): InstanceMetadataOptionsRequest | undefined {
  const given = object(inputs, "metadataOptions");
  if (!given) return undefined;
  const HttpEndpoint = (text(given, "httpEndpoint") ?? "enabled") as "enabled" | "disabled";
  if (HttpEndpoint !== "enabled") return { HttpEndpoint };
  return {
    HttpEndpoint,
    HttpProtocolIpv6: (text(given, "httpProtocolIpv6") ?? "disabled") as "disabled",
    HttpPutResponseHopLimit: number(given, "httpPutResponseHopLimit") || undefined,
    HttpTokens: (text(given, "httpTokens") || undefined) as "required" | undefined,
    InstanceMetadataTags: (text(given, "instanceMetadataTags") || undefined) as "disabled" | undefined,
  };
}

/** Decoded. */
export function userDataIn(inputs: Properties): Buffer | undefined {
  const encoded = text(inputs, "userDataBase64");
  if (encoded !== undefined) return Buffer.from(encoded, "base64");
  const plain = text(inputs, "userData");
  return plain === undefined ? undefined : Buffer.from(plain);
}
