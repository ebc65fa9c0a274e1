import type * as pulumi from "@pulumi/pulumi";
import { getInstanceTypeOfferings } from "@pulumi/aws/ec2/getInstanceTypeOfferings";
import type { Problem } from "../checks/problems";
import { type Answer, answer } from "./lookups";
import { ask } from "./run";

/**
 * The types that a helper may have where none is named, the best first: those with nested virtualization, which gives
 * rehearsals KVM, then older ones that nearly every zone has. All are Nitro types of architecture x86_64.
 */
export const HELPER_TYPES = [
  ...["m8i-flex.large", "c8i-flex.large", "m8i.large", "c8i.large"],
  ...["m7i-flex.large", "m6i.large", "m5.large"],
];

/** A type, and a zone of this region that it is to be had in. */
export interface Offering {
  instanceType: string;
  zone: string;
}

/**
 * In which zones some types are to be had. EC2 knows a type of a region whether or not a zone has it, and refuses it only when
 * it is started there: `Unsupported`. A type that the region does not have has no row.
 */
export function lookUpOfferings(
  path: string,
  types: string[],
  parent: pulumi.Resource,
): Promise<Answer<Offering[]>> {
  const query = {
    locationType: "availability-zone",
    filters: [{ name: "instance-type", values: types }],
  };
  const rows = ask(getInstanceTypeOfferings, query, parent).then(({ instanceTypes, locations }) =>
    instanceTypes.map((instanceType, row): Offering => ({ instanceType, zone: locations[row] })),
  );
  return answer(path, `the zones of ${types.join(", ")}`, rows);
}

/** Where an instance is to go. */
export interface Place {
  /** The argument that names its subnet. */
  path: string;
  subnetId: string;
  zone: string;
}

/** Whether a type is to be had in the zone of its subnet. `otherwise`: what else to do than to take another subnet, a sentence. */
export function checkOffered(
  path: string,
  instanceType: string,
  { path: subnetPath, subnetId, zone }: Place,
  offerings: Offering[],
  otherwise: string,
): Problem[] {
  const zones = offerings.filter((each) => each.instanceType === instanceType).map((each) => each.zone);
  // Of a type that the region does not have at all, the look-up of the type itself tells.
  if (zones.length === 0 || zones.includes(zone)) return [];
  const reason = `${instanceType} is not offered in ${zone}, the zone of ${subnetPath}, ${subnetId}`;
  const fix = `It is offered in ${zones.sort().join(", ")}: name a subnet there. ${otherwise}`;
  return [{ path, reason, fix, unanswered: "missing" }];
}

/** The first of the helper's own types that a zone has. */
export function firstOffered(
  path: string,
  { path: subnetPath, subnetId, zone }: Place,
  offerings: Offering[],
): Answer<string> {
  const here = offerings.filter((each) => each.zone === zone).map((each) => each.instanceType);
  const value = HELPER_TYPES.find((type) => here.includes(type));
  if (value !== undefined) return { value, problems: [] };
  const zones = [...new Set(offerings.map((each) => each.zone))].sort();
  const reason = `none of ${HELPER_TYPES.join(", ")} is offered in ${zone}, the zone of ${subnetPath}, ${subnetId}`;
  const elsewhere = zones.length > 0 ? `Name a subnet in ${zones.join(", ")}, or` : "Name";
  const fix = `${elsewhere} an x86_64 Nitro type that the zone has: ${listOf(zone)} lists them.`;
  return { problems: [{ path, reason, fix, unanswered: "missing" }] };
}

/** The command that lists what a zone has. */
export function listOf(zone: string): string {
  return `aws ec2 describe-instance-type-offerings --location-type availability-zone --filters Name=location,Values=${zone}`;
}
