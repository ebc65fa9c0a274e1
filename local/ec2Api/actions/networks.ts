import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID, ec2Arn } from "../../cloud/account";
import {
  describeSubnet,
  describeVpc,
  networkOf,
  type RouteTableRecord,
  type SubnetRecord,
  type VpcRecord,
} from "../../cloud/network";
import { notFound, requireWellFormed, type Kind } from "../../cloud/ids";
import { passes, type Filter, type Tags } from "../../cloud/tags";
import { telling } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf, tagList } from "../values";

type Fields<T> = Record<string, (record: T) => string | string[] | undefined>;

/** Those that pass; a filter that EC2 does not have is refused even where there is nothing to filter. */
function filtered<T extends { tags: Tags }>(records: T[], filters: Filter[], fields: Fields<T>): T[] {
  if (records.length === 0) passes({ tags: {} } as T, filters, fields);
  return records.filter((record) => passes(record, filters, fields));
}

/** Those of the ids that were named, each of which has to be there. */
function named<T>(records: T[], idOf: (record: T) => string, kind: Kind, ids: string[] = []): T[] {
  for (const id of ids) {
    requireWellFormed(kind, id);
    if (!records.some((record) => idOf(record) === id)) throw notFound(kind, id);
  }
  return records.filter((record) => ids.length === 0 || ids.includes(idOf(record)));
}

const VPC_FIELDS: Fields<VpcRecord> = {
  "cidr-block-association.cidr-block": ({ cidrBlock }) => cidrBlock,
  cidr: ({ cidrBlock }) => cidrBlock,
  "is-default": ({ isDefault }) => String(isDefault),
  isDefault: ({ isDefault }) => String(isDefault),
  "owner-id": () => ACCOUNT_ID,
  state: () => "available",
  "vpc-id": ({ vpcId }) => vpcId,
};

export const describeVpcs = telling<ec2.DescribeVpcsRequest, ec2.DescribeVpcsResult>(
  ["VpcIds", "Filters", ...PAGES],
  async ({ region }, input) => {
    for (const id of input.VpcIds ?? []) describeVpc(id, region);
    const records = named([networkOf(region).vpc], ({ vpcId }) => vpcId, "vpc", input.VpcIds);
    const found = filtered(records, filtersOf(input.Filters), VPC_FIELDS);
    const { page, NextToken } = cut(found, ({ vpcId }) => vpcId, input);
    return { Vpcs: page.map(vpc), NextToken };
  },
);

function vpc({ vpcId, cidrBlock, isDefault, tags }: VpcRecord): ec2.Vpc {
  return {
    VpcId: vpcId,
    OwnerId: ACCOUNT_ID,
    State: "available",
    CidrBlock: cidrBlock,
    CidrBlockAssociationSet: [
      {
        AssociationId: vpcId.replace("vpc-", "vpc-cidr-assoc-"),
        CidrBlock: cidrBlock,
        CidrBlockState: { State: "associated" },
      },
    ],
    DhcpOptionsId: vpcId.replace("vpc-", "dopt-"),
    InstanceTenancy: "default",
    IsDefault: isDefault,
    Tags: tagList(tags),
  };
}

/** Names are looked up, addresses have names: as in every default VPC. */
export const describeVpcAttribute = telling<ec2.DescribeVpcAttributeRequest, ec2.DescribeVpcAttributeResult>(
  ["VpcId", "Attribute"],
  async ({ region }, { VpcId = "", Attribute }) => {
    describeVpc(VpcId, region);
    const answers: Partial<Record<ec2.VpcAttributeName, ec2.DescribeVpcAttributeResult>> = {
      enableDnsSupport: { EnableDnsSupport: { Value: true } },
      enableDnsHostnames: { EnableDnsHostnames: { Value: true } },
      enableNetworkAddressUsageMetrics: { EnableNetworkAddressUsageMetrics: { Value: false } },
    };
    return { VpcId, ...(Attribute && answers[Attribute]) };
  },
);

