/** A group's rules as EC2 writes them, and back. The cloud keeps one rule for each source. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { createHash } from "node:crypto";
import { ACCOUNT_ID } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import type { Rule } from "../../cloud/securityGroups";

export type Direction = "ingress" | "egress";

/** One rule for each source that a rule of the cloud names. */
export function single(rule: Rule, groupId: string): Rule[] {
  const { fromPort, toPort, protocol, description } = rule;
  const base = { fromPort, toPort, protocol, ...(description && { description }) };
  const groups = [...(rule.self ? [groupId] : []), ...(rule.securityGroups ?? [])];
  return [
    ...(rule.cidrBlocks ?? []).map((cidr) => ({ ...base, cidrBlocks: [cidr] })),
    ...(rule.ipv6CidrBlocks ?? []).map((cidr) => ({ ...base, ipv6CidrBlocks: [cidr] })),
    ...(rule.prefixListIds ?? []).map((id) => ({ ...base, prefixListIds: [id] })),
    ...groups.map((id) => ({ ...base, securityGroups: [id] })),
  ];
}

/** The rules that a request names, one for each source. */
export function rulesIn(permissions: ec2.IpPermission[] = []): Rule[] {
  return permissions.flatMap((permission) => {
    const base = portsIn(permission);
    const described = (Description?: string) => (Description ? { description: Description } : {});
    return [
      ...(permission.IpRanges ?? []).map(({ CidrIp = "", Description }) => ({
        ...base,
        ...described(Description),
        cidrBlocks: [requireBlock(CidrIp, 4)],
      })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 = "", Description }) => ({
        ...base,
        ...described(Description),
        ipv6CidrBlocks: [requireBlock(CidrIpv6, 6)],
      })),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId = "", Description }) => ({
        ...base,
        ...described(Description),
        prefixListIds: [PrefixListId],
      })),
      ...(permission.UserIdGroupPairs ?? []).map(({ GroupId = "", Description }) => ({
        ...base,
        ...described(Description),
        securityGroups: [GroupId],
      })),
    ];
  });
}

/** By IANA's number where EC2 writes the name, and -1 for all of them. */
const NAMES: Record<string, string> = { "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6", all: "-1" };

/** Of all protocols there are no ports. */
function portsIn({ IpProtocol = "", FromPort, ToPort }: ec2.IpPermission) {
  const word = IpProtocol.toLowerCase();
  const protocol = NAMES[word] ?? word;
  if (protocol === "") {
    throw new Ec2Error("MissingParameter", "The request must contain the parameter ipProtocol");
  }
  if (protocol === "-1") return { protocol, fromPort: 0, toPort: 0 };
  if (FromPort === undefined || ToPort === undefined) {
    throw new Ec2Error(
      "MissingParameter",
      `The request must contain fromPort and toPort for protocol ${protocol}`,
    );
  }
  return { protocol, fromPort: FromPort, toPort: ToPort };
}

/** @throws Ec2Error `InvalidParameterValue` for what is no block of addresses, or has bits behind its prefix. */
function requireBlock(cidr: string, family: 4 | 6): string {
  const [address, length] = cidr.split("/");
  const isBlock = family === 4 ? isBlockOf4(address, Number(length)) : isBlockOf6(address, length);
  if (isBlock) return family === 4 ? cidr : cidr.toLowerCase();
  throw new Ec2Error("InvalidParameterValue", `CIDR block ${cidr} is malformed`);
}

function isBlockOf4(address: string, length: number): boolean {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255))
    return false;
  if (!Number.isInteger(length) || length < 0 || length > 32) return false;
  const number = parts.reduce((sum, part) => sum * 256 + part, 0);
  return number % 2 ** (32 - length) === 0;
}

function isBlockOf6(address: string, length = ""): boolean {
  return (
    /^[0-9a-fA-F:.]+$/.test(address) &&
    address.includes(":") &&
    /^\d{1,3}$/.test(length) &&
    Number(length) <= 128
  );
}

/** What is one rule for EC2: everything but the description. */
export function identityOf({ description: _, ...rule }: Rule): string {
  return JSON.stringify(Object.entries(rule).sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** The same rule has the same id as long as it is there. */
export function ruleIdOf(groupId: string, direction: Direction, rule: Rule): string {
  const digest = createHash("sha256")
    .update([groupId, direction, identityOf(rule)].join(" "))
    .digest("hex");
  return `sgr-${digest.slice(0, 17)}`;
}

/** Rules of one protocol and ports together, as DescribeSecurityGroups tells them. */
export function permissionsOf(rules: Rule[], groupId: string): ec2.IpPermission[] {
  const permissions = new Map<string, ec2.IpPermission>();
  for (const rule of rules.flatMap((each) => single(each, groupId))) {
    const { protocol, fromPort, toPort } = rule;
    const key = [protocol, fromPort, toPort].join(" ");
    const permission = permissions.get(key) ?? emptyPermission(rule);
    permissions.set(key, permission);
    add(permission, rule);
  }
  return [...permissions.values()];
}

function emptyPermission({ protocol, fromPort, toPort }: Rule): ec2.IpPermission {
  return {
    IpProtocol: protocol,
    ...(protocol !== "-1" && { FromPort: fromPort, ToPort: toPort }),
    IpRanges: [],
    Ipv6Ranges: [],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
}

function add(permission: ec2.IpPermission, rule: Rule): void {
  const Description = rule.description;
  rule.cidrBlocks?.forEach((CidrIp) => permission.IpRanges?.push({ CidrIp, Description }));
  rule.ipv6CidrBlocks?.forEach((CidrIpv6) => permission.Ipv6Ranges?.push({ CidrIpv6, Description }));
  rule.prefixListIds?.forEach((PrefixListId) =>
    permission.PrefixListIds?.push({ PrefixListId, Description }),
  );
  rule.securityGroups?.forEach((GroupId) =>
    permission.UserIdGroupPairs?.push({ GroupId, UserId: ACCOUNT_ID, Description }),
  );
}

/** One rule by itself, as DescribeSecurityGroupRules tells it. */
export function securityGroupRule(groupId: string, direction: Direction, rule: Rule): ec2.SecurityGroupRule {
  const everything = rule.protocol === "-1";
  const [referenced] = rule.securityGroups ?? [];
  return {
    SecurityGroupRuleId: ruleIdOf(groupId, direction, rule),
    GroupId: groupId,
    GroupOwnerId: ACCOUNT_ID,
    IsEgress: direction === "egress",
    IpProtocol: rule.protocol,
    FromPort: everything ? -1 : rule.fromPort,
    ToPort: everything ? -1 : rule.toPort,
    CidrIpv4: rule.cidrBlocks?.[0],
    CidrIpv6: rule.ipv6CidrBlocks?.[0],
    PrefixListId: rule.prefixListIds?.[0],
    ReferencedGroupInfo: referenced === undefined ? undefined : { GroupId: referenced, UserId: ACCOUNT_ID },
    Description: rule.description,
    Tags: [],
  };
}
