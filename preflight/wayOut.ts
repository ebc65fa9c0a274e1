/** What the routes of a subnet mean for a helper: whether it gets to its packages, and can be reached. Pure. */
import type { Route, RouteTable, Subnet } from "@aws-sdk/client-ec2";
import { blockOf, isInAny } from "../components/checks/block";
import type { Machine } from "./machines";
import type { PlannedWay } from "./plan";
import type { Row } from "./row";

const EVERYWHERE = "0.0.0.0/0";
const ELSEWHERE = "Name another helper.subnetId";

/** Whether the helper gets to its packages by the routes of its subnet, and answers where it has a public address. */
export function judgeWay(
  { migration, isPublic, subnetId = "" }: Machine,
  way: PlannedWay,
  routes: Route[],
): Row {
  const row = { what: `the helper's way to ${calledOf(way)} from ${subnetId}`, migrations: [migration] };
  const answer = unanswered(way, isPublic, routes) ?? outwards(way, isPublic, routes);
  return { ...row, ...answer };
}

type Judged = Omit<Row, "what" | "migrations">;

function calledOf({ by, server }: PlannedWay): string {
  return by === undefined ? "its mirrors" : `its ${by}${server ? ` ${server.host}` : ""}`;
}

/** A public address answers by an internet gateway alone. That Debian's mirrors are not reached is for `outwards` to say. */
function unanswered(
  { by, isShut }: PlannedWay,
  isPublic: boolean | undefined,
  routes: Route[],
): Judged | undefined {
  const route = routeTo(EVERYWHERE, routes);
  const target = targetOf(route);
  const goes = target !== undefined && route?.State !== "blackhole";
  if (isPublic === false || (goes && target.startsWith("igw-"))) return undefined;
  if (!goes && by === undefined && !isShut) return undefined;
  const leads = goes ? `its route leads to ${target}` : `its route table leads to no ${EVERYWHERE}`;
  const found = `${leads}: a public address cannot be reached without an internet gateway`;
  const advice = `${ELSEWHERE}, a public one, or set helper.usePrivateAddress and, from outside the VPC, helper.jumpHost.`;
  return { answer: "no", found, advice };
}

function outwards(way: PlannedWay, isPublic: boolean | undefined, routes: Route[]): Judged {
  if (way.isShut) {
    const found =
      "helper.egressCidrs is empty: it connects to nothing, so that its image has to bring every package";
    return { answer: "yes", found };
  }
  const { by, server } = way;
  if (by === undefined) return byRoute(EVERYWHERE, isPublic, routes);
  // IPv6 has routes of its own, which are not looked at.
  if (server?.block?.version === 4) return byRoute(`${server.host}/32`, isPublic, routes);
  if (routeTo(EVERYWHERE, routes)) return byRoute(EVERYWHERE, isPublic, routes);
  const found = `its route table has no route to ${EVERYWHERE}, and where the ${by} is does not show`;
  const advice = `See that the address of the ${by} is in the VPC, or in a network that the subnet has a route to.`;
  return { answer: "unknown", found, advice };
}

function byRoute(to: string, isPublic: boolean | undefined, routes: Route[]): Judged {
  const route = routeTo(to, routes);
  const target = targetOf(route);
  if (target === undefined) {
    const advice = `${ELSEWHERE}, or give this one a route to an internet gateway or a NAT gateway, or set helper.proxy or helper.mirror to one in the VPC.`;
    return { answer: "no", found: `its route table has no route to ${to}`, advice };
  }
  if (route?.State === "blackhole") {
    const found = `its route to ${route.DestinationCidrBlock} leads to ${target}, which is gone (blackhole)`;
    return { answer: "no", found, advice: `${ELSEWHERE}, or mend the route.` };
  }
  if (target === "local") return { answer: "yes", found: "it is in the VPC" };
  if (target.startsWith("igw-")) return byGateway(target, isPublic);
  if (target.startsWith("nat-") || target.startsWith("i-")) return { answer: "yes", found: `by ${target}` };
  const reached = to === EVERYWHERE ? "the mirrors are" : "it is";
  const found = `by ${target}: what lies behind it decides whether ${reached} reached`;
  const whom =
    to === EVERYWHERE ? "deb.debian.org is reached by HTTP and HTTPS" : `${to.split("/")[0]} is reached`;
  return { answer: "unknown", found, advice: `Ask who keeps that network whether ${whom}.` };
}

function byGateway(target: string, isPublic: boolean | undefined): Judged {
  if (isPublic !== false)
    return { answer: "yes", found: `by the internet gateway ${target}, with a public address` };
  const found = `its route leads to the internet gateway ${target}, which serves public addresses alone, and helper.usePrivateAddress is set`;
  const advice = `${ELSEWHERE}, one with a NAT gateway, or leave helper.usePrivateAddress out.`;
  return { answer: "no", found, advice };
}

/** The routes of a subnet: one without a table of its own has its VPC's main one. */
export function routesOf({ SubnetId, VpcId }: Subnet, tables: RouteTable[]): Route[] {
  const has = (table: RouteTable, test: (of: { SubnetId?: string; Main?: boolean }) => boolean) =>
    table.Associations?.some(test) === true;
  const table =
    tables.find((each) => has(each, (association) => association.SubnetId === SubnetId)) ??
    tables.find((each) => each.VpcId === VpcId && has(each, ({ Main }) => Main === true));
  return table?.Routes ?? [];
}

/** The narrowest route that a block is in: the one that EC2 takes. */
function routeTo(cidr: string, routes: Route[]): Route | undefined {
  const to = blockOf(cidr)!;
  const lengthOf = ({ DestinationCidrBlock = "" }: Route) => blockOf(DestinationCidrBlock)?.length ?? -1;
  return routes
    .filter(({ DestinationCidrBlock = "" }) => isInAny(to, [DestinationCidrBlock]))
    .sort((one, other) => lengthOf(other) - lengthOf(one))
    .at(0);
}

/** Where a route leads; undefined for no route. */
function targetOf(route: Route | undefined): string | undefined {
  if (!route) return undefined;
  const targets = [
    ...[route.NatGatewayId, route.TransitGatewayId, route.InstanceId, route.VpcPeeringConnectionId],
    ...[route.NetworkInterfaceId, route.GatewayId],
  ];
  return targets.find((target) => target !== undefined && target !== "") ?? "a target that is not named";
}
