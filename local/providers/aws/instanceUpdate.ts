/** Changes of an instance in place, one request for each, as pulumi-aws makes them. */
import {
  AssociateIamInstanceProfileCommand,
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
  ModifyInstanceAttributeCommand,
  ModifyInstanceCreditSpecificationCommand,
  ModifyInstanceMaintenanceOptionsCommand,
  ModifyInstanceMetadataOptionsCommand,
  ModifyNetworkInterfaceAttributeCommand,
  MonitorInstancesCommand,
  ReplaceIamInstanceProfileAssociationCommand,
  UnmonitorInstancesCommand,
  type ModifyInstanceAttributeRequest,
  type _InstanceType,
} from "@aws-sdk/client-ec2";
import type { Properties } from "../provider";
import type { Client } from "./client";
import { userDataIn } from "./instanceLaunch";
import { primaryInterface } from "./instanceOutputs";
import { findInstance, startAndWait, stopAndWait } from "./instancePower";
import type { Change } from "./resource";
import { changeRootVolume } from "./rootVolume";
import { flag, number, object, requiredText, text, texts } from "./values";

/** What EC2 changes of a stopped instance only. */
export const RESTARTED_BY = ["instanceType", "userData", "userDataBase64"];

type Step = (client: Client, change: Change, doing: string) => Promise<unknown>;

/** By the input that is new. What needs a restart comes first, as it does there. */
const STEPS: Record<string, Step> = {
  iamInstanceProfile: changeProfile,
  sourceDestCheck: (client, { id, inputs }, doing) =>
    modify(client, doing, { InstanceId: id, SourceDestCheck: { Value: flag(inputs, "sourceDestCheck") } }),
  vpcSecurityGroupIds: changeGroups,
  instanceType: (client, change, doing) =>
    modifyStopped(client, change, `${doing} type`, {
      InstanceType: { Value: requiredText(change.inputs, "instanceType") as _InstanceType },
    }),
  userData: changeUserData,
  userDataBase64: changeUserData,
  disableApiTermination: (client, { id, inputs }, doing) =>
    modify(client, doing, {
      DisableApiTermination: { Value: flag(inputs, "disableApiTermination") ?? false },
      InstanceId: id,
    }),
  instanceInitiatedShutdownBehavior: (client, { id, inputs }, doing) =>
    modify(client, doing, {
      InstanceId: id,
      InstanceInitiatedShutdownBehavior: { Value: text(inputs, "instanceInitiatedShutdownBehavior") },
    }),
  maintenanceOptions: (client, { id, inputs }, doing) => {
    const AutoRecovery = text(optionsIn(inputs, "maintenanceOptions"), "autoRecovery") as "default";
    return client.call(doing, new ModifyInstanceMaintenanceOptionsCommand({ AutoRecovery, InstanceId: id }));
  },
  monitoring: (client, { id, inputs }, doing) =>
    flag(inputs, "monitoring")
      ? client.call(doing, new MonitorInstancesCommand({ InstanceIds: [id] }))
      : client.call(doing, new UnmonitorInstancesCommand({ InstanceIds: [id] })),
  creditSpecification: (client, { id, inputs }, doing) => {
    const CpuCredits = text(optionsIn(inputs, "creditSpecification"), "cpuCredits");
    const InstanceCreditSpecifications = [{ CpuCredits, InstanceId: id }];
    return client.call(doing, new ModifyInstanceCreditSpecificationCommand({ InstanceCreditSpecifications }));
  },
  metadataOptions: changeMetadataOptions,
  rootBlockDevice: (client, change) => changeRootVolume(client, change),
};

export async function updateInstance(client: Client, change: Change): Promise<void> {
  const doing = `updating EC2 Instance (${change.id})`;
  for (const [name, step] of Object.entries(STEPS)) {
    if (change.changed.includes(name)) await step(client, change, doing);
  }
}

function modify(client: Client, doing: string, request: ModifyInstanceAttributeRequest): Promise<unknown> {
  return client.call(doing, new ModifyInstanceAttributeCommand(request));
}

/**
 * EC2 changes type and user data of a stopped instance only, so pulumi-aws stops it and starts it again, also where it
 * was stopped before (source: the Terraform provider's update of aws_instance). A refused change leaves it started.
 */
async function modifyStopped(
  client: Client,
  { id, context }: Change,
  doing: string,
  attribute: Omit<ModifyInstanceAttributeRequest, "InstanceId">,
): Promise<void> {
  await stopAndWait(client, id, context);
  try {
    await modify(client, doing, { ...attribute, InstanceId: id });
  } finally {
    await startAndWait(client, id, context);
  }
}

function changeUserData(client: Client, change: Change, doing: string): Promise<void> {
  const Value = userDataIn(change.inputs) ?? Buffer.alloc(0);
  return modifyStopped(client, change, `${doing} user data`, { UserData: { Value } });
}

/** Groups are those of the first network interface. */
async function changeGroups(client: Client, { id, inputs }: Change, doing: string): Promise<void> {
  const instance = await findInstance(client, `reading EC2 Instance (${id})`, id);
  const request = new ModifyNetworkInterfaceAttributeCommand({
    Groups: texts(inputs, "vpcSecurityGroupIds"),
    NetworkInterfaceId: instance && primaryInterface(instance)?.NetworkInterfaceId,
  });
  await client.call(`${doing}: modifying network interface`, request);
}

async function changeProfile(client: Client, { id, inputs }: Change, doing: string): Promise<void> {
  const name = text(inputs, "iamInstanceProfile");
  const Filters = [{ Name: "instance-id", Values: [id] }];
  const found = await client.call(doing, new DescribeIamInstanceProfileAssociationsCommand({ Filters }));
  const AssociationId = found.IamInstanceProfileAssociations?.[0]?.AssociationId;
  const IamInstanceProfile = { Name: name };
  if (!name) {
    if (AssociationId) await client.call(doing, new DisassociateIamInstanceProfileCommand({ AssociationId }));
  } else if (AssociationId) {
    const request = { AssociationId, IamInstanceProfile };
    await client.call(doing, new ReplaceIamInstanceProfileAssociationCommand(request));
  } else {
    await client.call(doing, new AssociateIamInstanceProfileCommand({ IamInstanceProfile, InstanceId: id }));
  }
}

/** EC2 takes the others only where the endpoint is there. */
async function changeMetadataOptions(client: Client, { id, inputs }: Change, doing: string): Promise<void> {
  const options = optionsIn(inputs, "metadataOptions");
  const HttpEndpoint = (text(options, "httpEndpoint") ?? "enabled") as "enabled" | "disabled";
  const others = {
    HttpPutResponseHopLimit: number(options, "httpPutResponseHopLimit"),
    HttpTokens: text(options, "httpTokens") as "required" | undefined,
    InstanceMetadataTags: text(options, "instanceMetadataTags") as "disabled" | undefined,
  };
  const request = { HttpEndpoint, InstanceId: id, ...(HttpEndpoint === "enabled" && others) };
  await client.call(`${doing} metadata options`, new ModifyInstanceMetadataOptionsCommand(request));
}

function optionsIn(inputs: Properties, name: string): Properties {
  return object(inputs, name) ?? {};
}
