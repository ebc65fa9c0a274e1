import { ACCOUNT_ID } from "../cloud/account";
import type { SecurityGroupRecord } from "../cloud/securityGroups";
import { passes, requireKnownFilter } from "../cloud/tags";
import { DONE, type Handler, tagSet } from "./handler";
import { cut, pageIn } from "./pages";
import type { XmlElements } from "./xml";

const FILTERS: Record<string, (record: SecurityGroupRecord) => string> = {
  description: (record) => record.description,
  "group-id": (record) => record.groupId,
  "group-name": (record) => record.name,
  "vpc-id": (record) => record.vpcId,
};

/** The rules are left out. */
export const describeSecurityGroups: Handler = (cloud, query) => {
  const [ids, filters, request] = [query.list("GroupId"), query.filters(), pageIn(query)];
  filters.forEach(({ name }) => requireKnownFilter(name, FILTERS));
  return async () => {
    const records =
      ids.length > 0
        ? await Promise.all(ids.map((id) => cloud.securityGroups.describe(id)))
        : await cloud.securityGroups.list();
    const passing = records.filter((record) => passes(record, filters, FILTERS));
    const { page, nextToken } = cut(passing, ({ groupId }) => groupId, request);
    return { securityGroupInfo: page.map(securityGroup), nextToken };
  };
};

export const deleteSecurityGroup: Handler = (cloud, query) => {
  const groupId = query.required("GroupId");
  return async () => {
    await cloud.securityGroups.delete(groupId);
    return { ...DONE, groupId };
  };
};

function securityGroup({ groupId, name, description, vpcId, tags }: SecurityGroupRecord): XmlElements {
  return {
    ...{ ownerId: ACCOUNT_ID, groupId, groupName: name, groupDescription: description, vpcId },
    tagSet: tagSet(tags),
  };
}
