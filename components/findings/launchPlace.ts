import * as pulumi from "@pulumi/pulumi";
import type { LaunchArgs } from "../args";
import { OnNewImage } from "../enums";
import { foreseen } from "../known";
import { type Migration, stackTag } from "../together/migration";
import type { Problem } from "../checks/problems";
import { TAG } from "../tags";
import { lookUpInstance, lookUpTagged } from "../lookups/instances";
import { lookUpKeyPair, lookUpSecurityGroup, lookUpSubnet } from "../lookups/lookups";
import { checkOffered, listOf, lookUpOfferings } from "../lookups/offerings";
import type { Conversion } from "./sourceSoFar";
import { checkDefaultGroup, checkIpv4, type SubnetFacts } from "../lookups/subnets";
import { visible } from "../visible";

/** The role of the launched instance. */
export const LAUNCHED = "instance";

const KEY_NAME = "launch.keyName";
const TYPE = "launch.instanceType";
const SUBNET = "launch.subnetId";

const GOES_ON = "The launched instance is there, and goes on as it is; a new one would need it.";

/**
 * Whether the subnet, the security groups, the key pair and the type of a launch are there, and belong together. EC2 would say
 * so only once the image is registered. What is still to be made is not asked for. What an instance that stays is not touched for
 * is of no consequence to it.
 */
export async function checkLaunchPlace(migration: Migration, conversion: Conversion): Promise<Problem[]> {
  const { args, parent } = migration;
  if (!args.launch) return [];
  const [subnet, groups, keyPair] = await Promise.all([
    findSubnet(args.launch, parent),
    foreseenGroups(args.launch.securityGroupIds),
    checkKeyPair(args.launch, parent),
  ]);
  const place = [
    ...subnet.problems,
    ...(subnet.value ? await checkSubnet(args.launch, subnet.value, parent) : []),
  ];
  const problems = await checkGroups(groups, subnet.value, parent);
  const ofNew = [...place, ...keyPair];
  if (ofNew.length === 0 || !(await isLaunched(migration, conversion))) {
    return [...place, ...problems, ...keyPair];
  }
  for (const { path, reason } of ofNew)
    await pulumi.log.info(visible(`${path}: ${reason}. ${GOES_ON}`), parent);
  return problems;
}

async function findSubnet(
  { subnetId }: LaunchArgs,
  parent: pulumi.Resource,
): Promise<{ value?: SubnetFacts; problems: Problem[] }> {
  const id = await foreseen(subnetId);
  return id === undefined ? { problems: [] } : lookUpSubnet(SUBNET, id, parent);
}

async function checkSubnet(
  launch: LaunchArgs,
  subnet: SubnetFacts,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  const { securityGroupIds, connection } = launch;
  const namesNone =
    securityGroupIds === undefined || (Array.isArray(securityGroupIds) && securityGroupIds.length === 0);
  const [type, group] = await Promise.all([
    checkType(launch, subnet, parent),
    namesNone ? checkDefaultGroup("launch.securityGroupIds", subnet, parent) : [],
  ]);
  return [...type, ...group, ...(connection ? checkIpv4(SUBNET, subnet) : [])];
}

async function checkType(
  { instanceType }: LaunchArgs,
  { id, availabilityZone: zone }: SubnetFacts,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  const type = await foreseen(instanceType);
  if (type === undefined) return [];
  const offerings = await lookUpOfferings(TYPE, [type], parent);
  if (!offerings.value) return offerings.problems;
  const otherwise = `Or take another type: ${listOf(zone)} lists what ${zone} has.`;
  return checkOffered(TYPE, type, { path: SUBNET, subnetId: id, zone }, offerings.value, otherwise);
}

async function checkKeyPair({ keyName }: LaunchArgs, parent: pulumi.Resource): Promise<Problem[]> {
  const name = await foreseen(keyName);
  return name === undefined ? [] : (await lookUpKeyPair(KEY_NAME, name, parent)).problems;
}

async function checkGroups(
  groups: (string | undefined)[],
  subnet: SubnetFacts | undefined,
  parent: pulumi.Resource,
): Promise<Problem[]> {
  const judged = groups.map(async (id, index) => {
    if (id === undefined) return [];
    const path = `launch.securityGroupIds[${index}]`;
    const group = await lookUpSecurityGroup(path, id, parent);
    const apart = group.value && subnet && group.value.vpcId !== subnet.vpcId;
    return apart ? [ofAnotherVpc(path, group.value, subnet)] : group.problems;
  });
  return (await Promise.all(judged)).flat();
}

/** Of a list each by itself: one that is still to be made puts none of the others off. */
async function foreseenGroups(ids: LaunchArgs["securityGroupIds"]): Promise<(string | undefined)[]> {
  if (Array.isArray(ids)) return Promise.all(ids.map((id) => foreseen<string>(id)));
  return (await foreseen<string[]>(ids as pulumi.Input<string[]>)) ?? [];
}

function ofAnotherVpc(
  path: string,
  group: { id: string; vpcId: string },
  subnet: { id: string; vpcId: string },
): Problem {
  const reason = `${group.id} is a group of ${group.vpcId}, but launch.subnetId, ${subnet.id}, is a subnet of ${subnet.vpcId}`;
  const fix = `Name a group of ${subnet.vpcId}, or a subnet of ${group.vpcId}: an instance takes no group of another VPC.`;
  return { path, reason, fix };
}

/**
 * Whether an instance that this migration has launched stays as it is. Where a new image replaces it, another key pair does as
 * well.
 */
async function isLaunched(
  { name, args, parent }: Migration,
  { digest, formerNames, finished }: Conversion,
): Promise<boolean> {
  const keeps = args.launch?.onNewImage !== OnNewImage.Replace;
  if (!keeps && finished?.conversion !== digest) return false;
  const tags = {
    [TAG.migration]: [name, ...formerNames],
    [TAG.stack]: [stackTag()],
    [TAG.role]: [LAUNCHED],
  };
  const [id] = (await lookUpTagged(KEY_NAME, tags, parent)).value ?? [];
  if (keeps || id === undefined) return id !== undefined;
  const instance = (await lookUpInstance(KEY_NAME, id, parent)).value;
  return instance !== undefined && instance.keyName === (await foreseen(args.launch?.keyName));
}
