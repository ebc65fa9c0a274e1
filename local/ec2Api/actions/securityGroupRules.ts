import type * as ec2 from "@aws-sdk/client-ec2";
import type { Cloud } from "../../cloud/cloud";
import { Ec2Error } from "../../cloud/errors";
import type { Rule } from "../../cloud/securityGroups";
import { changing, telling, type Context } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf } from "../values";
import {
  identityOf,
  permissionsOf,
  ruleIdOf,
  rulesIn,
  securityGroupRule,
  single,
  type Direction,
} from "./permissions";

const PERMISSIONS = [
  ...["IpPermissions.IpProtocol", "IpPermissions.FromPort", "IpPermissions.ToPort"],
  ...["IpPermissions.IpRanges", "IpPermissions.Ipv6Ranges", "IpPermissions.PrefixListIds"],
  ...["IpPermissions.UserIdGroupPairs.GroupId", "IpPermissions.UserIdGroupPairs.UserId"],
  "IpPermissions.UserIdGroupPairs.Description",
];
const PLAIN = ["IpProtocol", "FromPort", "ToPort", "CidrIp"];

type Asked = Pick<
  ec2.AuthorizeSecurityGroupIngressRequest,
  "GroupId" | "IpPermissions" | "IpProtocol" | "FromPort" | "ToPort" | "CidrIp"
>;

