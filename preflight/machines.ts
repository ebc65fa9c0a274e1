/** The machines that an update would start: their types, their zones, and how many vCPUs they take. Pure but for the asking. */
import {
  type DescribeInstanceTypeOfferingsRequest,
  type EC2Client,
  type InstanceTypeInfo,
  paginateDescribeInstanceTypeOfferings,
  paginateDescribeInstanceTypes,
  paginateDescribeSubnets,
  type Subnet,
} from "@aws-sdk/client-ec2";
import { textOf } from "../cli/preview/preview";
import type { Clients } from "./clients";
import { pages } from "../cli/aws/pages";
import type { Piece, Plan } from "./plan";
import { looked } from "./refusal";
import { migrationsIn, type Row } from "./row";

export interface Machine {
  migration: string;
  isHelper: boolean;
  instanceType: string;
  subnetId?: string;
  /** Gets a public address. Undefined: as the subnet says. */
  isPublic?: boolean;
}

/** Those of the plan whose type is known. */
export function machinesOf({ pieces }: Plan): Machine[] {
  return pieces.flatMap((piece) => machineOf(piece));
}

function machineOf({ migration, role, type, inputs }: Piece): Machine[] {
  const instanceType = textOf(inputs?.instanceType);
  if (type !== "aws:ec2/instance:Instance" || instanceType === undefined) return [];
  const isPublic = inputs?.associatePublicIpAddress;
  return [
    {
      ...{ migration, isHelper: role === "helper", instanceType, subnetId: textOf(inputs?.subnetId) },
      isPublic: typeof isPublic === "boolean" ? isPublic : undefined,
    },
  ];
}

const asked = new WeakMap<Plan, Promise<Map<string, Subnet>>>();

/** The subnets that a plan's machines are put in, by id. EC2 is asked once for a plan, whoever wants to know. */
export function subnetsOf(plan: Plan, ec2: EC2Client): Promise<Map<string, Subnet>> {
  const subnets = asked.get(plan) ?? askSubnets(plan, ec2);
  asked.set(plan, subnets);
  return subnets;
}

async function askSubnets(plan: Plan, ec2: EC2Client): Promise<Map<string, Subnet>> {
  const ids = [...new Set(machinesOf(plan).flatMap(({ subnetId }) => subnetId ?? []))];
  if (ids.length === 0) return new Map();
  const byId = { Filters: [{ Name: "subnet-id", Values: ids }] };
  const subnets = await pages(paginateDescribeSubnets({ client: ec2 }, byId), ({ Subnets }) => Subnets);
  return new Map(subnets.map((subnet) => [subnet.SubnetId ?? "", subnet]));
}

/** What EC2 tells of the types, by their name. */
export async function typesOf(names: string[], ec2: EC2Client): Promise<Map<string, InstanceTypeInfo>> {
  if (names.length === 0) return new Map();
  const byName = { Filters: [{ Name: "instance-type", Values: names }] };
  const types = await pages(
    paginateDescribeInstanceTypes({ client: ec2 }, byName),
    ({ InstanceTypes }) => InstanceTypes,
  );
  return new Map(types.map((type) => [type.InstanceType ?? "", type]));
}

/** Whether each zone has the type that is to run there. */
export async function askZones(plan: Plan, { ec2 }: Clients): Promise<Row[]> {
  const machines = machinesOf(plan);
  if (machines.length === 0) return [];
  const what = "instance types of the zones";
  const migrations = migrationsIn(machines);
  const answer = await looked({ what, migrations }, async () => ({
    subnets: await subnetsOf(plan, ec2),
    zones: await zonesOf([...new Set(machines.map(({ instanceType }) => instanceType))], ec2),
  }));
  if ("row" in answer) return [answer.row];
  const { subnets, zones } = answer.value;
  return machines.flatMap(({ migration, isHelper, instanceType, subnetId = "" }): Row[] => {
    const zone = subnets.get(subnetId)?.AvailabilityZone;
    if (zone === undefined) return [];
    const row = { what: `${instanceType} in ${zone}`, migrations: [migration] };
    const offered = zones.get(instanceType) ?? [];
    if (offered.includes(zone)) return [{ ...row, answer: "yes", found: "the zone has it" }];
    const where =
      offered.length === 0
        ? "no zone of this region has it"
        : `the zones that have it are ${offered.join(", ")}`;
    const argument = isHelper ? "helper" : "launch";
    const advice = `Name another ${argument}.instanceType, or a ${argument}.subnetId in another zone.`;
    return [{ ...row, answer: "no", found: where, advice }];
  });
}

async function zonesOf(types: string[], ec2: EC2Client): Promise<Map<string, string[]>> {
  const request: DescribeInstanceTypeOfferingsRequest = {
    LocationType: "availability-zone",
    Filters: [{ Name: "instance-type", Values: types }],
  };
  const offerings = await pages(
    paginateDescribeInstanceTypeOfferings({ client: ec2 }, request),
    ({ InstanceTypeOfferings }) => InstanceTypeOfferings,
  );
  const zones = new Map<string, string[]>();
  for (const { InstanceType = "", Location = "" } of offerings) {
    zones.set(InstanceType, [...(zones.get(InstanceType) ?? []), Location].sort());
  }
  return zones;
}
