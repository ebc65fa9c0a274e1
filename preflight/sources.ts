/** The state of what is migrated. */
import {
  type EC2Client,
  type Image,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type { Clients } from "./clients";
import { pages } from "../cli/aws/pages";
import type { Plan, PlannedSource } from "./plan";
import { looked } from "./refusal";
import type { Row } from "./row";

export async function askSources({ sources }: Plan, { ec2 }: Clients): Promise<Row[]> {
  const migrations = sources.map(({ migration }) => migration);
  if (migrations.length === 0) return [];
  const answer = await looked({ what: "the state of the sources", migrations }, async () => {
    const ids = (key: "imageId" | "volumeId" | "instanceId") => [
      ...new Set(sources.flatMap((source) => source[key] ?? [])),
    ];
    const [images, volumes, instances] = await Promise.all([
      imagesOf(ids("imageId"), ec2),
      volumesOf(ids("volumeId"), ec2),
      instancesOf(ids("instanceId"), ec2),
    ]);
    const snapshotIds = sources.flatMap(({ snapshotId }) => snapshotId ?? []);
    const ofImages = [...images.values()].flatMap((image) => rootOf(image)?.Ebs?.SnapshotId ?? []);
    return {
      images,
      volumes,
      instances,
      snapshots: await snapshotsOf([...new Set([...snapshotIds, ...ofImages])], ec2),
    };
  });
  if ("row" in answer) return [answer.row];
  return sources.flatMap((source) => rowsOf(source, answer.value));
}

interface Found {
  images: Map<string, Image>;
  snapshots: Map<string, Snapshot>;
  /** States by id. */
  volumes: Map<string, string>;
  instances: Map<string, string>;
}

function rowsOf(source: PlannedSource, { images, snapshots, volumes, instances }: Found): Row[] {
  const { imageId, volumeId, instanceId, migration } = source;
  if (imageId !== undefined) return ofImage(imageId, images.get(imageId), snapshots, migration);
  if (volumeId !== undefined)
    return [ofState("volume", volumeId, volumes.get(volumeId), ["available", "in-use"], migration)];
  if (instanceId !== undefined) {
    return [ofState("instance", instanceId, instances.get(instanceId), ["running", "stopped"], migration)];
  }
  return source.snapshotId === undefined ? [] : [ofSnapshot(source.snapshotId, snapshots, migration)];
}

function ofState(
  kind: string,
  id: string,
  state: string | undefined,
  good: string[],
  migration: string,
): Row {
  const row = { what: `the ${kind} ${id}`, migrations: [migration] };
  if (state !== undefined && good.includes(state)) return { ...row, answer: "yes", found: `is ${state}` };
  const found = state === undefined ? "is not there" : `is ${state}`;
  const advice = `Name one that is ${good.join(" or ")}${state === undefined ? ". Look at the region and the account as well" : ", or wait"}.`;
  return { ...row, answer: "no", found, advice };
}

function ofImage(
  id: string,
  image: Image | undefined,
  snapshots: Map<string, Snapshot>,
  migration: string,
): Row[] {
  const row = { what: `the image ${id}`, migrations: [migration] };
  if (!image) {
    const advice =
      "Look at the region and the account. An image of another account has to be shared with this one.";
    return [{ ...row, answer: "no", found: "is not there", advice }];
  }
  if (image.State !== "available") {
    const advice =
      image.State === "disabled"
        ? `Enable it: aws ec2 enable-image --image-id ${id}`
        : "Name another image, or its snapshot.";
    return [{ ...row, answer: "no", found: `is ${image.State ?? "in no known state"}`, advice }];
  }
  const codes = (image.ProductCodes ?? []).map(({ ProductCodeId = "" }) => ProductCodeId);
  const mappings = (image.BlockDeviceMappings ?? []).filter((mapping) => mapping !== rootOf(image));
  const told = [
    ...(codes.length === 0 ? [] : [`has the product codes ${codes.join(", ")}`]),
    ...(mappings.length === 0
      ? []
      : [
          `has other mappings (${mappings.map(({ DeviceName }) => DeviceName).join(", ")}), which the new image will not have`,
        ]),
  ];
  const rest = told.length === 0 ? "" : `, ${told.join(", ")}`;
  const snapshotId = rootOf(image)?.Ebs?.SnapshotId;
  return [
    { ...row, answer: "yes", found: `is available${rest}` },
    ...(snapshotId === undefined ? [] : [ofSnapshot(snapshotId, snapshots, migration, image)]),
  ];
}

/** The root's mapping. Some images name /dev/sda1 as their root and map /dev/sda. */
function rootOf({ RootDeviceName = "", BlockDeviceMappings = [] }: Image) {
  const disks = BlockDeviceMappings.filter(({ Ebs }) => Ebs?.SnapshotId !== undefined);
  return (
    disks.find(({ DeviceName }) => DeviceName === RootDeviceName) ??
    disks.find(({ DeviceName = "" }) => DeviceName !== "" && RootDeviceName.startsWith(DeviceName)) ??
    (disks.length === 1 ? disks[0] : undefined)
  );
}

function ofSnapshot(id: string, snapshots: Map<string, Snapshot>, migration: string, image?: Image): Row {
  const row = { what: `the snapshot ${id}`, migrations: [migration] };
  const snapshot = snapshots.get(id);
  if (!snapshot) {
    const found = image
      ? `cannot be read: ${image.ImageId ?? "the image"} is shared without it`
      : "is not there";
    const owner = image?.OwnerId === undefined ? "" : ` (${image.OwnerId})`;
    const advice = image
      ? `Have its owner${owner} share the snapshot: aws ec2 modify-snapshot-attribute --snapshot-id ${id} --attribute createVolumePermission --operation-type add --user-ids ACCOUNT. Or copy the image into this account.`
      : "Look at the region and the account. A snapshot of another account has to be shared with this one.";
    return { ...row, answer: "no", found, advice };
  }
  if (snapshot.StorageTier === "archive") {
    const advice = `Restore it first, which takes up to three days: aws ec2 restore-snapshot-tier --snapshot-id ${id} --permanent-restore`;
    return { ...row, answer: "no", found: "is archived", advice };
  }
  return ofState("snapshot", id, snapshot.State, ["completed"], migration);
}

/** By a filter: then one that is not there is left out of the answer, and is no refusal of all. */
function byId(name: string, ids: string[]) {
  return { Filters: [{ Name: name, Values: ids }] };
}

async function imagesOf(ids: string[], client: EC2Client): Promise<Map<string, Image>> {
  if (ids.length === 0) return new Map();
  const request = { ...byId("image-id", ids), IncludeDeprecated: true, IncludeDisabled: true };
  const images = await pages(paginateDescribeImages({ client }, request), ({ Images }) => Images);
  return new Map(images.map((image) => [image.ImageId ?? "", image]));
}

async function snapshotsOf(ids: string[], client: EC2Client): Promise<Map<string, Snapshot>> {
  if (ids.length === 0) return new Map();
  const snapshots = await pages(
    paginateDescribeSnapshots({ client }, byId("snapshot-id", ids)),
    ({ Snapshots }) => Snapshots,
  );
  return new Map(snapshots.map((snapshot) => [snapshot.SnapshotId ?? "", snapshot]));
}

async function volumesOf(ids: string[], client: EC2Client): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const volumes = await pages(
    paginateDescribeVolumes({ client }, byId("volume-id", ids)),
    ({ Volumes }) => Volumes,
  );
  return new Map(volumes.map(({ VolumeId = "", State = "unknown" }) => [VolumeId, State]));
}

async function instancesOf(ids: string[], client: EC2Client): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const reservations = await pages(
    paginateDescribeInstances({ client }, byId("instance-id", ids)),
    ({ Reservations }) => Reservations,
  );
  return new Map(
    reservations.flatMap(({ Instances = [] }) =>
      Instances.map(({ InstanceId = "", State }): [string, string] => [InstanceId, State?.Name ?? "unknown"]),
    ),
  );
}
