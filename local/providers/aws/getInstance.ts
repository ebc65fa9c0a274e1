import { createHash } from "node:crypto";
import { DescribeInstancesCommand, type Instance } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { blockDevicesOf } from "./blockDevices";
import type { Client } from "./client";
import { onlyOne, requireKnownArguments } from "./functionArguments";
import { describeAlike, metadataOptions, primaryInterface } from "./instanceOutputs";
import { readFound, type ReadInstance } from "./instanceReading";
import { shownTags } from "./tagging";
import { filtersIn, flag, tagFiltersIn, text, without } from "./values";
import { timeOf } from "./volume";

/**
 * aws:ec2/getInstance:getInstance, by id or by filters. One that was terminated is found as such for an hour, as on
 * EC2. Whether it is PV or HVM, pulumi-aws does not show: the filters of getInstances tell.
 */
export async function getInstance(client: Client, args: Properties): Promise<Properties> {
  const known = ["filters", "getUserData", "instanceId", "instanceTags"];
  requireKnownArguments("aws:ec2/getInstance:getInstance", args, known, client);
  const id = text(args, "instanceId");
  const filters = [...tagFiltersIn(args, "instanceTags"), ...filtersIn(args)];
  const request = new DescribeInstancesCommand({
    Filters: filters.length > 0 ? filters : undefined,
    InstanceIds: id === undefined ? undefined : [id],
  });
  const found = await client.find("reading EC2 Instance", request);
  const instances = (found?.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
  const read = await readFound(client, onlyOne(instances, "EC2 Instance"));
  const asked = { getPasswordData: false, getUserData: false, instanceTags: {}, ...args };
  return { ...asked, ...(await describe(client, read, args)) };
}

async function describe(client: Client, read: ReadInstance, args: Properties): Promise<Properties> {
  const { instance } = read;
  const { root, others } = blockDevicesOf(instance, read.volumes);
  const shown = (device: Properties) => without(device, ["tagsAll"]);
  return {
    ...(await describeAlike(client, read)),
    ...describeOptions(read),
    ebsBlockDevices: others.map(shown),
    // Always so, whatever the image maps: pulumi-aws reads them of EBS volumes only.
    ephemeralBlockDevices: [],
    hostResourceGroupArn: instance.Placement?.HostResourceGroupArn ?? "",
    id: instance.InstanceId,
    instanceId: instance.InstanceId,
    launchTime: timeOf(instance.LaunchTime),
    networkInterfaceId: primaryInterface(instance)?.NetworkInterfaceId ?? "",
    passwordData: "",
    rootBlockDevices: root ? [shown(root)] : [],
    tags: shownTags(instance.Tags),
    ...describeUserData(read, flag(args, "getUserData") ?? false),
  };
}

/** What the resource has as one object is a list here. */
function describeOptions({ instance, cpuCredits }: ReadInstance): Properties {
  const metadata = metadataOptions(instance.MetadataOptions);
  const { EnclaveOptions, MaintenanceOptions } = instance;
  return {
    creditSpecifications: cpuCredits ? [{ cpuCredits }] : [],
    enclaveOptions: EnclaveOptions ? [{ enabled: EnclaveOptions.Enabled ?? false }] : [],
    maintenanceOptions: MaintenanceOptions ? [{ autoRecovery: MaintenanceOptions.AutoRecovery }] : [],
    metadataOptions: metadata ? [metadata] : [],
    privateDnsNameOptions: privateDnsNameOptions(instance),
  };
}

function privateDnsNameOptions({ PrivateDnsNameOptions: options }: Instance): Properties[] {
  if (!options) return [];
  return [
    {
      enableResourceNameDnsARecord: options.EnableResourceNameDnsARecord ?? false,
      enableResourceNameDnsAaaaRecord: options.EnableResourceNameDnsAAAARecord ?? false,
      hostnameType: options.HostnameType,
    },
  ];
}

/** Text of user data as its SHA-1; itself only where it is asked for. */
function describeUserData({ userData = "" }: ReadInstance, whole: boolean): Properties {
  if (userData === "") return { userData: "", userDataBase64: "" };
  const digest = createHash("sha1").update(Buffer.from(userData, "base64")).digest("hex");
  return { userData: digest, userDataBase64: whole ? userData : "" };
}