/** By its list, or by the plain parameters of the first years. */
function askedRules(input: Asked): Rule[] {
  const { IpPermissions, IpProtocol, FromPort, ToPort, CidrIp } = input;
  const plain = IpProtocol === undefined ? [] : [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
  const rules = rulesIn([...(IpPermissions ?? []), ...plain]);
  requireSome(rules);
  requireOnce(rules);
  return rules;
}

function requireSome(rules: Rule[]): void {
  if (rules.length > 0) return;
  throw new Ec2Error(
    "MissingParameter",
    "Either 'ipPermissions' or 'securityGroupRuleIds' must be provided, and each permission must name a source",
  );
}

function requireOnce(rules: Rule[]): void {
  const identities = rules.map(identityOf);
  if (new Set(identities).size === identities.length) return;
  throw new Ec2Error("InvalidParameterValue", "The same permission must not appear multiple times");
}

async function rulesOf({ securityGroups }: Cloud, groupId: string, direction: Direction): Promise<Rule[]> {
  const { [direction]: rules } = await securityGroups.describe(groupId);
  return rules.flatMap((rule) => single(rule, groupId));
}

/** Adds rules that are not there yet. */
async function authorize({ cloud }: Context, input: Asked, direction: Direction) {
  const { GroupId: groupId = "" } = input;
  const before = await rulesOf(cloud, groupId, direction);
  const added = askedRules(input);
  const known = new Set(before.map(identityOf));
  const twice = added.find((rule) => known.has(identityOf(rule)));
  if (twice) throw duplicate(twice);
  const after = [...before, ...added];
  await cloud.securityGroups.planChange(groupId, { [direction]: after });
  return async () => {
    await cloud.securityGroups.modify(groupId, { [direction]: after });
    const SecurityGroupRules = added.map((rule) => securityGroupRule(groupId, direction, rule));
    return { Return: true, SecurityGroupRules };
  };
}

function duplicate(rule: Rule): Ec2Error {
  const peer = [rule.cidrBlocks, rule.ipv6CidrBlocks, rule.prefixListIds, rule.securityGroups]
    .flat()
    .join("");
  return new Ec2Error(
    "InvalidPermission.Duplicate",
    `the specified rule "peer: ${peer}, ${rule.protocol.toUpperCase()}, from port: ${rule.fromPort}, to port: ${rule.toPort}, ALLOW" already exists`,
  );
}

/**
 * Takes rules away. In a default VPC, as there is one here, those that are not there are told and not refused:
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupIngress.html
 */
async function revoke(
  { cloud }: Context,
  input: Asked & { SecurityGroupRuleIds?: string[] },
  direction: Direction,
) {
  const { GroupId: groupId = "", SecurityGroupRuleIds: ids = [] } = input;
  const before = await rulesOf(cloud, groupId, direction);
  const asked = ids.length > 0 ? [] : askedRules(input);
  const gone = ids.length > 0 ? byId(before, groupId, direction, ids) : asked.map(identityOf);
  const after = before.filter((rule) => !gone.includes(identityOf(rule)));
  const known = new Set(before.map(identityOf));
  const unknown = asked.filter((rule) => !known.has(identityOf(rule)));
  await cloud.securityGroups.planChange(groupId, { [direction]: after });
  return async () => {
    await cloud.securityGroups.modify(groupId, { [direction]: after });
    return { Return: true, UnknownIpPermissions: permissionsOf(unknown, groupId) };
  };
}

function byId(rules: Rule[], groupId: string, direction: Direction, ids: string[]): string[] {
  const known = new Map(rules.map((rule) => [ruleIdOf(groupId, direction, rule), identityOf(rule)]));
  return ids.map((id) => {
    const found = known.get(id);
    if (found !== undefined) return found;
    throw noSuchRule(id, `the ${direction} rules of ${groupId}`);
  });
}

export const authorizeSecurityGroupIngress = changing<
  ec2.AuthorizeSecurityGroupIngressRequest,
  ec2.AuthorizeSecurityGroupIngressResult
>(["GroupId", ...PERMISSIONS, ...PLAIN], (context, input) => authorize(context, input, "ingress"));

export const authorizeSecurityGroupEgress = changing<
  ec2.AuthorizeSecurityGroupEgressRequest,
  ec2.AuthorizeSecurityGroupEgressResult
>(["GroupId", ...PERMISSIONS, ...PLAIN], (context, input) => authorize(context, input, "egress"));

export const revokeSecurityGroupIngress = changing<
  ec2.RevokeSecurityGroupIngressRequest,
  ec2.RevokeSecurityGroupIngressResult
>(["GroupId", "SecurityGroupRuleIds", ...PERMISSIONS, ...PLAIN], (context, input) =>
  revoke(context, input, "ingress"),
);

export const revokeSecurityGroupEgress = changing<
  ec2.RevokeSecurityGroupEgressRequest,
  ec2.RevokeSecurityGroupEgressResult
>(["GroupId", "SecurityGroupRuleIds", ...PERMISSIONS, ...PLAIN], (context, input) =>
  revoke(context, input, "egress"),
);

/** Every rule by itself, with its id. */
export const describeSecurityGroupRules = telling<
  ec2.DescribeSecurityGroupRulesRequest,
  ec2.DescribeSecurityGroupRulesResult
>(["SecurityGroupRuleIds", "Filters", ...PAGES], async ({ cloud }, input) => {
  const groups = await cloud.securityGroups.listWithDefault();
  const directions = ["ingress", "egress"] as const;
  const all = groups.flatMap(({ groupId, ...group }) =>
    directions.flatMap((direction) =>
      group[direction]
        .flatMap((rule) => single(rule, groupId))
        .map((rule) => securityGroupRule(groupId, direction, rule)),
    ),
  );
  const { SecurityGroupRuleIds: ids = [] } = input;
  const wanted = wantedGroups(filtersOf(input.Filters));
  const found = all
    .filter(({ SecurityGroupRuleId = "" }) => ids.length === 0 || ids.includes(SecurityGroupRuleId))
    .filter(({ GroupId = "" }) => wanted?.includes(GroupId) ?? true);
  const { page, NextToken } = cut(found, ({ SecurityGroupRuleId = "" }) => SecurityGroupRuleId, input);
  return { SecurityGroupRules: page, NextToken };
});

function wantedGroups(filters: { name: string; values: string[] }[]): string[] | undefined {
  const unknown = filters.find(({ name }) => name !== "group-id");
  if (unknown) throw new Ec2Error("InvalidParameterValue", `The filter '${unknown.name}' is invalid`);
  return filters.length === 0 ? undefined : filters.flatMap(({ values }) => values);
}

/** Puts another rule in the place of one that is named by its id. */
export const modifySecurityGroupRules = changing<
  ec2.ModifySecurityGroupRulesRequest,
  ec2.ModifySecurityGroupRulesResult
>(["GroupId", "SecurityGroupRules"], async ({ cloud }, { GroupId = "", SecurityGroupRules = [] }) => {
  const before = {
    ingress: await rulesOf(cloud, GroupId, "ingress"),
    egress: await rulesOf(cloud, GroupId, "egress"),
  };
  const others = new Map(
    SecurityGroupRules.map(({ SecurityGroupRuleId = "", SecurityGroupRule = {} }) => [
      SecurityGroupRuleId,
      ruleIn(SecurityGroupRule),
    ]),
  );
  const replaced = (direction: Direction) =>
    before[direction].map((rule) => others.get(ruleIdOf(GroupId, direction, rule)) ?? rule);
  const known = (["ingress", "egress"] as const).flatMap((direction) =>
    before[direction].map((rule) => ruleIdOf(GroupId, direction, rule)),
  );
  const missing = [...others.keys()].find((id) => !known.includes(id));
  if (missing !== undefined) throw noSuchRule(missing, GroupId);
  const after = { ingress: replaced("ingress"), egress: replaced("egress") };
  await cloud.securityGroups.planChange(GroupId, after);
  return async () => {
    await cloud.securityGroups.modify(GroupId, after);
    return { Return: true };
  };
});

function ruleIn(asked: ec2.SecurityGroupRuleRequest): Rule {
  const { CidrIpv4: CidrIp, CidrIpv6, PrefixListId, ReferencedGroupId, Description, ...ports } = asked;
  const [rule] = rulesIn([
    {
      ...ports,
      IpRanges: CidrIp ? [{ CidrIp, Description }] : [],
      Ipv6Ranges: CidrIpv6 ? [{ CidrIpv6, Description }] : [],
      PrefixListIds: PrefixListId ? [{ PrefixListId, Description }] : [],
      UserIdGroupPairs: ReferencedGroupId ? [{ GroupId: ReferencedGroupId, Description }] : [],
    },
  ]);
  requireSome(rule ? [rule] : []);
  return rule;
}

function noSuchRule(id: string, where: string): Ec2Error {
  return new Ec2Error(
    "InvalidSecurityGroupRuleId.NotFound",
    `The security group rule ID '${id}' does not exist in ${where}`,
  );
}
