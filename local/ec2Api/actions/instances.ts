import type * as ec2 from "@aws-sdk/client-ec2";
import { ACCOUNT_ID } from "../../cloud/account";
import type { Cloud } from "../../cloud/cloud";
import { Ec2Error } from "../../cloud/errors";
import { requireInstanceFilters } from "../../cloud/instanceFilters";
import { newReservationId, type InstanceRecord } from "../../cloud/instanceRecord";
import { changing, telling } from "../action";
import { cut, PAGES } from "../pages";
import { date, filtersOf } from "../values";
import {
  describedInstance,
  networkInterface,
  reservations,
  stateOf,
  type GroupNames,
} from "./describedInstance";
import { launchRequest, LAUNCH_PARAMETERS } from "./launchRequest";

export async function groupNames({ securityGroups }: Cloud): Promise<GroupNames> {
  const names = new Map((await securityGroups.list()).map(({ groupId, name }) => [groupId, name]));
  return (id) => names.get(id) ?? securityGroups.defaultNameOf(id);
}

export const describeInstances = telling<ec2.DescribeInstancesRequest, ec2.DescribeInstancesResult>(
  ["InstanceIds", "Filters", ...PAGES],
  async ({ cloud }, input) => {
    const filters = filtersOf(input.Filters);
    requireInstanceFilters(filters);
    const found = await cloud.instances.search(filters, input.InstanceIds);
    const { page, NextToken } = cut(found, ({ instanceId }) => instanceId, input);
    return { Reservations: reservations(page, await groupNames(cloud)), NextToken };
  },
);

export const runInstances = changing<ec2.RunInstancesRequest, ec2.Reservation>(
  LAUNCH_PARAMETERS,
  async (context, input) => {
    const { cloud } = context;
    const request = await launchRequest(context, input);
    const count = countOf(input);
    await cloud.instances.plan(request);
    return async () => {
      const reservationId = newReservationId();
      const made: InstanceRecord[] = [];
      while (made.length < count) made.push(await cloud.instances.run({ ...request, reservationId }));
      const names = await groupNames(cloud);
      const Instances = made.map((record) => describedInstance({ ...record, volumes: [] }, names));
      return { ReservationId: reservationId, OwnerId: ACCOUNT_ID, Instances };
    };
  },
);

