/** Whether a helper reaches its packages from its subnet, and can be reached. */
import {
  DescribeVpcBlockPublicAccessOptionsCommand,
  type EC2Client,
  paginateDescribeRouteTables,
  type RouteTable,
  type Subnet,
} from "@aws-sdk/client-ec2";
import type { Clients } from "./clients";
import { type Machine, machinesOf, subnetsOf } from "./machines";
import { pages } from "../cli/aws/pages";
import type { Plan } from "./plan";
import { looked } from "./refusal";
import { migrationsIn, type Row } from "./row";
import { judgeWay, routesOf } from "./wayOut";

export async function askNetwork(plan: Plan, { ec2 }: Clients): Promise<Row[]> {
  const helpers = machinesOf(plan).filter(({ isHelper, subnetId }) => isHelper && subnetId !== undefined);
  if (helpers.length === 0) return [];
  const migrations = migrationsIn(helpers);
  const answer = await looked({ what: "the helper's way to its mirrors", migrations }, async () => {
    const subnets = await subnetsOf(plan, ec2);
    const own = helpers.flatMap(({ subnetId = "" }) => subnets.get(subnetId) ?? []);
    return { subnets, tables: await routeTablesOf(own, ec2) };
  });
  if ("row" in answer) return [answer.row];
  const { subnets, tables } = answer.value;
  const rows = helpers.flatMap((helper) => {
    const subnet = subnets.get(helper.subnetId ?? "");
    const way = plan.ways.get(helper.migration) ?? { isShut: false };
    return subnet === undefined ? [] : [judgeWay(helper, way, routesOf(subnet, tables))];
  });
  return [...rows, ...(await askBlock(helpers, ec2))];
}

async function routeTablesOf(subnets: Subnet[], ec2: EC2Client): Promise<RouteTable[]> {
  const vpcs = [...new Set(subnets.flatMap(({ VpcId }) => VpcId ?? []))];
  if (vpcs.length === 0) return [];
  const ofVpcs = { Filters: [{ Name: "vpc-id", Values: vpcs }] };
  return pages(paginateDescribeRouteTables({ client: ec2 }, ofVpcs), ({ RouteTables }) => RouteTables);
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
