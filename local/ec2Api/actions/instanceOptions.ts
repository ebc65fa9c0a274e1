/** What can be changed of an instance by an action of its own. */
import type * as ec2 from "@aws-sdk/client-ec2";
import { Ec2Error } from "../../cloud/errors";
import type { InstanceChange } from "../../cloud/instances";
import { networkInterfaceId, type InstanceRecord } from "../../cloud/instanceRecord";
import { changing, NOTHING, telling, type Context } from "../action";
import { cut, PAGES } from "../pages";
import { date, exactlyOne, filtersOf } from "../values";
import { profileArn } from "./describedInstance";

async function monitor(
  { cloud }: Context,
  { InstanceIds = [] }: ec2.MonitorInstancesRequest,
  monitoring: boolean,
) {
  for (const id of InstanceIds) await cloud.instances.describe(id);
  return async () => {
    for (const id of InstanceIds) await cloud.instances.modify(id, { attributes: { monitoring } });
    const State = monitoring ? ("enabled" as const) : ("disabled" as const);
    return { InstanceMonitorings: InstanceIds.map((InstanceId) => ({ InstanceId, Monitoring: { State } })) };
  };
}

export const monitorInstances = changing<ec2.MonitorInstancesRequest, ec2.MonitorInstancesResult>(
  ["InstanceIds"],
  (context, input) => monitor(context, input, true),
);

export const unmonitorInstances = changing<ec2.UnmonitorInstancesRequest, ec2.UnmonitorInstancesResult>(
  ["InstanceIds"],
  (context, input) => monitor(context, input, false),
);

export const modifyInstanceMaintenanceOptions = changing<
  ec2.ModifyInstanceMaintenanceOptionsRequest,
  ec2.ModifyInstanceMaintenanceOptionsResult
>(["InstanceId", "AutoRecovery"], async ({ cloud }, { InstanceId = "", AutoRecovery }) => {
  await cloud.instances.describe(InstanceId);
  return async () => {
    await cloud.instances.modify(InstanceId, { attributes: { autoRecovery: AutoRecovery } });
    return { InstanceId, AutoRecovery };
  };
});

/** Of the one interface that an instance has: its groups, and whether it takes what is not for it. */
export const modifyNetworkInterfaceAttribute = changing<ec2.ModifyNetworkInterfaceAttributeRequest, object>(
  ["NetworkInterfaceId", "Groups", "SourceDestCheck"],
  async ({ cloud }, { NetworkInterfaceId, Groups, SourceDestCheck }) => {
    exactlyOne({ Groups, SourceDestCheck });
    const all = await cloud.instances.list();
    const instance = all.find(
      ({ instanceId, state }) =>
        state !== "terminated" && networkInterfaceId(instanceId) === NetworkInterfaceId,
    );
    if (!instance) {
      throw new Ec2Error(
        "InvalidNetworkInterfaceID.NotFound",
        `The networkInterface ID '${NetworkInterfaceId}' does not exist`,
      );
    }
    const change: InstanceChange = Groups
      ? { securityGroupIds: Groups }
      : { attributes: { sourceDestCheck: SourceDestCheck?.Value } };
    await cloud.instances.planChange(instance.instanceId, change);
    return async () => {
      await cloud.instances.modify(instance.instanceId, change);
      return NOTHING;
    };
  },
);

const associationOf = (instanceId: string) => instanceId.replace(/^i-/, "iip-assoc-");

function association(record: InstanceRecord, state: ec2.IamInstanceProfileAssociationState) {
  return {
    AssociationId: associationOf(record.instanceId),
    InstanceId: record.instanceId,
    IamInstanceProfile: { Arn: profileArn(record.attributes?.iamInstanceProfile ?? "") },
    State: state,
    Timestamp: date(record.launchTime),
  };
}

const hasProfile = ({ state, attributes }: InstanceRecord) =>
  state !== "terminated" && Boolean(attributes?.iamInstanceProfile);

export const describeIamInstanceProfileAssociations = telling<
  ec2.DescribeIamInstanceProfileAssociationsRequest,
  ec2.DescribeIamInstanceProfileAssociationsResult
>(["AssociationIds", "Filters", ...PAGES], async ({ cloud }, input) => {
  const { AssociationIds: ids = [] } = input;
  const filters = filtersOf(input.Filters);
  const unknown = filters.find(({ name }) => !["instance-id", "state"].includes(name));
  if (unknown) throw new Ec2Error("InvalidParameterValue", `The filter '${unknown.name}' is invalid`);
  const found = (await cloud.instances.list())
    .filter(hasProfile)
    .filter(({ instanceId }) => ids.length === 0 || ids.includes(associationOf(instanceId)))
    .filter(({ instanceId }) =>
      filters.every(({ name, values }) => values.includes(name === "state" ? "associated" : instanceId)),
    );
  const { page, NextToken } = cut(found, ({ instanceId }) => instanceId, input);
  return { IamInstanceProfileAssociations: page.map((each) => association(each, "associated")), NextToken };
});

/** There is no list of profiles here: any name or ARN is one. */
function named({ Arn, Name }: ec2.IamInstanceProfileSpecification = {}): string {
  const name = Arn || Name;
  if (name) return profileArn(name);
  throw new Ec2Error(
    "MissingParameter",
    "The request must contain the parameter iamInstanceProfile.Arn or Name",
  );
}

async function setProfile({ cloud }: Context, instanceId: string, iamInstanceProfile?: string) {
  await cloud.instances.modify(instanceId, { attributes: { iamInstanceProfile } });
  return cloud.instances.describe(instanceId);
}

async function associated({ cloud }: Context, associationId = ""): Promise<InstanceRecord> {
  const all = await cloud.instances.list();
  const found = all.filter(hasProfile).find(({ instanceId }) => associationOf(instanceId) === associationId);
  if (found) return found;
  throw new Ec2Error("InvalidAssociationID.NotFound", `The association ID '${associationId}' does not exist`);
}

export const associateIamInstanceProfile = changing<
  ec2.AssociateIamInstanceProfileRequest,
  ec2.AssociateIamInstanceProfileResult
>(["IamInstanceProfile", "InstanceId"], async (context, { IamInstanceProfile, InstanceId = "" }) => {
  const profile = named(IamInstanceProfile);
  if (hasProfile(await context.cloud.instances.describe(InstanceId))) {
    throw new Ec2Error(
      "IncorrectState",
      `There is an existing association for instance ${InstanceId}. Replace it, or disassociate it first`,
    );
  }
  return async () => ({
    IamInstanceProfileAssociation: association(await setProfile(context, InstanceId, profile), "associating"),
  });
});

export const replaceIamInstanceProfileAssociation = changing<
  ec2.ReplaceIamInstanceProfileAssociationRequest,
  ec2.ReplaceIamInstanceProfileAssociationResult
>(["IamInstanceProfile", "AssociationId"], async (context, { IamInstanceProfile, AssociationId }) => {
  const profile = named(IamInstanceProfile);
  const { instanceId } = await associated(context, AssociationId);
  return async () => ({
    IamInstanceProfileAssociation: association(await setProfile(context, instanceId, profile), "associating"),
  });
});

export const disassociateIamInstanceProfile = changing<
  ec2.DisassociateIamInstanceProfileRequest,
  ec2.DisassociateIamInstanceProfileResult
>(["AssociationId"], async (context, { AssociationId }) => {
  const record = await associated(context, AssociationId);
  return async () => {
    await setProfile(context, record.instanceId);
    return { IamInstanceProfileAssociation: association(record, "disassociating") };
  };
});
