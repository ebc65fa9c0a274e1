/** What a person does in EC2's console, as `npm run cloud -- ACTION ID`. */
import type { Ec2Action } from "../cloud/actions";
import type { Cloud } from "../cloud/cloud";
import { list } from "../cloud/inventory";

interface ConsoleAction {
  /** The beginning of the id of a resource that the action works on. */
  prefix: string;
  action: Ec2Action;
  work(cloud: Cloud, id: string): Promise<unknown>;
}

/** By the word that a person types; `delete` has one for each kind of resource. */
const ACTIONS: Record<string, ConsoleAction[]> = {
  start: [{ prefix: "i-", action: "StartInstances", work: ({ instances }, id) => instances.start(id) }],
  stop: [{ prefix: "i-", action: "StopInstances", work: ({ instances }, id) => instances.stop(id) }],
  terminate: [
    { prefix: "i-", action: "TerminateInstances", work: ({ instances }, id) => instances.terminate(id) },
  ],
  detach: [{ prefix: "vol-", action: "DetachVolume", work: detach }],
  deregister: [
    { prefix: "ami-", action: "DeregisterImage", work: ({ images }, id) => images.deregister(id) },
  ],
  delete: [
    { prefix: "vol-", action: "DeleteVolume", work: ({ volumes }, id) => volumes.delete(id) },
    { prefix: "snap-", action: "DeleteSnapshot", work: ({ snapshots }, id) => snapshots.delete(id) },
    {
      prefix: "sg-",
      action: "DeleteSecurityGroup",
      work: ({ securityGroups }, id) => securityGroups.delete(id),
    },
  ],
};

export function isConsoleAction(word: string): boolean {
  return Object.hasOwn(ACTIONS, word);
}

/** `start i-…`, one a line, for a usage text. */
export function consoleActionUsages(): string[] {
  return Object.entries(ACTIONS).map(
    ([word, actions]) => `${word} ${actions.map(({ prefix }) => `${prefix}…`).join("|")}`,
  );
}

/**
 * Performs the action, waits until it is finished, and says the resource's new state.
 * @throws Error for an id of the wrong kind, Ec2Error if EC2 would refuse.
 */
export async function performConsoleAction(cloud: Cloud, word: string, id = ""): Promise<string> {
  const found = ACTIONS[word].find(({ prefix }) => id.startsWith(prefix));
  if (!found) {
    const prefixes = ACTIONS[word].map(({ prefix }) => `${prefix}…`).join(" or ");
    throw new Error(`${word}: needs the id of what it is done to, ${prefixes}, got "${id}".`);
  }
  await cloud.request(found.action, () => found.work(cloud, id));
  await cloud.background.settled();
  const left = (await list(cloud)).find((row) => row.id === id);
  return `${id}: ${left ? left.state : "gone"}`;
}

async function detach(cloud: Cloud, volumeId: string): Promise<void> {
  const { attachment } = await cloud.volumes.describe(volumeId);
  await cloud.attachments.detach(volumeId, attachment?.instanceId ?? "");
}
