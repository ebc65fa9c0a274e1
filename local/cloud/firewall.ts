import type { Firewall, FirewallRule } from "../machines/machine";
import type { Rule, SecurityGroupRecord } from "./securityGroups";

/** Addresses of the instances that are in a security group. */
export type AddressesOf = (groupId: string) => string[];

const EVERYWHERE = ["0.0.0.0/0"];

/**
 * Of an instance that was launched without a group: it is in the VPC's default group. EC2's own lets nothing in but the
 * group's members; here it lets ssh in, as the default group of whoever migrates images that way does. EC2's own lets all
 * out; here that could only reach the services of this host, which are nothing of EC2's.
 */
const DEFAULT_GROUP: Firewall = {
  ingress: [{ protocol: "tcp", fromPort: 22, toPort: 22, cidrs: EVERYWHERE }],
  egress: [],
};

/**
 * What all groups of an instance let through together. A rule that names a group stands for the addresses which that
 * group's members have at this time. Rules of IPv6, prefix lists and other protocols let nothing through here.
 */
export function firewallOf(groups: SecurityGroupRecord[], addressesOf: AddressesOf): Firewall {
  if (groups.length === 0) return DEFAULT_GROUP;
  const translate = (direction: "ingress" | "egress") =>
    groups.flatMap(({ groupId, [direction]: rules }) =>
      rules.flatMap((rule) => translateRule(rule, groupId, addressesOf)),
    );
  return { ingress: translate("ingress"), egress: translate("egress") };
}

function translateRule(rule: Rule, groupId: string, addressesOf: AddressesOf): FirewallRule[] {
  const protocol = PROTOCOLS[rule.protocol.toLowerCase()];
  const cidrs = cidrsOf(rule, groupId, addressesOf);
  if (protocol === undefined || cidrs.length === 0) return [];
  const hasPorts = protocol === "tcp" || protocol === "udp";
  return [
    { protocol, fromPort: hasPorts ? rule.fromPort : 0, toPort: hasPorts ? rule.toPort : 65535, cidrs },
  ];
}

/** By name or by IANA's number, as EC2 takes them. */
const PROTOCOLS: Record<string, FirewallRule["protocol"] | undefined> = {
  "-1": "all",
  all: "all",
  icmp: "icmp",
  "1": "icmp",
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
};

function cidrsOf(rule: Rule, groupId: string, addressesOf: AddressesOf): string[] {
  const named = [...(rule.securityGroups ?? []), ...(rule.self ? [groupId] : [])];
  const members = named.flatMap(addressesOf).map((address) => `${address}/32`);
  return [...new Set([...(rule.cidrBlocks ?? []), ...members])];
}
