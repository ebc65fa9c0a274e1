import { REGION } from "../../cloud/account";
import type { DescribedInstance } from "../../cloud/instanceFilters";
import type { Filter } from "../../cloud/tags";
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
  requireKnownArguments("aws:ec2/getInstances:getInstances", args, known);
  const found = await client.call("reading EC2 Instances", "DescribeInstances", () =>
    client.cloud.instances.search([
      ...statesIn(args),
      ...tagFiltersIn(args, "instanceTags"),
      ...filtersIn(args),
    ]),
  );
  return { instanceTags: {}, ...args, ...describe(found) };
}

function statesIn(args: Properties): Filter[] {
  const names = texts(args, "instanceStateNames") ?? [];
  return [{ name: "instance-state-name", values: names.length > 0 ? names : ["running"] }];
}

/** What has no address is left out of the addresses' lists. */
function describe(instances: DescribedInstance[]): Properties {
  const isAddress = (address: string | undefined) => address !== undefined;
  const here = instances.filter(({ state }) => state !== "terminated");
  return {
    id: REGION,
    ids: instances.map(({ instanceId }) => instanceId),
    ipv6Addresses: [],
    privateIps: here.map(({ privateIp }) => privateIp),
    publicIps: instances.map(({ publicIp }) => publicIp).filter(isAddress),
  };
}