/** All that are asked for, or none: this machine's room is another matter than EC2's. */
function countOf({ MinCount = 1, MaxCount = 1 }: ec2.RunInstancesRequest): number {
  if (MinCount >= 1 && MaxCount >= MinCount) return MaxCount;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${MinCount}) for parameter minCount is invalid. It must be 1 or more, and not more than maxCount (${MaxCount})`,
  );
}

interface Change {
  CurrentState: ec2.InstanceState;
  InstanceId: string;
  PreviousState: ec2.InstanceState;
}

type Instances = Cloud["instances"];

/**
 * Of an action that changes the state of instances: one after the other, but none if one of them is refused, as far as that can
 * be told before.
 */
function changingStates<Input extends { InstanceIds: string[] | undefined }, Output extends object>(
  takes: string[],
  plan: (instances: Instances, id: string) => Promise<void>,
  change: (instances: Instances, id: string) => Promise<void>,
  answer: (changes: Change[]) => Output,
) {
  return changing<Input, Output>(takes, async ({ cloud: { instances } }, { InstanceIds: ids = [] }) => {
    const describeAll = () => Promise.all(ids.map((id) => instances.describe(id)));
    const before = await describeAll();
    for (const id of ids) await plan(instances, id);
    return async () => {
      for (const id of ids) await change(instances, id);
      const after = await describeAll();
      return answer(
        after.map(({ instanceId, state }, index) => ({
          InstanceId: instanceId,
          CurrentState: stateOf(state),
          PreviousState: stateOf(before[index].state),
        })),
      );
    };
  });
}

export const terminateInstances = changingStates<ec2.TerminateInstancesRequest, ec2.TerminateInstancesResult>(
  ["InstanceIds"],
  (instances, id) => instances.requireTerminable(id),
  (instances, id) => instances.terminate(id),
  (TerminatingInstances) => ({ TerminatingInstances }),
);

/** `Force` hastens EC2; here nothing has to be hastened. */
export const stopInstances = changingStates<ec2.StopInstancesRequest, ec2.StopInstancesResult>(
  ["InstanceIds", "Force"],
  (instances, id) => instances.requireStoppable(id),
  (instances, id) => instances.stop(id),
  (StoppingInstances) => ({ StoppingInstances }),
);

export const startInstances = changingStates<ec2.StartInstancesRequest, ec2.StartInstancesResult>(
  ["InstanceIds"],
  (instances, id) => instances.requireStartable(id),
  (instances, id) => instances.start(id),
  (StartingInstances) => ({ StartingInstances }),
);

/** Without `IncludeAllInstances` those alone that run. Their checks pass as soon as they do. */
export const describeInstanceStatus = telling<
  ec2.DescribeInstanceStatusRequest,
  ec2.DescribeInstanceStatusResult
>(["InstanceIds", "Filters", "IncludeAllInstances", ...PAGES], async ({ cloud }, input) => {
  const filters = filtersOf(input.Filters);
  requireInstanceFilters(filters);
  const found = await cloud.instances.search(filters, input.InstanceIds);
  const shown = found.filter(({ state }) => input.IncludeAllInstances === true || state === "running");
  const { page, NextToken } = cut(shown, ({ instanceId }) => instanceId, input);
  return { InstanceStatuses: page.map(statusOf), NextToken };
});

function statusOf({ instanceId, availabilityZone, state }: InstanceRecord): ec2.InstanceStatus {
  const summary: ec2.InstanceStatusSummary =
    state === "running"
      ? { Status: "ok", Details: [{ Name: "reachability", Status: "passed" }] }
      : { Status: "not-applicable" };
  return {
    InstanceId: instanceId,
    AvailabilityZone: availabilityZone,
    InstanceState: stateOf(state),
    InstanceStatus: summary,
    SystemStatus: summary,
    Events: [],
  };
}

export const describeNetworkInterfaces = telling<
  ec2.DescribeNetworkInterfacesRequest,
  ec2.DescribeNetworkInterfacesResult
>(["NetworkInterfaceIds", "Filters", ...PAGES], async ({ cloud }, input) => {
  const names = await groupNames(cloud);
  const living = (await cloud.instances.list()).filter(({ state }) => state !== "terminated");
  const cards = living.map((record) => card(record, names));
  const { NetworkInterfaceIds: ids = [] } = input;
  const missing = ids.find((id) => !cards.some(({ NetworkInterfaceId }) => NetworkInterfaceId === id));
  if (missing !== undefined) {
    throw new Ec2Error(
      "InvalidNetworkInterfaceID.NotFound",
      `The networkInterface ID '${missing}' does not exist`,
    );
  }
  const filters = filtersOf(input.Filters);
  const passing = cards.filter((each) => passesCardFilters(each, filters));
  const asked = passing.filter(
    ({ NetworkInterfaceId = "" }) => ids.length === 0 || ids.includes(NetworkInterfaceId),
  );
  const { page, NextToken } = cut(asked, ({ NetworkInterfaceId = "" }) => NetworkInterfaceId, input);
  return { NetworkInterfaces: page, NextToken };
});

function card(record: InstanceRecord, names: GroupNames): ec2.NetworkInterface {
  const { InterfaceType, ...shown } = networkInterface(record, names);
  return {
    ...shown,
    InterfaceType: InterfaceType as ec2.NetworkInterfaceType,
    Attachment: { ...shown.Attachment, InstanceId: record.instanceId, InstanceOwnerId: ACCOUNT_ID },
    Ipv6Addresses: [],
    AvailabilityZone: record.availabilityZone,
    RequesterManaged: false,
    TagSet: [],
  };
}

const CARD_FILTERS: Record<string, (card: ec2.NetworkInterface) => (string | undefined)[]> = {
  "attachment.instance-id": ({ Attachment }) => [Attachment?.InstanceId],
  "availability-zone": ({ AvailabilityZone }) => [AvailabilityZone],
  "group-id": ({ Groups = [] }) => Groups.map(({ GroupId }) => GroupId),
  "network-interface-id": ({ NetworkInterfaceId }) => [NetworkInterfaceId],
  "private-ip-address": ({ PrivateIpAddress }) => [PrivateIpAddress],
  status: ({ Status }) => [Status],
  "subnet-id": ({ SubnetId }) => [SubnetId],
  "vpc-id": ({ VpcId }) => [VpcId],
};

function passesCardFilters(
  each: ec2.NetworkInterface,
  filters: { name: string; values: string[] }[],
): boolean {
  return filters.every(({ name, values }) => {
    const field = CARD_FILTERS[name];
    if (!field) throw new Ec2Error("InvalidParameterValue", `The filter '${name}' is invalid`);
    return field(each).some((value) => values.includes(value ?? ""));
  });
}

/** What the machine has written to its serial console. */
export const getConsoleOutput = telling<ec2.GetConsoleOutputRequest, ec2.GetConsoleOutputResult>(
  ["InstanceId", "Latest"],
  async ({ cloud }, { InstanceId = "" }) => {
    const record = await cloud.instances.describe(InstanceId);
    const { text, changed } = await cloud.machines.consoleOf(record);
    return {
      InstanceId,
      Timestamp: date(changed ?? record.launchTime),
      Output: Buffer.from(text).toString("base64"),
    };
  },
);

/** Nothing here keeps variables of a UEFI. */
export const getInstanceUefiData = telling<ec2.GetInstanceUefiDataRequest, ec2.GetInstanceUefiDataResult>(
  ["InstanceId"],
  async ({ cloud }, { InstanceId = "" }) => {
    const { instanceId } = await cloud.instances.describe(InstanceId);
    return { InstanceId: instanceId, UefiData: "" };
  },
);
