/**
 * A process that asks a cloud for one of everything and is killed before any of it is done: run by `background.test.ts`
 * with a `Stage` as its argument; says the ids of what it asked for as JSON, and waits for its end.
 */
import { Cloud } from "../../../local/cloud/cloud";
import { fileMachines } from "./fileMachines";
import { hvmRequest } from "./fixture";

export interface Stage {
  cloudDirectory: string;
  machinesDirectory: string;
  /** Begins the work at once, on machines whose start never ends; else nothing is begun. */
  midway: boolean;
  running: { toStop: string; toEnd: string; toAttachTo: string };
  stopped: string;
  volumes: { toDelete: string; toAttach: string; toDetach: string; toCopy: string; toWriteTo: string };
  snapshotId: string;
  imageId: string;
}

/** Ids of what was asked for. */
export interface Asked {
  blankVolume: string;
  filledVolume: string;
  snapshot: string;
  failedSnapshot: string;
  image: string;
  instance: string;
}

async function ask(stage: Stage): Promise<Asked> {
  const { volumes, running, snapshotId } = stage;
  const cloud = new Cloud(stage.cloudDirectory, {
    openMachine: fileMachines(stage.machinesDirectory, stage.midway),
    delayMs: stage.midway ? 0 : 2 ** 30,
  });
  const zone = { availabilityZone: "us-east-1a" };
  const volumeOf = (id: string) => cloud.volumes.describe(id);
  const asked = {
    blankVolume: (await cloud.volumes.create({ ...zone, sizeGb: 1 })).volumeId,
    filledVolume: (await cloud.volumes.create({ ...zone, snapshotId })).volumeId,
    snapshot: (await cloud.snapshots.create(await volumeOf(volumes.toCopy))).snapshotId,
    failedSnapshot: (await cloud.snapshots.create(await volumeOf(volumes.toWriteTo))).snapshotId,
    image: (await cloud.images.register(hvmRequest(snapshotId, { name: "asked for" }))).imageId,
    instance: (await cloud.instances.run({ imageId: stage.imageId, instanceType: "t3.micro" })).instanceId,
  };
  await cloud.attachments.attach(volumes.toAttach, running.toAttachTo, "/dev/sdg");
  await cloud.attachments.detach(volumes.toDetach, running.toAttachTo);
  await cloud.volumes.delete(volumes.toDelete);
  await cloud.instances.start(stage.stopped);
  await cloud.instances.stop(running.toStop);
  await cloud.instances.terminate(running.toEnd);
  return asked;
}

void ask(JSON.parse(process.argv[2]) as Stage).then((asked) => {
  process.stdout.write(`${JSON.stringify(asked)}\n`);
  setInterval(() => undefined, 1000);
});
