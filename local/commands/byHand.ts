/** What a person does to a cloud in EC2's console, as `npm run cloud -- DEED ID`. */
import type { Ec2Action } from "../cloud/actions";
import type { Cloud } from "../cloud/cloud";
import { list } from "../cloud/inventory";

interface Deed {
  /** What it is done to, by the beginning of the id. */
  prefix: string;
  action: Ec2Action;
  work(cloud: Cloud, id: string): Promise<unknown>;
}

/** By the word that a person types; `delete` is one for each kind of thing. */
const DEEDS: Record<string, Deed[]> = {
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

export function isDeed(word: string): boolean {
  return Object.hasOwn(DEEDS, word);
}

/** `start i-…`, one a line, for a usage text. */
export function deedUsages(): string[] {
  return Object.entries(DEEDS).map(
    ([word, deeds]) => `${word} ${deeds.map(({ prefix }) => `${prefix}…`).join("|")}`,
  );
}

/**
 * Does it, waits until all of it has been done, and says what became of the thing.
 * @throws Error for an id of the wrong kind, Ec2Error where EC2 would refuse.
 */
export async function doByHand(cloud: Cloud, word: string, id = ""): Promise<string> {
  const deed = DEEDS[word].find(({ prefix }) => id.startsWith(prefix));
  if (!deed) {
    const prefixes = DEEDS[word].map(({ prefix }) => `${prefix}…`).join(" or ");
    throw new Error(`${word}: needs the id of what it is done to, ${prefixes}, got "${id}".`);
  }
  await cloud.request(deed.action, () => deed.work(cloud, id));
  await cloud.background.settled();
  const left = (await list(cloud)).find((row) => row.id === id);
  return `${id}: ${left ? left.state : "gone"}`;
}

async function detach(cloud: Cloud, volumeId: string): Promise<void> {
  const { attachment } = await cloud.volumes.describe(volumeId);
  await cloud.attachments.detach(volumeId, attachment?.instanceId ?? "");
}
