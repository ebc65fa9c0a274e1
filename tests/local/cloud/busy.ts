/**
 * One of several processes that work on a cloud at once: run by `parallel.test.ts` with `Busy` as its argument; says
 * what came of it as JSON.
 */
import { Cloud } from "../../../local/cloud/cloud";
import { waitForState } from "../../../local/cloud/waiting";
import { fileMachines } from "./fileMachines";

export interface Busy {
  cloudDirectory: string;
  machinesDirectory: string;
  imageId: string;
  /** How many instances, each with a volume. */
  count: number;
}

export interface Done {
  /** Every address that an instance had, at its launch and after its next start. */
  addresses: string[];
  /** How many calls met a fault. */
  refused: number;
}

async function work({ cloudDirectory, machinesDirectory, imageId, count }: Busy): Promise<Done> {
  const cloud = new Cloud(cloudDirectory, { openMachine: fileMachines(machinesDirectory), delayMs: 1 });
  const addresses: string[] = [];
  let refused = 0;

  async function launch(): Promise<void> {
    await cloud.request("DescribeVolumes", cloud.volumes.list.bind(cloud.volumes)).catch(() => refused++);
    const { instanceId, privateIp } = await cloud.instances.run({ imageId, instanceType: "t3.micro" });
    const { volumeId } = await cloud.volumes.create({ availabilityZone: "us-east-1a", sizeGb: 1 });
    const becomes = (target: string, pending: string) => instanceBecomes(cloud, instanceId, target, pending);
    await becomes("running", "pending");
    await volumeBecomes(cloud, volumeId, "available", "creating");
    await cloud.attachments.attach(volumeId, instanceId, "/dev/sdf");
    await cloud.instances.stop(instanceId);
    await becomes("stopped", "stopping");
    await cloud.instances.start(instanceId);
    await becomes("running", "pending");
    addresses.push(privateIp, (await cloud.instances.describe(instanceId)).privateIp);
  }

  await Promise.all(Array.from({ length: count }, launch));
  await cloud.background.settled();
  return { addresses, refused };
}

function instanceBecomes(cloud: Cloud, id: string, target: string, pending: string): Promise<void> {
  const state = async () => (await cloud.instances.describe(id)).state;
  return waitForState({ what: id, state, pending: [pending], target, timeoutSeconds: 60, everyMs: 20 });
}

function volumeBecomes(cloud: Cloud, id: string, target: string, pending: string): Promise<void> {
  const state = async () => (await cloud.volumes.describe(id)).state;
  return waitForState({ what: id, state, pending: [pending], target, timeoutSeconds: 60, everyMs: 20 });
}

void work(JSON.parse(process.argv[2]) as Busy).then((done) => console.log(JSON.stringify(done)));
