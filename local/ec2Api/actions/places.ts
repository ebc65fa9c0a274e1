import type * as ec2 from "@aws-sdk/client-ec2";
import { REGIONS, zonesOf } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import { passes } from "../../cloud/tags";
import { telling } from "../action";
import { filtersOf } from "../values";
import { zoneIdOf } from "./networks";

interface RegionRecord {
  name: string;
  tags: Record<string, string>;
}

export const describeRegions = telling<ec2.DescribeRegionsRequest, ec2.DescribeRegionsResult>(
  ["RegionNames", "AllRegions", "Filters"],
  async (_context, { RegionNames = [], Filters }) => {
    const unknown = RegionNames.find((name) => !REGIONS.includes(name));
    if (unknown !== undefined) {
      throw new Ec2Error(
        "InvalidParameterValue",
        `Invalid region provided: [${unknown}]. There are ${REGIONS.join(", ")}`,
      );
    }
    const filters = filtersOf(Filters);
    const records: RegionRecord[] = REGIONS.map((name) => ({ name, tags: {} }));
    const found = records
      .filter(({ name }) => RegionNames.length === 0 || RegionNames.includes(name))
      .filter((record) =>
        passes(record, filters, {
          endpoint: ({ name }) => endpointOf(name),
          "opt-in-status": () => "opt-in-not-required",
          "region-name": ({ name }) => name,
        }),
      );
    return {
      Regions: found.map(({ name }) => ({
        RegionName: name,
        Endpoint: endpointOf(name),
        OptInStatus: "opt-in-not-required",
      })),
    };
  },
);

function endpointOf(region: string): string {
  return `ec2.${region}.amazonaws.com`;
}

interface ZoneRecord {
  name: string;
  tags: Record<string, string>;
}

export const describeAvailabilityZones = telling<
  ec2.DescribeAvailabilityZonesRequest,
  ec2.DescribeAvailabilityZonesResult
>(
  ["ZoneNames", "ZoneIds", "AllAvailabilityZones", "Filters"],
  async ({ region }, { ZoneNames = [], ZoneIds = [], Filters }) => {
    const zones = zonesOf(region);
    const unknown =
      ZoneNames.find((name) => !zones.includes(name)) ??
      ZoneIds.find((id) => !zones.some((zone) => zoneIdOf(zone) === id));
    if (unknown !== undefined) {
      throw new Ec2Error(
        "InvalidParameterValue",
        `Invalid availability zone: [${unknown}]. ${region} has ${zones.join(", ")}`,
      );
    }
    const filters = filtersOf(Filters);
    const records: ZoneRecord[] = zones.map((name) => ({ name, tags: {} }));
    const asked = records.filter(
      ({ name }) =>
        ZoneNames.length + ZoneIds.length === 0 ||
        ZoneNames.includes(name) ||
        ZoneIds.includes(zoneIdOf(name)),
    );
    const found = asked.filter((record) =>
      passes(record, filters, {
        "group-name": () => region,
        "opt-in-status": () => "opt-in-not-required",
        "region-name": () => region,
        state: () => "available",
        "zone-id": ({ name }) => zoneIdOf(name),
        "zone-name": ({ name }) => name,
        "zone-type": () => "availability-zone",
      }),
    );
    return { AvailabilityZones: found.map(({ name }) => zone(name, region)) };
  },
);

function zone(name: string, region: string): ec2.AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: zoneIdOf(name),
    ZoneType: "availability-zone",
    RegionName: region,
    GroupName: region,
    NetworkBorderGroup: region,
    OptInStatus: "opt-in-not-required",
    State: "available",
    Messages: [],
  };
}

/** Of an account that was opened in this decade: EC2-Classic is gone. */
export const describeAccountAttributes = telling<
  ec2.DescribeAccountAttributesRequest,
  ec2.DescribeAccountAttributesResult
>(["AttributeNames"], async ({ cloud }, { AttributeNames = [] }) => {
  const attributes: Record<string, string> = {
    "supported-platforms": "VPC",
    "default-vpc": cloud.network.vpc.vpcId,
    "max-instances": "20",
    "vpc-max-security-groups-per-interface": "5",
    "max-elastic-ips": "5",
    "vpc-max-elastic-ips": "5",
  };
  const names = AttributeNames.length > 0 ? AttributeNames : Object.keys(attributes);
  return {
    AccountAttributes: names.map((AttributeName) => ({
      AttributeName,
      AttributeValues: [{ AttributeValue: attributes[AttributeName] ?? "none" }],
    })),
  };
});
