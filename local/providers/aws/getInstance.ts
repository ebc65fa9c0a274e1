import { createHash } from "node:crypto";
import type { DescribedInstance } from "../../cloud/instanceFilters";
import type { AttachedVolumeRecord } from "../../cloud/volumes";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { describeBlockDevice, describeInstance } from "./instanceOutputs";
import { filtersIn, flag, tagFiltersIn, text, without } from "./values";

/**
 * aws:ec2/getInstance:getInstance, by id or by filters. One that was terminated is found as such for an hour, as on
 * EC2. Whether it is PV or HVM, pulumi-aws does not show: the filters of getInstances tell.
 */
export async function getInstance(client: Client, args: Properties): Promise<Properties> {
  const known = ["filters", "getUserData", "instanceId", "instanceTags"];
  requireKnownArguments("aws:ec2/getInstance:getInstance", args, known);
  const ids = [text(args, "instanceId")].filter((id) => id !== undefined);
  const filters = [...tagFiltersIn(args, "instanceTags"), ...filtersIn(args)];
  const found = await client.find("reading EC2 Instance", "DescribeInstances", () =>
    client.cloud.instances.search(filters, ids),
  );
  return { instanceTags: {}, ...args, ...describe(onlyOne(found ?? [], "EC2 Instance"), args) };
}

/** Of what the resource shows, what this function does not. */
const OF_THE_RESOURCE = ["cpuOptions", "primaryNetworkInterfaceId", "rootBlockDevice", "tagsAll"];

function describe(instance: DescribedInstance, args: Properties): Properties {
  const shown = describeInstance(instance, instance.volumes);
  return {
    ...without(shown, OF_THE_RESOURCE),
    ...ALIKE,
    ebsBlockDevices: instance.volumes.filter((volume) => !isRoot(volume, instance)).map(describeOther),
    // Always so, whatever the image maps: pulumi-aws reads them of EBS volumes only.
    ephemeralBlockDevices: [],
    id: instance.instanceId,
    instanceId: instance.instanceId,
    launchTime: instance.launchTime,
    networkInterfaceId: shown.primaryNetworkInterfaceId,
    rootBlockDevices: instance.volumes.filter((volume) => isRoot(volume, instance)).map(describeDevice),
    ...describeUserData(instance, flag(args, "getUserData") ?? false),
  };
}

function isRoot({ attachment }: AttachedVolumeRecord, { rootDeviceName }: DescribedInstance): boolean {
  return attachment.deviceName === rootDeviceName;
}

/** Only the root's snapshot is not shown. */
function describeOther(volume: AttachedVolumeRecord): Properties {
  return { ...describeDevice(volume), snapshotId: volume.snapshotId ?? "" };
}

function describeDevice(volume: AttachedVolumeRecord): Properties {
  return without(describeBlockDevice(volume), ["tagsAll"]);
}

/** Text of user data as its SHA-1; itself only where it is asked for. */
function describeUserData({ userData = "" }: DescribedInstance, whole: boolean): Properties {
  if (userData === "") return { userData: "", userDataBase64: "" };
  const digest = createHash("sha1").update(userData).digest("hex");
  return { userData: digest, userDataBase64: whole ? Buffer.from(userData).toString("base64") : "" };
}

/** What every instance of the local cloud has alike. */
const ALIKE: Properties = {
  creditSpecifications: [],
  disableApiStop: false,
  ebsOptimized: false,
  enclaveOptions: [{ enabled: false }],
  hostId: "",
  hostResourceGroupArn: "",
  iamInstanceProfile: "",
  ipv6Addresses: [],
  maintenanceOptions: [{ autoRecovery: "default" }],
  metadataOptions: [
    {
      httpEndpoint: "enabled",
      httpProtocolIpv6: "disabled",
      httpPutResponseHopLimit: 1,
      httpTokens: "optional",
      instanceMetadataTags: "disabled",
    },
  ],
  monitoring: false,
  outpostArn: "",
  passwordData: "",
  placementGroup: "",
  placementGroupId: "",
  placementPartitionNumber: 0,
  privateDnsNameOptions: [
    {
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAaaaRecord: false,
      hostnameType: "ip-name",
    },
  ],
  secondaryPrivateIps: [],
  securityGroups: [],
  sourceDestCheck: true,
};
