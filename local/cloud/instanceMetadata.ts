import { ACCOUNT_ID } from "./account";
import { privateDnsName, publicDnsName, type InstanceRecord } from "./instanceRecord";
import type { SubnetRecord } from "./network";

/**
 * What the metadata service of an instance answers, by path below `/latest/`. cloud-init asks for the network's and
 * the identity document's as well, and tries again for minutes where they are missing.
 */
export function instanceMetadata(instance: InstanceRecord, subnet: SubnetRecord): Record<string, string> {
  const answers = {
    ...describeItself(instance),
    ...describeNetwork(instance, subnet),
    ...describeKey(instance),
  };
  return Object.fromEntries([
    ...Object.entries(answers).map(([name, text]) => [`meta-data/${name}`, text]),
    ["dynamic/instance-identity/document", identityDocument(instance)],
  ]);
}

function describeItself(instance: InstanceRecord): Record<string, string> {
  return {
    "ami-id": instance.imageId,
    "ami-launch-index": "0",
    "instance-action": "none",
    "instance-id": instance.instanceId,
    "instance-type": instance.instanceType,
    "placement/availability-zone": instance.availabilityZone,
    "placement/region": regionOf(instance),
    "reservation-id": instance.instanceId.replace(/^i-/, "r-"),
    "services/domain": "amazonaws.com",
    "services/partition": "aws",
    "block-device-mapping/ami": instance.rootDeviceName.replace("/dev/", ""),
    "block-device-mapping/root": instance.rootDeviceName,
  };
}

function describeNetwork(instance: InstanceRecord, subnet: SubnetRecord): Record<string, string> {
  const { privateIp, macAddress } = instance;
  const card = `network/interfaces/macs/${macAddress}`;
  const publicIp = instance.publicIp ?? "";
  return {
    hostname: privateDnsName(privateIp),
    "local-hostname": privateDnsName(privateIp),
    "local-ipv4": privateIp,
    "public-hostname": publicDnsName(publicIp),
    "public-ipv4": publicIp,
    mac: macAddress,
    "network/interfaces/macs/": `${macAddress}/`,
    [`${card}/device-number`]: "0",
    [`${card}/mac`]: macAddress,
    [`${card}/local-ipv4s`]: privateIp,
    [`${card}/public-ipv4s`]: publicIp,
    [`${card}/subnet-id`]: subnet.subnetId,
    [`${card}/subnet-ipv4-cidr-block`]: subnet.cidrBlock,
    [`${card}/vpc-id`]: subnet.vpcId,
  };
}

function describeKey({ keyName, publicKey }: InstanceRecord): Record<string, string> {
  if (keyName === undefined || publicKey === undefined) return {};
  return { "public-keys/": `0=${keyName}`, "public-keys/0/openssh-key": publicKey };
}

function identityDocument(instance: InstanceRecord): string {
  const document = {
    accountId: ACCOUNT_ID,
    architecture: instance.architecture,
    availabilityZone: instance.availabilityZone,
    imageId: instance.imageId,
    instanceId: instance.instanceId,
    instanceType: instance.instanceType,
    pendingTime: instance.launchTime,
    privateIp: instance.privateIp,
    region: regionOf(instance),
    version: "2017-09-30",
  };
  return JSON.stringify(document, undefined, 2);
}

/** A zone is called by its region and a letter. */
function regionOf({ availabilityZone }: InstanceRecord): string {
  return availabilityZone.slice(0, -1);
}