const SUBNET_FIELDS: Fields<SubnetRecord> = {
  "availability-zone": ({ availabilityZone }) => availabilityZone,
  availabilityZone: ({ availabilityZone }) => availabilityZone,
  "cidr-block": ({ cidrBlock }) => cidrBlock,
  "default-for-az": ({ defaultForAz }) => String(defaultForAz),
  defaultForAz: ({ defaultForAz }) => String(defaultForAz),
  "map-public-ip-on-launch": ({ mapPublicIpOnLaunch }) => String(mapPublicIpOnLaunch),
  "owner-id": () => ACCOUNT_ID,
  state: () => "available",
  "subnet-id": ({ subnetId }) => subnetId,
  "vpc-id": ({ vpcId }) => vpcId,
};

export const describeSubnets = telling<ec2.DescribeSubnetsRequest, ec2.DescribeSubnetsResult>(
  ["SubnetIds", "Filters", ...PAGES],
  async ({ region }, input) => {
    for (const id of input.SubnetIds ?? []) describeSubnet(id, region);
    const records = named(networkOf(region).subnets, ({ subnetId }) => subnetId, "subnet", input.SubnetIds);
    const found = filtered(records, filtersOf(input.Filters), SUBNET_FIELDS);
    const { page, NextToken } = cut(found, ({ subnetId }) => subnetId, input);
    return { Subnets: page.map((record) => subnet(record, region)), NextToken };
  },
);

function subnet(record: SubnetRecord, region: string): ec2.Subnet {
  return {
    SubnetId: record.subnetId,
    SubnetArn: ec2Arn(`subnet/${record.subnetId}`, region),
    VpcId: record.vpcId,
    OwnerId: ACCOUNT_ID,
    State: "available",
    AvailabilityZone: record.availabilityZone,
    AvailabilityZoneId: zoneIdOf(record.availabilityZone),
    CidrBlock: record.cidrBlock,
    AvailableIpAddressCount: 251,
    DefaultForAz: record.defaultForAz,
    MapPublicIpOnLaunch: record.mapPublicIpOnLaunch,
    MapCustomerOwnedIpOnLaunch: false,
    AssignIpv6AddressOnCreation: false,
    Ipv6CidrBlockAssociationSet: [],
    Ipv6Native: false,
    EnableDns64: false,
    PrivateDnsNameOptionsOnLaunch: {
      HostnameType: "ip-name",
      EnableResourceNameDnsARecord: false,
      EnableResourceNameDnsAAAARecord: false,
    },
    Tags: tagList(record.tags),
  };
}

/** `us-east-1a` is `use1-az1` here; on EC2 each account has an order of its own. */
export function zoneIdOf(zone: string): string {
  const [, area, direction, number, letter] = /^([a-z]+)-([a-z]+)-(\d)([a-z])$/.exec(zone) ?? [];
  return `${area}${direction[0]}${number}-az${letter.charCodeAt(0) - 96}`;
}

const ROUTE_FIELDS: Fields<RouteTableRecord> = {
  "association.main": ({ isMain }) => String(isMain),
  "association.subnet-id": ({ subnetIds }) => subnetIds,
  "route-table-id": ({ routeTableId }) => routeTableId,
  "route.gateway-id": ({ gatewayId }) => ["local", ...(gatewayId ? [gatewayId] : [])],
  "route.destination-cidr-block": ({ gatewayId, localBlock }) => [
    localBlock,
    ...(gatewayId ? ["0.0.0.0/0"] : []),
  ],
  "vpc-id": ({ vpcId }) => vpcId,
};

export const describeRouteTables = telling<ec2.DescribeRouteTablesRequest, ec2.DescribeRouteTablesResult>(
  ["RouteTableIds", "Filters", ...PAGES],
  async ({ region }, input) => {
    const all = networkOf(region).routeTables;
    const records = named(all, ({ routeTableId }) => routeTableId, "routeTable", input.RouteTableIds);
    const found = filtered(records, filtersOf(input.Filters), ROUTE_FIELDS);
    const { page, NextToken } = cut(found, ({ routeTableId }) => routeTableId, input);
    return { RouteTables: page.map(routeTable), NextToken };
  },
);

