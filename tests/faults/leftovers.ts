/** What is there of a cloud once its stacks are destroyed: in EC2, and on this computer. */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Cloud } from "../../local/cloud/cloud";
import { HELPER_IMAGE_ID, HELPER_SNAPSHOT_ID, SAMPLE_IMAGE_ID } from "../../local/cloud/seed";
import { processes } from "./processes";
import type { Environment } from "./environment";

/** One line for each thing that should not be there; none where all is well. */
export async function leftovers(environment: Environment): Promise<string[]> {
  const kept = new Set([...environment.sources.keys(), HELPER_SNAPSHOT_ID, SAMPLE_IMAGE_ID, HELPER_IMAGE_ID]);
  const resources = environment.state.resources().filter(({ type }) => type !== "pulumi:pulumi:Stack");
  return [
    ...resources.map(({ urn }) => `in the state: ${urn}`),
    ...(await inCloud(environment.cloud, [...kept, ...environment.ownImages])),
    ...onThisComputer(environment.local.directory),
  ];
}

async function inCloud(cloud: Cloud, kept: string[]): Promise<string[]> {
  const instances = (await cloud.instances.list()).filter(({ state }) => state !== "terminated");
  const found = [
    ...instances.map(({ instanceId, state }) => `${instanceId} (${state})`),
    ...(await cloud.volumes.list()).map(({ volumeId }) => volumeId),
    ...(await cloud.snapshots.list()).map(({ snapshotId }) => snapshotId),
    ...(await cloud.images.list()).map(({ imageId }) => imageId),
    ...(await cloud.securityGroups.list()).map(({ groupId }) => groupId),
  ];
  return found.filter((id) => !kept.includes(id));
}

/** Whatever names the cloud's folder: processes, mounts, loop devices. And files of things that EC2 no longer has. */
function onThisComputer(directory: string): string[] {
  const files = ["machines", "volumes"].flatMap((folder) =>
    filesIn(`${directory}/${folder}`).map((name) => `file: ${folder}/${name}`),
  );
  const running = processes()
    .filter(
      ({ pid, command }) => pid !== process.pid && command.some((word) => word.includes(`${directory}/`)),
    )
    // The cloud's lock is let go of right after an answer, and ends with whoever holds it.
    .filter(({ command }) => command[0] !== "flock")
    .map(({ pid, command }) => `process ${pid}: ${command.join(" ").slice(0, 200)}`);
  const mounts = readFileSync("/proc/self/mounts", "utf8").split("\n");
  const loops = execFileSync("losetup", ["--list", "--noheadings"], { encoding: "utf8" }).split("\n");
  return [
    ...files,
    ...running,
    ...mounts.filter((line) => line.includes(`${directory}/`)).map((line) => `mount: ${line}`),
    ...loops.filter((line) => line.includes(`${directory}/`)).map((line) => `loop device: ${line}`),
  ];
}

/** There is no folder where nothing was ever made. */
function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
