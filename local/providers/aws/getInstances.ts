import { DescribeInstancesCommand, type Filter, type Instance } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { requireKnownArguments } from "./functionArguments";
import { filtersIn, tagFiltersIn, texts } from "./values";

/**
 * aws:ec2/getInstances:getInstances. None found is an empty answer. Without `instanceStateNames` only running ones are
 * looked for, whatever the filters say besides (source: the Terraform provider's data source aws_instances).
 */
export async function getInstances(client: Client, args: Properties): Promise<Properties> {
  const known = ["filters", "instanceStateNames", "instanceTags"];
  requireKnownArguments("aws:ec2/getInstances:getInstances", args, known, client);
  const Filters = [...statesIn(args), ...tagFiltersIn(args, "instanceTags"), ...filtersIn(args)];
  const request = new DescribeInstancesCommand({ Filters });
  const { Reservations = [] } = await client.call("reading EC2 Instances", request);
  const found = Reservations.flatMap(({ Instances = [] }) => Instances);
  return { instanceTags: {}, ...args, ...describe(found), id: client.region };
}

function statesIn(args: Properties): Filter[] {
  const names = texts(args, "instanceStateNames") ?? [];
  return [{ Name: "instance-state-name", Values: names.length > 0 ? names : ["running"] }];
}

/** What has no address is left out of the addresses' lists. */
function describe(instances: Instance[]): Properties {
  const isText = (value: string | undefined) => value !== undefined && value !== "";
  return {
    ids: instances.map(({ InstanceId }) => InstanceId),
    ipv6Addresses: [],
    privateIps: instances.map(({ PrivateIpAddress }) => PrivateIpAddress).filter(isText),
    publicIps: instances.map(({ PublicIpAddress }) => PublicIpAddress).filter(isText),
  };
}
