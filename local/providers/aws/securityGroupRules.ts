/** A security group's rules: EC2 has one permission for each protocol and ports, pulumi-aws one rule for each description too. */
import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import { flag, number, requiredText, text, texts } from "./values";

/** What a rule may name, under pulumi-aws's name for it. */
type Peers = "cidrBlocks" | "ipv6CidrBlocks" | "prefixListIds" | "securityGroups";

/** One permission for each peer of each rule, so that two lists of them can be compared. `self`: the group itself. */
export function permissionsIn(rules: Properties[] = [], self: string): IpPermission[] {
  return rules.flatMap((rule) => {
    const ports = {
      FromPort: number(rule, "fromPort"),
      IpProtocol: protocolOf(requiredText(rule, "protocol")),
      ToPort: number(rule, "toPort"),
    };
    const Description = text(rule, "description") || undefined;
    const named = (name: Peers) => texts(rule, name) ?? [];
    const groups = [...named("securityGroups"), ...(flag(rule, "self") ? [self] : [])];
    return [
      ...named("cidrBlocks").map((CidrIp) => ({ ...ports, IpRanges: [{ CidrIp, Description }] })),
      ...named("ipv6CidrBlocks").map((CidrIpv6) => ({ ...ports, Ipv6Ranges: [{ CidrIpv6, Description }] })),
      ...named("prefixListIds").map((PrefixListId) => ({
        ...ports,
        PrefixListIds: [{ PrefixListId, Description }],
      })),
      ...groups.map((GroupId) => ({ ...ports, UserIdGroupPairs: [{ GroupId, Description }] })),
    ];
  });
}

/** The first of two lists without what the second has as well. */
export function withoutThose(permissions: IpPermission[], others: IpPermission[]): IpPermission[] {
  const known = new Set(others.map((other) => JSON.stringify(other)));
  return permissions.filter((permission) => !known.has(JSON.stringify(permission)));
}

/** `all` is EC2's -1, and the numbers of the three usual protocols are their names. */
function protocolOf(name: string): string {
  const names: Record<string, string> = { all: "-1", "6": "tcp", "17": "udp", "1": "icmp" };
  return names[name.toLowerCase()] ?? name.toLowerCase();
}

/** EC2's permissions as pulumi-aws shows them: one rule for all peers with the same protocol, ports and description. */
export function rulesOf(permissions: IpPermission[], self: string): Properties[] {
  const rules = new Map<string, Properties & Record<Peers, string[]>>();
  for (const permission of permissions) {
    const { FromPort = 0, IpProtocol = "-1", ToPort = 0 } = permission;
    const ruleOf = (description = "") => {
      const key = JSON.stringify([IpProtocol, FromPort, ToPort, description]);
      const made = rules.get(key) ?? {
        ...{ cidrBlocks: [], description, fromPort: FromPort, ipv6CidrBlocks: [], prefixListIds: [] },
        ...{ protocol: IpProtocol, securityGroups: [], self: false, toPort: ToPort },
      };
      rules.set(key, made);
      return made;
    };
    for (const range of permission.IpRanges ?? []) {
      ruleOf(range.Description).cidrBlocks.push(range.CidrIp ?? "");
    }
    for (const range of permission.Ipv6Ranges ?? []) {
      ruleOf(range.Description).ipv6CidrBlocks.push(range.CidrIpv6 ?? "");
    }
    for (const list of permission.PrefixListIds ?? []) {
      ruleOf(list.Description).prefixListIds.push(list.PrefixListId ?? "");
    }
    for (const { Description, GroupId = "" } of permission.UserIdGroupPairs ?? []) {
      if (GroupId === self) ruleOf(Description).self = true;
      else ruleOf(Description).securityGroups.push(GroupId);
    }
  }
  return [...rules.values()];
}

/** The rules in the order that was recorded, as far as they were: their order means nothing to EC2. */
export function inTheOrderOf(recorded: unknown, rules: Properties[]): Properties[] {
  if (!Array.isArray(recorded)) return rules;
  const places = (recorded as Properties[]).map(keyOf);
  const placeOf = (rule: Properties) => {
    const place = places.indexOf(keyOf(rule));
    return place < 0 ? places.length : place;
  };
  return [...rules].sort((a, b) => placeOf(a) - placeOf(b));
}

function keyOf({ protocol, fromPort, toPort, description }: Properties): string {
  return JSON.stringify([protocolOf(String(protocol)), fromPort ?? 0, toPort ?? 0, description ?? ""]);
}
