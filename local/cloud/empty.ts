import { readFile, readdir, rm } from "node:fs/promises";
import path from "node:path";
import { run } from "../../converter/run";
import { endEc2Daemon } from "../ec2Api/daemon";
import type { Cloud } from "./cloud";
import { otherRegions } from "./regions";

/**
 * Ends every machine, in every region, and the server in front of them, and removes everything: the folder, and any loop device that still holds a file in it. A machine
 * that cannot be ended keeps the folder, which is all that is known of it. The `Cloud` is of no use afterwards.
 */
export async function empty(cloud: Cloud): Promise<void> {
  await endEc2Daemon(cloud.directory);
  await cloud.background.close();
  for (const region of [cloud, ...otherRegions(cloud.directory)]) {
    for (const instance of await region.instances.list()) await region.machines.destroy(instance);
  }
  for (const device of await loopDevicesIn(cloud.directory)) {
    await run(["losetup", "--detach", device], { purpose: `freeing ${device}` });
  }
  await rm(cloud.directory, { recursive: true, force: true });
}

/** Loop devices whose file lies in a folder, from the kernel's own list. */
async function loopDevicesIn(directory: string): Promise<string[]> {
  const names = (await readdir("/sys/block").catch(() => [])).filter((name) => name.startsWith("loop"));
  const files = await Promise.all(
    names.map((name) => readFile(`/sys/block/${name}/loop/backing_file`, "utf8").catch(() => "")),
  );
  const inside = path.resolve(directory) + path.sep;
  return names.filter((_, index) => files[index].startsWith(inside)).map((name) => `/dev/${name}`);
}
