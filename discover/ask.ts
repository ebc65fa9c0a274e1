/** The questions to EC2 and Auto Scaling about one region of one account. */
import {
  type AutoScalingGroup,
  type LaunchConfiguration,
  paginateDescribeAutoScalingGroups,
  paginateDescribeLaunchConfigurations,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeImageAttributeCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  type Filter,
  type Image,
  type Instance,
  type LaunchPermission,
  type LaunchTemplateVersion,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplateVersions,
  paginateDescribeSnapshots,
  paginateDescribeSpotFleetRequests,
  type Snapshot,
  type SpotFleetRequestConfig,
} from "@aws-sdk/client-ec2";
import { TAG } from "../components/tags";
import { inTurns } from "../cli/inTurns";
import { pages } from "../cli/aws/pages";
import type { Clients } from "./aws";
import { imageIdsIn, type Users, versionsNamedBy } from "./referrers";
import type { Unasked } from "./types";
import { attempt, merged } from "./unasked";

/** What EC2 and Auto Scaling answered, in their words. */
export interface Answers extends Users {
  /** Paravirtual images that the account owns. */
  ownImages: Image[];
  /** Images that carry this project's tags. */
  ourImages: Image[];
  /** Images of others that something in the account refers to, paravirtual ones alone. */
  otherImages: Image[];
  /** The ids of all images that EC2 showed, of whatever kind. */
  shownImages: Set<string>;
  /** Those that images start from, by their ids, as far as they are shown to the account. */
  snapshots: Map<string, Snapshot>;
  /** By the id of the image; of own images alone. */
  permissions: Map<string, LaunchPermission[]>;
  unasked: Unasked[];
  /** See `Place.notes`. */
  notes: string[];
}

/** EC2 takes so many values of one filter. */
const FILTER_VALUES = 200;
/** As many as DescribeLaunchTemplateVersions gives on a page. */
const TEMPLATE_PAGE = 200;
const PAGE = 1000;
/** As many as Auto Scaling gives on a page. */
const GROUP_PAGE = 100;

const PARAVIRTUAL = { Name: "virtualization-type", Values: ["paravirtual"] };
const OURS = { Name: "tag-key", Values: [TAG.role] };

/** Asks all questions. What is refused is told in `unasked`, and the rest is asked all the same. */
export async function askPlace(clients: Clients): Promise<Answers> {
  const questions = new Questions(clients);
  const { ec2, autoScaling } = clients;
  const paging = { client: ec2, pageSize: PAGE };
  const own = (filter: Filter) =>
    imagePages(ec2, { Owners: ["self"], Filters: [filter], IncludeDisabled: true });
  const [ownImages, ourImages, instances, templates, configurations, groups, fleets] = await Promise.all([
    questions.ask("images", [], () => own(PARAVIRTUAL)),
    questions.ask("images of this project", [], () => own(OURS)),
    questions.ask("instances", [], () => listInstances(ec2)),
    questions.ask("launch templates", [], () => listTemplates(ec2)),
    questions.ask("launch configurations", [], () =>
      pages(
        paginateDescribeLaunchConfigurations({ client: autoScaling, pageSize: GROUP_PAGE }, {}),
        (page): LaunchConfiguration[] | undefined => page.LaunchConfigurations,
      ),
    ),
    questions.ask("Auto Scaling groups", [], () =>
      pages(
        paginateDescribeAutoScalingGroups({ client: autoScaling, pageSize: GROUP_PAGE }, {}),
        (page): AutoScalingGroup[] | undefined => page.AutoScalingGroups,
      ),
    ),
    questions.ask("spot fleets", [], () =>
      pages(
        paginateDescribeSpotFleetRequests(paging, {}),
        (page): SpotFleetRequestConfig[] | undefined => page.SpotFleetRequestConfigs,
      ),
    ),
  ]);
  const named = await namedVersions({ groups, fleets, templates }, questions);
  const users: Users = { instances, templates: [...templates, ...named], configurations, groups, fleets };
  const images = await askImages(users, ownImages, questions);
  return {
    ...users,
    ...images,
    ownImages,
    ourImages,
    unasked: merged(questions.unasked),
    notes: questions.notes,
  };
}

/** Keeps what is refused, and goes on. */
class Questions {
  readonly unasked: Unasked[] = [];
  readonly notes: string[] = [];

  constructor(readonly clients: Clients) {}

  /** The answer; `otherwise`, if there is none. */
  async ask<T>(what: string, otherwise: T, question: () => Promise<T>): Promise<T> {
    const { accountId, region } = this.clients;
    const answer = await attempt(what, { accountId, region }, question);
    if ("value" in answer) return answer.value;
    const { found } = answer.unasked;
    // A stand-in for EC2 may lack an action. AWS lacks none of these.
    if (UNKNOWN_ACTION.test(found)) this.notes.push(`This endpoint has no ${what}: ${found}`);
    else this.unasked.push(answer.unasked);
    return otherwise;
  }
}

const UNKNOWN_ACTION = /^(InvalidAction|UnknownOperationException)\b/;

function imagePages(ec2: EC2Client, request: Parameters<typeof paginateDescribeImages>[1]): Promise<Image[]> {
  const all = paginateDescribeImages(
    { client: ec2, pageSize: PAGE },
    { ...request, IncludeDeprecated: true },
  );
  return pages(all, (page): Image[] | undefined => page.Images);
}

