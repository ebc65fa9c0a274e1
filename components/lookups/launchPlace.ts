import * as pulumi from "@pulumi/pulumi";
import type { LaunchArgs } from "../args";
import { OnNewImage } from "../enums";
import { foreseen } from "../known";
import { type Migration, stackTag } from "../migration";
import type { Problem } from "../checks/problems";
import { TAG } from "../tags";
import { lookUpInstance, lookUpTagged } from "./instances";
import { lookUpKeyPair, lookUpSecurityGroup, lookUpSubnet } from "./lookups";
import type { Conversion } from "./sourceSoFar";
import { visible } from "../visible";

/** The role of the launched instance. */
export const LAUNCHED = "instance";

const KEY_NAME = "launch.keyName";

const GOES_ON = "The launched instance was made with it, and goes on without; a new instance would need it.";

/**
 * Whether the subnet, the security groups and the key pair of a launch are there, and belong together. EC2 would say so only
 * once the image is registered. What is still to be made is not asked for.
 */
export async function checkLaunchPlace(migration: Migration, conversion: Conversion): Promise<Problem[]> {
  const { args, parent } = migration;
  if (!args.launch) return [];
  const [place, keyPair] = await Promise.all([
    checkNetwork(args.launch, parent),
    checkKeyPair(args.launch, parent),
  ]);
  if (keyPair.length === 0 || !(await isLaunchedWith(migration, conversion))) return [...place, ...keyPair];
  for (const { path, reason } of keyPair)
    await pulumi.log.info(visible(`${path}: ${reason}. ${GOES_ON}`), parent);
  return place;
}

async function checkKeyPair({ keyName }: LaunchArgs, parent: pulumi.Resource): Promise<Problem[]> {
  const name = await foreseen(keyName);
  return name === undefined ? [] : (await lookUpKeyPair(KEY_NAME, name, parent)).problems;
}

async function checkNetwork({ subnetId, securityGroupIds }: LaunchArgs, parent: pulumi.Resource) {
  const [subnet, groups] = await Promise.all([foreseen(subnetId), foreseenGroups(securityGroupIds)]);
  const found = subnet === undefined ? undefined : await lookUpSubnet("launch.subnetId", subnet, parent);
  const judged = groups.map(async (id, index) => {
    if (id === undefined) return [];
    const path = `launch.securityGroupIds[${index}]`;
    const group = await lookUpSecurityGroup(path, id, parent);
    const apart = group.value && found?.value && group.value.vpcId !== found.value.vpcId;
    return apart ? [ofAnotherVpc(path, group.value, found.value)] : group.problems;
  });
  return [...(found?.problems ?? []), ...(await Promise.all(judged)).flat()];
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
 * Whether an instance that this migration has launched stays, and has the key pair that is asked for: then it is of no
 * consequence that the pair was deleted since.
 */
async function isLaunchedWith(
  { name, args, parent }: Migration,
  { digest, formerNames, finished }: Conversion,
): Promise<boolean> {
  const isReplaced = args.launch?.onNewImage === OnNewImage.Replace && finished?.conversion !== digest;
  if (isReplaced) return false;
  const tags = {
    [TAG.migration]: [name, ...formerNames],
    [TAG.stack]: [stackTag()],
    [TAG.role]: [LAUNCHED],
  };
  const [id] = (await lookUpTagged(KEY_NAME, tags, parent)).value ?? [];
  const instance = id === undefined ? undefined : (await lookUpInstance(KEY_NAME, id, parent)).value;
  return instance !== undefined && instance.keyName === (await foreseen(args.launch?.keyName));
}
