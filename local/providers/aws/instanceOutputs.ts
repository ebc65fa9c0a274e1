import { ec2Arn } from "../../cloud/account";
import { privateDnsName, publicDnsName, type InstanceRecord } from "../../cloud/instanceRecord";
import type { AttachedVolumeRecord } from "../../cloud/volumes";
import type { Properties } from "../provider";
import { tagOutputs } from "./values";

/** What pulumi-aws shows of an instance. A stopped one has an empty public address, as on EC2. */
export function describeInstance(instance: InstanceRecord, attached: AttachedVolumeRecord[]): Properties {
  const root = attached.find(({ attachment }) => attachment.deviceName === instance.rootDeviceName);
  return {
    ami: instance.imageId,
    arn: ec2Arn(`instance/${instance.instanceId}`),
    associatePublicIpAddress: instance.hasPublicAddress,
    availabilityZone: instance.availabilityZone,
    cpuOptions: { nestedVirtualization: "disabled", ...instance.cpuOptions },
    disableApiTermination: instance.disableApiTermination,
    instanceState: instance.state,
    instanceType: instance.instanceType,
    keyName: instance.keyName ?? "",
    primaryNetworkInterfaceId: instance.instanceId.replace(/^i-/, "eni-"),
    ...describePrivateAddress(instance),
    publicDns: instance.publicIp === undefined ? "" : publicDnsName(instance.publicIp),
    publicIp: instance.publicIp ?? "",
    ...(root && { rootBlockDevice: describeBlockDevice(root) }),
    subnetId: instance.subnetId,
    tenancy: "default",
    vpcSecurityGroupIds: instance.securityGroupIds,
    ...tagOutputs(instance.tags),
  };
}

/** Kept while it is stopped, and given up with its end. */
function describePrivateAddress({ state, privateIp }: InstanceRecord): Properties {
  if (state === "terminated") return { privateDns: "", privateIp: "" };
  return { privateDns: privateDnsName(privateIp), privateIp };
}

/** A volume among an instance's block devices. */
export function describeBlockDevice(volume: AttachedVolumeRecord): Properties {
  return {
    deleteOnTermination: volume.attachment.deleteOnTermination,
    deviceName: volume.attachment.deviceName,
    encrypted: volume.encrypted,
    iops: volume.iops ?? 0,
    kmsKeyId: volume.kmsKeyId ?? "",
    throughput: volume.throughput ?? 0,
    volumeId: volume.volumeId,
    volumeSize: volume.sizeGb,
    volumeType: volume.volumeType,
    ...tagOutputs(volume.tags),
  };
}