/**
 * All that are there, with the little that is needed of each: EC2's filter would leave out those that were launched from a
 * converted image.
 */
async function listInstances(ec2: EC2Client): Promise<Instance[]> {
  return pages(paginateDescribeInstances({ client: ec2, pageSize: PAGE }, {}), ({ Reservations = [] }) =>
    Reservations.flatMap(({ Instances = [] }) => Instances)
      .filter(({ State }) => !["terminated", "shutting-down"].includes(State?.Name ?? ""))
      .map(neededOf),
  );
}

function neededOf(instance: Instance): Instance {
  if (instance.VirtualizationType === "paravirtual") return instance;
  const { InstanceId, ImageId, State, Tags, InstanceType } = instance;
  return { InstanceId, ImageId, State, Tags, InstanceType };
}

/** The latest and the default version of each. */
function listTemplates(ec2: EC2Client): Promise<LaunchTemplateVersion[]> {
  const all = paginateDescribeLaunchTemplateVersions(
    { client: ec2, pageSize: TEMPLATE_PAGE },
    { Versions: ["$Latest", "$Default"] },
  );
  return pages(all, (page): LaunchTemplateVersion[] | undefined => page.LaunchTemplateVersions);
}

/** Versions that a group or a fleet names by their number, and that are neither the latest nor the default. */
async function namedVersions(
  users: Pick<Users, "groups" | "fleets" | "templates">,
  questions: Questions,
): Promise<LaunchTemplateVersion[]> {
  const { ec2 } = questions.clients;
  const answers = await inTurns(versionsNamedBy(users), ({ templateId, versions }) =>
    questions.ask(`versions of the launch template ${templateId}`, [], async () => {
      const request = new DescribeLaunchTemplateVersionsCommand({
        LaunchTemplateId: templateId,
        Versions: versions,
      });
      return (await ec2.send(request)).LaunchTemplateVersions ?? [];
    }),
  );
  return answers.flat();
}

type ImageAnswers = Pick<Answers, "otherImages" | "shownImages" | "snapshots" | "permissions">;

async function askImages(users: Users, ownImages: Image[], questions: Questions): Promise<ImageAnswers> {
  const { ec2 } = questions.clients;
  const own = new Set(ownImages.map(({ ImageId = "" }) => ImageId));
  const named = chunksOf(imageIdsIn(users).filter((id) => !own.has(id)));
  const shown = await inTurns(named, (ids) =>
    questions.ask("images that others own", undefined, () =>
      imagePages(ec2, { Filters: [{ Name: "image-id", Values: ids }], IncludeDisabled: true }),
    ),
  );
  // Where the question was refused nobody knows: then none of them counts as gone.
  const unknown = named.filter((_, index) => shown[index] === undefined).flat();
  const others = shown.flatMap((images) => images ?? []);
  const otherImages = others.filter(({ VirtualizationType }) => VirtualizationType === "paravirtual");
  const snapshotIds = [...ownImages, ...otherImages].flatMap(({ BlockDeviceMappings = [] }) =>
    BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
  );
  const [snapshots, permissions] = await Promise.all([
    askSnapshots([...new Set(snapshotIds)], questions),
    askPermissions(ownImages, questions),
  ]);
  const shownImages = new Set([...own, ...unknown, ...others.map(({ ImageId = "" }) => ImageId)]);
  return { otherImages, shownImages, snapshots, permissions };
}

async function askSnapshots(ids: string[], questions: Questions): Promise<Map<string, Snapshot>> {
  const { ec2 } = questions.clients;
  const answers = await inTurns(chunksOf(ids), (values) =>
    questions.ask("snapshots", [], () =>
      pages(
        paginateDescribeSnapshots(
          { client: ec2, pageSize: PAGE },
          { Filters: [{ Name: "snapshot-id", Values: values }] },
        ),
        (page): Snapshot[] | undefined => page.Snapshots,
      ),
    ),
  );
  return new Map(answers.flat().map((snapshot) => [snapshot.SnapshotId ?? "", snapshot]));
}

/** EC2 tells of one image at a time with whom it is shared. */
async function askPermissions(
  images: Image[],
  questions: Questions,
): Promise<Map<string, LaunchPermission[]>> {
  const { ec2 } = questions.clients;
  const answers = await inTurns(images, async ({ ImageId = "" }) => {
    const ask = async () => {
      const request = new DescribeImageAttributeCommand({ ImageId, Attribute: "launchPermission" });
      return (await ec2.send(request)).LaunchPermissions ?? [];
    };
    const permissions = await questions.ask("with whom images are shared", [], () => ask().catch(unlessGone));
    return [ImageId, permissions] as const;
  });
  return new Map(answers);
}

/** An image that was deregistered meanwhile is shared with nobody. */
function unlessGone(error: Error): LaunchPermission[] {
  if (/^InvalidAMIID\./.test(error.name)) return [];
  throw error;
}

function chunksOf<T>(values: T[]): T[][] {
  const chunks: T[][] = [];
  for (let start = 0; start < values.length; start += FILTER_VALUES)
    chunks.push(values.slice(start, start + FILTER_VALUES));
  return chunks;
}
