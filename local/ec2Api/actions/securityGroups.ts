import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID, ec2Arn } from "../../cloud/account";
import { Ec2Error } from "../../cloud/errors";
import { ALL_OUTWARDS, type SecurityGroupRecord } from "../../cloud/securityGroups";
import { passes, requireKnownFilter } from "../../cloud/tags";
import { changing, telling } from "../action";
import { cut, PAGES } from "../pages";
import { filtersOf, required, tagList, tagsFor } from "../values";
import { permissionsOf } from "./permissions";

const FILTERS: Record<string, (record: SecurityGroupRecord) => string> = {
  description: (record) => record.description,
  "group-id": (record) => record.groupId,
  "group-name": (record) => record.name,
  "owner-id": () => ACCOUNT_ID,
  "vpc-id": (record) => record.vpcId,
};

export const describeSecurityGroups = telling<
  ec2.DescribeSecurityGroupsRequest,
  ec2.DescribeSecurityGroupsResult
>(["GroupIds", "GroupNames", "Filters", ...PAGES], async ({ cloud, region }, input) => {
  const { GroupIds: ids = [], GroupNames: names = [] } = input;
  const filters = filtersOf(input.Filters);
  filters.forEach(({ name }) => requireKnownFilter(name, FILTERS));
  const all = await cloud.securityGroups.listWithDefault();
  const named = await Promise.all(ids.map((id) => cloud.securityGroups.describe(id)));
  const byName = names.map((name) => theOneNamed(name, all));
  const records = ids.length + names.length > 0 ? [...named, ...byName] : all;
  const passing = records.filter((record) => passes(record, filters, FILTERS));
  const { page, NextToken } = cut(passing, ({ groupId }) => groupId, input);
  return { SecurityGroups: page.map((record) => securityGroup(record, region)), NextToken };
});

function theOneNamed(name: string, groups: SecurityGroupRecord[]): SecurityGroupRecord {
  const found = groups.find((group) => group.name === name);
  if (found) return found;
  throw new Ec2Error("InvalidGroup.NotFound", `The security group '${name}' does not exist in default VPC`);
}

/** EC2 lets all out of a new group, until somebody takes that rule away. */
export const createSecurityGroup = changing<ec2.CreateSecurityGroupRequest, ec2.CreateSecurityGroupResult>(
  ["GroupName", "Description", "VpcId", "TagSpecifications"],
  async ({ cloud, region }, input) => {
    const request = {
      name: input.GroupName ?? "",
      description: input.Description ?? "",
      vpcId: input.VpcId || undefined,
      ingress: [],
      egress: [ALL_OUTWARDS],
      tags: tagsFor(input.TagSpecifications, "security-group")["security-group"],
    };
    await cloud.securityGroups.plan(request);
    return async () => {
      const { groupId, tags } = await cloud.securityGroups.create(request);
      return {
        GroupId: groupId,
        Tags: tagList(tags),
        SecurityGroupArn: ec2Arn(`security-group/${groupId}`, region),
      };
    };
  },
);

export const deleteSecurityGroup = changing<ec2.DeleteSecurityGroupRequest, ec2.DeleteSecurityGroupResult>(
  ["GroupId", "GroupName"],
  async ({ cloud }, { GroupId, GroupName }) => {
    const all = await cloud.securityGroups.listWithDefault();
    const groupId = GroupId || theOneNamed(required(GroupName, "GroupId"), all).groupId;
    await cloud.securityGroups.requireDeletable(groupId);
    return async () => {
      await cloud.securityGroups.delete(groupId);
      return { Return: true, GroupId: groupId };
    };
  },
);

function securityGroup(record: SecurityGroupRecord, region: string): ec2.SecurityGroup {
  return {
    OwnerId: ACCOUNT_ID,
    GroupId: record.groupId,
    GroupName: record.name,
    Description: record.description,
    VpcId: record.vpcId,
    SecurityGroupArn: ec2Arn(`security-group/${record.groupId}`, region),
    IpPermissions: permissionsOf(record.ingress, record.groupId),
    IpPermissionsEgress: permissionsOf(record.egress, record.groupId),
    Tags: tagList(record.tags),
  };
}