function routeTable(record: RouteTableRecord): ec2.RouteTable {
  const { routeTableId, vpcId, isMain, subnetIds, localBlock, gatewayId } = record;
  const associated = (SubnetId?: string): ec2.RouteTableAssociation => ({
    RouteTableAssociationId: (SubnetId ?? routeTableId).replace(/^\w+-/, "rtbassoc-"),
    RouteTableId: routeTableId,
    SubnetId,
    Main: SubnetId === undefined,
    AssociationState: { State: "associated" },
  });
  const active = { Origin: "CreateRouteTable", State: "active" } as const;
  return {
    RouteTableId: routeTableId,
    VpcId: vpcId,
    OwnerId: ACCOUNT_ID,
    Associations: [...(isMain ? [associated()] : []), ...subnetIds.map(associated)],
    PropagatingVgws: [],
    Routes: [
      { ...active, DestinationCidrBlock: localBlock, GatewayId: "local" },
      ...(gatewayId
        ? [
            {
              Origin: "CreateRoute",
              State: "active",
              DestinationCidrBlock: "0.0.0.0/0",
              GatewayId: gatewayId,
            } as const,
          ]
        : []),
    ],
    Tags: tagList(record.tags),
  };
}

interface GatewayRecord {
  internetGatewayId: string;
  vpcId: string;
  tags: Tags;
}

export const describeInternetGateways = telling<
  ec2.DescribeInternetGatewaysRequest,
  ec2.DescribeInternetGatewaysResult
>(["InternetGatewayIds", "Filters", ...PAGES], async ({ region }, input) => {
  const { internetGatewayId, vpc: of } = networkOf(region);
  const all: GatewayRecord[] = [{ internetGatewayId, vpcId: of.vpcId, tags: {} }];
  const records = named(all, (each) => each.internetGatewayId, "internetGateway", input.InternetGatewayIds);
  const found = filtered(records, filtersOf(input.Filters), {
    "attachment.vpc-id": ({ vpcId }) => vpcId,
    "attachment.state": () => "available",
    "internet-gateway-id": (each) => each.internetGatewayId,
    "owner-id": () => ACCOUNT_ID,
  });
  const { page, NextToken } = cut(found, (each) => each.internetGatewayId, input);
  const InternetGateways = page.map(({ internetGatewayId: InternetGatewayId, vpcId, tags }) => ({
    InternetGatewayId,
    OwnerId: ACCOUNT_ID,
    // EC2's own word for a gateway, which its model does not have.
    Attachments: [{ State: "available" as ec2.AttachmentStatus, VpcId: vpcId }],
    Tags: tagList(tags),
  }));
  return { InternetGateways, NextToken };
});

/** There are none of these here; a filter that EC2 does not have is refused all the same. */
export const describeNatGateways = telling<ec2.DescribeNatGatewaysRequest, ec2.DescribeNatGatewaysResult>(
  ["NatGatewayIds", "Filter", ...PAGES],
  async (_context, input) => {
    named([], String, "natGateway", input.NatGatewayIds);
    const fields = ["nat-gateway-id", "state", "subnet-id", "vpc-id"];
    filtered([], filtersOf(input.Filter), Object.fromEntries(fields.map((name) => [name, () => undefined])));
    return { NatGateways: [] };
  },
);

export const describeVpcEndpoints = telling<ec2.DescribeVpcEndpointsRequest, ec2.DescribeVpcEndpointsResult>(
  ["VpcEndpointIds", "Filters", ...PAGES],
  async (_context, input) => {
    named([], String, "vpcEndpoint", input.VpcEndpointIds);
    const fields = ["service-name", "vpc-endpoint-id", "vpc-endpoint-state", "vpc-endpoint-type", "vpc-id"];
    filtered([], filtersOf(input.Filters), Object.fromEntries(fields.map((name) => [name, () => undefined])));
    return { VpcEndpoints: [] };
  },
);

export const describeAddresses = telling<ec2.DescribeAddressesRequest, ec2.DescribeAddressesResult>(
  ["Filters", "AllocationIds", "PublicIps"],
  async (_context, input) => {
    named([], String, "address", input.AllocationIds);
    const fields = [
      "allocation-id",
      "association-id",
      "domain",
      "instance-id",
      "network-interface-id",
      "public-ip",
    ];
    filtered([], filtersOf(input.Filters), Object.fromEntries(fields.map((name) => [name, () => undefined])));
    return { Addresses: [] };
  },
);
