import type * as pulumi from "@pulumi/pulumi";
import { getInstance, type GetInstanceResult } from "@pulumi/aws/ec2/getInstance";
import { getInstances } from "@pulumi/aws/ec2/getInstances";
import { isEnded } from "../checks/instanceChecks";
import { type Answer, answer, CHECK_ID, type TagQuery } from "./lookups";
import { ask } from "./run";

/** Those in which something may be written to an instance's volumes. */
const AT_WORK = ["pending", "running", "shutting-down", "stopping"];
/** What is not named, pulumi-aws leaves out: without any, all that do not run. */
const EVERY_STATE = [...AT_WORK, "stopped", "terminated"];
/** Those that have not ended, nor are about to. */
export const ALIVE = EVERY_STATE.filter((state) => !isEnded(state));

/** What an instance must have, by DescribeInstances' names of filters. */
type Filters = { [name: string]: string[] };

/** An instance of this account. */
export function lookUpInstance(
  path: string,
  instanceId: string,
  parent: pulumi.Resource,
): Promise<Answer<GetInstanceResult>> {
  const gone = "Where the instance is gone, give a snapshot of its root volume as snapshotId.";
  return answer(
    path,
    `instance ${instanceId}`,
    ask(getInstance, { instanceId }, parent),
    `${CHECK_ID} ${gone}`,
  );
}

/**
 * Whether an instance passes a filter: what pulumi-aws does not show of instances, among it the virtualization type, EC2
 * tells by filters (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html).
 */
export async function passesFilter(
  path: string,
  instanceId: string,
  filter: Filters,
  parent: pulumi.Resource,
): Promise<Answer<boolean>> {
  const found = await lookUpIds(
    path,
    `instance ${instanceId}`,
    { "instance-id": [instanceId], ...filter },
    parent,
  );
  return found.value ? { value: found.value.length > 0, problems: [] } : found;
}

/** The instances that a volume is attached to and that may write to it. */
export function lookUpUsers(
  path: string,
  volumeId: string,
  parent: pulumi.Resource,
): Promise<Answer<string[]>> {
  const what = `what ${volumeId} is attached to`;
  return lookUpIds(path, what, { "block-device-mapping.volume-id": [volumeId] }, parent, AT_WORK);
}

/** The helpers with all of these tags that are stopped, or about to be. */
export function lookUpStopped(tags: TagQuery, parent: pulumi.Resource): Promise<Answer<string[]>> {
  const filters = Object.fromEntries(Object.entries(tags).map(([tag, values]) => [`tag:${tag}`, values]));
  return lookUpIds("helper", "a helper that is stopped", filters, parent, ["stopping", "stopped"]);
}

/** Ids of this account's instances that carry all of these tags and have not ended. */
export function lookUpTagged(
  path: string,
  tags: TagQuery,
  parent: pulumi.Resource,
): Promise<Answer<string[]>> {
  const filters = Object.entries(tags).map(([tag, values]): [string, string[]] => [`tag:${tag}`, values]);
  const what = `instances with ${JSON.stringify(tags)}`;
  return lookUpIds(path, what, Object.fromEntries(filters), parent, ALIVE);
}

function lookUpIds(
  path: string,
  what: string,
  filters: Filters,
  parent: pulumi.Resource,
  instanceStateNames = EVERY_STATE,
): Promise<Answer<string[]>> {
  const query = {
    filters: Object.entries(filters).map(([name, values]) => ({ name, values })),
    instanceStateNames,
  };
  const ids = ask(getInstances, query, parent).then(({ ids: found }) => found);
  return answer(path, what, ids);
}
