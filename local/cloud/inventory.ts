import type { Cloud } from "./cloud";
import type { Tags } from "./tags";

/** One line of `list`. */
export interface Row {
  kind: string;
  id: string;
  state: string;
  name: string;
  /** In words: `8 GiB`, or the type of an instance. */
  size: string;
}

/** Everything in the cloud, a row each: instances first, as one looks for them first. */
export async function list(cloud: Cloud): Promise<Row[]> {
  // Nobody looks again after this: what a killed process left under way is shown as it ends.
  await cloud.background.settleAll();
  const sections = await Promise.all([
    instanceRows(cloud),
    volumeRows(cloud),
    snapshotRows(cloud),
    imageRows(cloud),
    groupRows(cloud),
    keyPairRows(cloud),
  ]);
  return sections.flat();
}

async function instanceRows(cloud: Cloud): Promise<Row[]> {
  const ids = (await cloud.instances.list()).map(({ instanceId }) => instanceId);
  const instances = await Promise.all(ids.map((id) => cloud.instances.describe(id)));
  return instances.map((instance) => ({
    kind: "instance",
    id: instance.instanceId,
    state: instance.publicIp ? `${instance.state} ${instance.publicIp}` : instance.state,
    name: nameIn(instance.tags),
    size: instance.instanceType,
  }));
}

async function volumeRows(cloud: Cloud): Promise<Row[]> {
  return (await cloud.volumes.list()).map(({ volumeId, state, attachment, tags, sizeGb }) => ({
    kind: "volume",
    id: volumeId,
    state: attachment ? `${attachment.state} ${attachment.instanceId} ${attachment.deviceName}` : state,
    name: nameIn(tags),
    size: `${sizeGb} GiB`,
  }));
}

async function snapshotRows(cloud: Cloud): Promise<Row[]> {
  return (await cloud.snapshots.list()).map(({ snapshotId, state, tags, description, volumeSizeGb }) => ({
    kind: "snapshot",
    id: snapshotId,
    state,
    name: nameIn(tags) || description,
    size: `${volumeSizeGb} GiB`,
  }));
}

async function imageRows(cloud: Cloud): Promise<Row[]> {
  return (await cloud.images.list()).map((image) => ({
    kind: "image",
    id: image.imageId,
    state: image.state,
    name: image.name,
    size: `${image.virtualizationType} ${image.architecture}`,
  }));
}

async function groupRows(cloud: Cloud): Promise<Row[]> {
  return (await cloud.securityGroups.list()).map(({ groupId, name, ingress, egress }) => ({
    kind: "security group",
    id: groupId,
    state: "",
    name,
    size: `${ingress.length + egress.length} rules`,
  }));
}

async function keyPairRows(cloud: Cloud): Promise<Row[]> {
  return (await cloud.keyPairs.list()).map(({ keyPairId, keyName, keyType }) => ({
    kind: "key pair",
    id: keyPairId,
    state: "",
    name: keyName,
    size: keyType,
  }));
}

function nameIn(tags: Tags): string {
  return tags.Name ?? "";
}
