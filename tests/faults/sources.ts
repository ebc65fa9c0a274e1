/** Sources of single scenarios: the sample with a change, registered as a user would do it. */
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, constants } from "node:fs";
import { SAMPLE_IMAGE_ID, SAMPLE_SNAPSHOT_ID } from "../../local/cloud/seed";
import type { Environment } from "./environment";

const SNAPSHOT_ID = "snap-0000000000000000a";
const IMAGE_ID = "ami-0000000000000000a";

/** The sample without its kernels, as an image: a guest that no inspection lets pass. Answers with its id. */
export async function withoutKernel(environment: Environment): Promise<string> {
  const file = environment.file("snapshots", `${SNAPSHOT_ID}.raw`);
  copyFileSync(environment.file("snapshots", `${SAMPLE_SNAPSHOT_ID}.raw`), file, constants.COPYFILE_EXCL);
  chmodSync(file, 0o600);
  for (const kernel of kernelsIn(file)) debugfs("-w", file, `rm /boot/${kernel}`);
  chmodSync(file, 0o444);
  return register(environment);
}

function kernelsIn(file: string): string[] {
  // `ls -p` prints one entry a line: /inode/mode/uid/gid/name/size/
  const names = debugfs("-c", file, "ls -p /boot")
    .split("\n")
    .map((line) => line.split("/")[5] ?? "");
  return names.filter((name) => name.startsWith("vmlinuz-"));
}

function debugfs(mode: "-w" | "-c", file: string, request: string): string {
  return execFileSync("debugfs", [mode, "-R", request, file], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
}

async function register(environment: Environment): Promise<string> {
  const { snapshots, images } = environment.cloud;
  await snapshots.register({ ...(await snapshots.describe(SAMPLE_SNAPSHOT_ID)), snapshotId: SNAPSHOT_ID });
  const image = await images.describe(SAMPLE_IMAGE_ID);
  const blockDeviceMappings = image.blockDeviceMappings.map(({ ebs, ...mapping }) => ({
    ...mapping,
    ebs: ebs && { ...ebs, snapshotId: SNAPSHOT_ID },
  }));
  await images.adopt({ ...image, imageId: IMAGE_ID, name: `${image.name}-damaged`, blockDeviceMappings });
  environment.protect(SNAPSHOT_ID);
  environment.ownImages.push(IMAGE_ID);
  return IMAGE_ID;
}
