/** Whether a helper reaches the package mirrors from its subnet, and can be reached. */
import {
  DescribeVpcBlockPublicAccessOptionsCommand,
  type EC2Client,
  paginateDescribeRouteTables,
  type Route,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { Clients } from "./clients";
import { type Machine, machinesOf, subnetsOf } from "./machines";
import { pages } from "../sweep/pages";
import type { Plan } from "./plan";
import { looked } from "./refusal";
import { migrationsIn, type Row } from "./row";

export async function askNetwork(plan: Plan, { ec2 }: Clients): Promise<Row[]> {
  const helpers = machinesOf(plan).filter(({ isHelper, subnetId }) => isHelper && subnetId !== undefined);
  if (helpers.length === 0) return [];
  const migrations = migrationsIn(helpers);
  const answer = await looked({ what: "the helper's way to its mirrors", migrations }, async () => {
    const subnets = await subnetsOf(helpers, ec2);
    return { subnets, tables: await routeTablesOf([...subnets.values()], ec2) };
  });
  if ("row" in answer) return [answer.row];
  const { subnets, tables } = answer.value;
  const rows = helpers.flatMap((helper) => {
    const subnet = subnets.get(helper.subnetId ?? "");
    return subnet === undefined ? [] : [wayOut(helper, subnet, tables)];
  });
  return [...rows, ...(await askBlock(helpers, ec2))];
}

async function routeTablesOf(subnets: Subnet[], ec2: EC2Client): Promise<RouteTable[]> {
  const vpcs = [...new Set(subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  if (vpcs.length === 0) return [];
  const ofVpcs = { Filters: [{ Name: "vpc-id", Values: vpcs }] };
  return pages(paginateDescribeRouteTables({ client: ec2 }, ofVpcs), ({ RouteTables }) => RouteTables);
}

const EVERYWHERE = "0.0.0.0/0";

function wayOut({ migration, isPublic, subnetId = "" }: Machine, subnet: Subnet, tables: RouteTable[]): Row {
  const row = { what: `the helper's way to its mirrors from ${subnetId}`, migrations: [migration] };
  const route = tableOf(subnet, tables)?.Routes?.find((each) => each.DestinationCidrBlock === EVERYWHERE);
  const elsewhere = "Name another helper.subnetId";
  if (!route) {
    const found = "its route table has no route to 0.0.0.0/0";
    return {
      ...row,
      answer: "no",
      found,
      advice: `${elsewhere}, or give this one a route to an internet gateway or a NAT gateway.`,
    };
  }
  const target = targetOf(route);
  if (route.State === "blackhole") {
    const found = `its route to 0.0.0.0/0 leads to ${target}, which is gone (blackhole)`;
    return { ...row, answer: "no", found, advice: `${elsewhere}, or mend the route.` };
  }
  if (target.startsWith("igw-")) {
    if (isPublic !== false)
      return { ...row, answer: "yes", found: `by the internet gateway ${target}, with a public address` };
    const found = `its route leads to the internet gateway ${target}, which serves public addresses alone, and helper.usePrivateAddress is set`;
    const advice = `${elsewhere}, one with a NAT gateway, or leave helper.usePrivateAddress out.`;
    return { ...row, answer: "no", found, advice };
  }
  if (isPublic !== false) {
    const found = `its route leads to ${target}: a public address cannot be reached without an internet gateway`;
    const advice = `${elsewhere}, a public one, or set helper.usePrivateAddress and, from outside the VPC, helper.jumpHost.`;
    return { ...row, answer: "no", found, advice };
  }
  if (target.startsWith("nat-") || target.startsWith("i-"))
    return { ...row, answer: "yes", found: `by ${target}` };
  const found = `by ${target}: what lies behind it decides whether the mirrors are reached`;
  return {
    ...row,
    answer: "unknown",
    found,
    advice: "Ask who keeps that network whether deb.debian.org is reached by HTTP and HTTPS.",
  };
}

/** A subnet without a table of its own has its VPC's main one. */
function tableOf({ SubnetId, VpcId }: Subnet, tables: RouteTable[]): RouteTable | undefined {
  const has = (table: RouteTable, test: (of: { SubnetId?: string; Main?: boolean }) => boolean) =>
    table.Associations?.some(test) === true;
  return (
    tables.find((table) => has(table, (association) => association.SubnetId === SubnetId)) ??
    tables.find((table) => table.VpcId === VpcId && has(table, ({ Main }) => Main === true))
  );
}

function targetOf(route: Route): string {
  const {
    GatewayId,
    NatGatewayId,
    TransitGatewayId,
    InstanceId,
    NetworkInterfaceId,
    VpcPeeringConnectionId,
  } = route;
  const targets = [
    NatGatewayId,
    TransitGatewayId,
    InstanceId,
    VpcPeeringConnectionId,
    NetworkInterfaceId,
    GatewayId,
  ];
  return targets.find((target) => target !== undefined && target !== "") ?? "a target that is not named";
}

/** VPC Block Public Access stops internet gateways for the whole region, whatever the routes say. */
async function askBlock(helpers: Machine[], ec2: EC2Client): Promise<Row[]> {
  const migrations = migrationsIn(helpers);
  const row = { what: "VPC Block Public Access", migrations };
  const answer = await looked(row, () => ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand({})));
  if ("row" in answer) return [answer.row];
  const { InternetGatewayBlockMode: mode = "off", ExclusionsAllowed } =
    answer.value.VpcBlockPublicAccessOptions ?? {};
  const blocks =
    mode === "block-bidirectional" ||
    (mode === "block-ingress" && helpers.some((each) => each.isPublic !== false));
  if (!blocks) return [{ ...row, answer: "yes", found: `is ${mode}` }];
  const found = `is ${mode}, which shuts the internet gateways of this region`;
  const advice =
    "Have the VPC or the subnet excluded from it, or set helper.usePrivateAddress with a way to the mirrors that is not an internet gateway.";
  const excluded = ExclusionsAllowed === "allowed";
  return [
    {
      ...row,
      answer: excluded ? "unknown" : "no",
      found: excluded ? `${found}, unless the VPC is excluded` : found,
      advice,
    },
  ];
}
