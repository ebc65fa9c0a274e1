import { ACCOUNT_ID } from "./account";
import { privateDnsName, publicDnsName, type InstanceRecord } from "./instanceRecord";
import { passes, requireKnownFilter, type Filter } from "./tags";
import type { AttachedVolumeRecord } from "./volumes";

/** An instance with the volumes that it holds: what DescribeInstances shows of it. */
export type DescribedInstance = InstanceRecord & { volumes: AttachedVolumeRecord[] };

/** By EC2's names: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html */
const FIELDS: Record<string, (instance: DescribedInstance) => string | string[] | undefined> = {
  architecture: (instance) => instance.architecture,
  "availability-zone": (instance) => instance.availabilityZone,
  "block-device-mapping.delete-on-termination": ({ volumes }) =>
    volumes.map(({ attachment }) => String(attachment.deleteOnTermination)),
  "block-device-mapping.device-name": ({ volumes }) => volumes.map(({ attachment }) => attachment.deviceName),
  "block-device-mapping.status": ({ volumes }) => volumes.map(({ attachment }) => attachment.state),
  "block-device-mapping.volume-id": ({ volumes }) => volumes.map(({ volumeId }) => volumeId),
  "dns-name": ({ publicIp }) => publicIp && publicDnsName(publicIp),
  hypervisor: () => "xen",
  "image-id": (instance) => instance.imageId,
  "instance-id": (instance) => instance.instanceId,
  "instance-state-name": (instance) => instance.state,
  "instance-type": (instance) => instance.instanceType,
  "instance.group-id": (instance) => instance.securityGroupIds,
  "ip-address": (instance) => instance.publicIp,
  "key-name": (instance) => instance.keyName,
  "launch-time": (instance) => instance.launchTime,
  "owner-id": () => ACCOUNT_ID,
  "platform-details": () => "Linux/UNIX",
  "private-dns-name": (instance) => privateDnsName(instance.privateIp),
  "private-ip-address": (instance) => instance.privateIp,
  "product-code": ({ productCodes }) => productCodes ?? [],
  "product-code.type": ({ productCodes }) => (productCodes ?? []).map(() => "marketplace"),
  "root-device-name": (instance) => instance.rootDeviceName,
  "root-device-type": (instance) => instance.rootDeviceType ?? "ebs",
  "subnet-id": (instance) => instance.subnetId,
  "usage-operation": () => "RunInstances",
  "virtualization-type": (instance) => instance.virtualizationType,
  "vpc-id": (instance) => instance.vpcId,
};

/** Refuses a filter that DescribeInstances, as the local cloud has it, does not know. */
export function requireInstanceFilters(filters: Filter[]): void {
  filters.forEach(({ name }) => requireKnownFilter(name, FIELDS));
}

/** Whether an instance passes every filter. */
export function passesInstanceFilters(instance: DescribedInstance, filters: Filter[]): boolean {
  return passes(instance, filters, FIELDS);
}
