/** `npm run cloud -- launch-source`: a paravirtual machine that runs, for `source.instanceId` to be tried on. */
import { join } from "node:path";
import type { Cloud } from "../cloud/cloud";
import type { InstanceRecord } from "../cloud/instanceRecord";
import { LIVE_SOURCE_IMAGE_ID, SEEDED_KEY_NAME, seededKeyFile, seedLiveSource } from "../cloud/seed";
import { buildLiveSourceImage } from "../images";
import { LIVE_SOURCE_USER } from "../images/liveSourceFiles";
import { prepareLocalCloud } from "../prepare";

/** Starts one and says how to reach it and what to write into a stack. Waits until it runs, not until it has booted. */
export async function launchSource(root: string, directory: string): Promise<void> {
  const log = (line: string) => console.error(`[set-up] ${line}`);
  const { cloud } = await prepareLocalCloud({ root, directory, log });
  await seedLiveSource(cloud, await buildLiveSourceImage({ cache: join(root, ".cache"), log }));
  const instance = await runLiveSource(cloud);
  console.log(describeSource(instance, seededKeyFile(cloud)));
}

/**
 * RunInstances of the live source's image, as it was done in its years: an m3.medium. The group that it gets without
 * naming one lets ssh in.
 */
export async function runLiveSource(cloud: Cloud): Promise<InstanceRecord> {
  const { instanceId } = await cloud.request("RunInstances", () =>
    cloud.instances.run({
      imageId: LIVE_SOURCE_IMAGE_ID,
      instanceType: "m3.medium",
      keyName: SEEDED_KEY_NAME,
      tags: { Name: "live source" },
    }),
  );
  await cloud.background.settled();
  return cloud.instances.describe(instanceId);
}

/** What a person types to reach it, and writes into a stack's configuration. */
export function describeSource(
  { instanceId, state, publicIp = "" }: InstanceRecord,
  keyFile: string,
): string {
  return `${instanceId} is ${state}. It answers when it has booted, within a minute:

  ssh -o HostKeyAlgorithms=+ssh-rsa -o KexAlgorithms=+diffie-hellman-group14-sha1 -i ${keyFile} ${LIVE_SOURCE_USER}@${publicIp}

As a source, in a stack's configuration:

  source:
    instanceId: ${instanceId}
    connection: { user: ${LIVE_SOURCE_USER}, privateKeyFile: ${keyFile} }
    prepare: true

\`npm run cloud -- terminate ${instanceId}\` ends it.`;
}
