import { requireInstanceFilters, type DescribedInstance } from "../cloud/instanceFilters";
import type { InstanceState } from "../cloud/instanceRecord";
import { publicDnsName, privateDnsName } from "../cloud/instanceRecord";
import { ACCOUNT_ID } from "../cloud/account";
import { type Handler, tagSet } from "./handler";
import { cut, pageIn } from "./pages";
import type { XmlElements } from "./xml";

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
const CODE: Record<InstanceState, number> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

/** Each instance in a reservation of its own: they are launched one at a time. */
export const describeInstances: Handler = (cloud, query) => {
  const [ids, filters, request] = [query.list("InstanceId"), query.filters(), pageIn(query)];
  requireInstanceFilters(filters);
  return async () => {
    const found = await cloud.instances.search(filters, ids);
    const { page, nextToken } = cut(found, ({ instanceId }) => instanceId, request);
    return { reservationSet: page.map(reservation), nextToken };
  };
};

/** One after the other, each of which may be refused. EC2 ends all of them or none. */
export const terminateInstances: Handler = (cloud, query) => {
  const ids = query.list("InstanceId");
  if (ids.length === 0) query.required("InstanceId.1");
  return async () => {
    const before = await Promise.all(ids.map((id) => cloud.instances.describe(id)));
    for (const id of ids) await cloud.instances.terminate(id);
    const after = await Promise.all(ids.map((id) => cloud.instances.describe(id)));
    return {
      instancesSet: after.map(({ instanceId, state }, index) => ({
        instanceId,
        currentState: stateOf(state),
        previousState: stateOf(before[index].state),
      })),
    };
  };
};

function reservation(record: DescribedInstance): XmlElements {
  return {
    reservationId: record.instanceId.replace(/^i-/, "r-"),
    ownerId: ACCOUNT_ID,
    instancesSet: [instance(record)],
  };
}

function instance(record: DescribedInstance): XmlElements {
  const { instanceId, imageId, state, instanceType, launchTime, privateIp, publicIp, keyName } = record;
  const { architecture, virtualizationType, rootDeviceName, subnetId, vpcId, bootMode, enaSupport } = record;
  return {
    ...{ instanceId, imageId, instanceState: stateOf(state), instanceType, launchTime, keyName },
    ...{ privateIpAddress: privateIp, privateDnsName: privateDnsName(privateIp) },
    ...{ ipAddress: publicIp, dnsName: publicIp && publicDnsName(publicIp) },
    ...{ placement: { availabilityZone: record.availabilityZone }, subnetId, vpcId },
    ...{ architecture, virtualizationType, bootMode, enaSupport, rootDeviceName },
    rootDeviceType: record.rootDeviceType ?? "ebs",
    blockDeviceMapping: record.volumes.map(({ volumeId, attachment }) => ({
      deviceName: attachment.deviceName,
      ebs: { volumeId, status: attachment.state, deleteOnTermination: attachment.deleteOnTermination },
    })),
    groupSet: record.securityGroupIds.map((groupId) => ({ groupId })),
    tagSet: tagSet(record.tags),
    stateReason: record.stateReason && { message: record.stateReason },
  };
}

function stateOf(state: InstanceState): XmlElements {
  return { code: CODE[state], name: state };
}
