/** EC2 as the sweep needs it, through the AWS SDK. */
import {
  DeleteSecurityGroupCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeInstancesCommand,
  EC2Client,
  type EC2ClientConfig,
  type Image,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSecurityGroups,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { explained, whyUnreached } from "../cli/aws/errors";
import { pages } from "../cli/aws/pages";
import { awsSettings } from "../cli/aws/settings";
import { isDenied, plainWords } from "../components/denied";
import { TAG } from "../components/tags";
import { FailedError } from "../converter/errors";
import {
  groupItem,
  imageItem,
  imagesBySnapshot,
  instanceItem,
  isTagged,
  snapshotItem,
  volumeItem,
} from "./ec2Items";
import type { Inventory, Item } from "./item";

/** What the sweep asks of EC2; tests of the deciding and the removing pass one of their own. */
export interface Ec2 {
  /** Everything tagged that is still there. */
  list(): Promise<Inventory>;
  /** The state of an instance; undefined where EC2 no longer knows it. */
  instanceState(instanceId: string): Promise<string | undefined>;
  /** Asks for one thing to be removed. An instance then still takes its time. Rejects with EC2's error. */
  remove(item: Item): Promise<void>;
}

/** Every page as large as DescribeInstances allows (the others take as many or more). */
const PAGE = 1000;

/** Opens EC2 in one region. What else is not given comes from the environment and the profile, as everywhere in AWS. */
export function openEc2(config: EC2ClientConfig & { region: string }): Ec2 {
  const client = new EC2Client({ ...awsSettings(), ...config });
  return {
    list: () => list(client).catch((error: Error) => Promise.reject(unlisted(error, config.region))),
    instanceState: (id) => instanceState(client, id),
    remove: (item) => remove(client, item),
  };
}

function unlisted(error: Error, region: string): Error {
  const { name, message } = error;
  if (isDenied(name)) {
    return new FailedError(
      `these credentials may not list what is there (${name}: ${plainWords(message)}), and nothing was removed. Give them policies/sweep.json (docs/rights.md).`,
    );
  }
  const why = whyUnreached(error);
  if (why === undefined) return explained(error, region);
  return new FailedError(
    `EC2 cannot be reached (${why}), and nothing was removed. Check the network, and AWS_ENDPOINT_URL where it is set: it names another server. On the local cloud \`npm run cloud -- api\` has to run meanwhile.`,
  );
}

const TAGGED = { Filters: [{ Name: "tag-key", Values: [TAG.stack] }] };

async function list(client: EC2Client): Promise<Inventory> {
  const paging = { client, pageSize: PAGE };
  const [reservations, volumes, groups, images, snapshots] = await Promise.all([
    pages(paginateDescribeInstances(paging, TAGGED), (page) => page.Reservations),
    pages(paginateDescribeVolumes(paging, TAGGED), (page) => page.Volumes),
    pages(paginateDescribeSecurityGroups(paging, TAGGED), (page) => page.SecurityGroups),
    // All of the account's own: what keeps a snapshot may carry no tag.
    pages<{ Images?: Image[] }, Image>(
      paginateDescribeImages(paging, { Owners: ["self"], IncludeDisabled: true }),
      (page) => page.Images,
    ),
    pages(paginateDescribeSnapshots(paging, { ...TAGGED, OwnerIds: ["self"] }), (page) => page.Snapshots),
  ]);
  const items = [
    ...reservations.flatMap(({ Instances = [] }) => Instances.map(instanceItem)),
    ...volumes.map(volumeItem),
    ...groups.map(groupItem),
    ...images.filter(isTagged).map(imageItem),
    ...snapshots.map(snapshotItem),
  ];
  return { items: items.filter(isThere), imagesOf: imagesBySnapshot(images) };
}

/** EC2 shows a terminated instance for an hour more. */
function isThere({ kind, state }: Item): boolean {
  if (kind === "instance") return !["shutting-down", "terminated"].includes(state);
  return !["deleting", "deleted", "deregistered"].includes(state);
}

async function instanceState(client: EC2Client, id: string): Promise<string | undefined> {
  const byId = { Filters: [{ Name: "instance-id", Values: [id] }] };
  const { Reservations = [] } = await client.send(new DescribeInstancesCommand(byId));
  return Reservations[0]?.Instances?.[0]?.State?.Name;
}

async function remove(client: EC2Client, { kind, id }: Item): Promise<void> {
  switch (kind) {
    case "instance":
      return void (await client.send(new TerminateInstancesCommand({ InstanceIds: [id] })));
    case "volume":
      return void (await client.send(new DeleteVolumeCommand({ VolumeId: id })));
    case "security group":
      return void (await client.send(new DeleteSecurityGroupCommand({ GroupId: id })));
    case "image":
      return void (await client.send(new DeregisterImageCommand({ ImageId: id })));
    case "snapshot":
      return void (await client.send(new DeleteSnapshotCommand({ SnapshotId: id })));
  }
}
