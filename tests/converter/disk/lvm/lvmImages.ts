/** Volume groups in files. LVM makes them without device mapper, as long as nothing is to be activated. */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { command, scratchFolder } from "../images";

/** Works with LVM's commands on loop devices over these files, and no other disk of this machine. */
export interface LvmSession {
  devices: string[];
  /** One command: `["lvcreate", "-n", "root", …]`. Volumes stay inactive, and nobody zeroes them. */
  lvm(words: string[]): string;
}

const CONFIGURATION = (devices: string[], folder: string) => {
  const accepted = devices.map((device) => `"a|^${device}$|"`).join(",");
  return [
    `devices { global_filter=[${accepted},"r|.*|"] filter=[${accepted},"r|.*|"] use_devicesfile=0 dir="/dev" scan=["/dev"]`,
    `obtain_device_list_from_udev=0 external_device_info_source="none" }`,
    `activation { udev_sync=0 udev_rules=0 monitoring=0 }`,
    `global { locking_dir="${folder}" use_lvmpolld=0 event_activation=0 }`,
    `backup { backup=0 archive=0 }`,
  ].join("\n");
};

/** Attaches the files (each from a byte on, to its end) while `work` runs. Needs root. */
export function withLvm(
  files: { file: string; offset?: number }[],
  work: (session: LvmSession) => void,
): void {
  const devices = files.map(({ file, offset = 0 }) =>
    command("losetup", "--find", "--show", "--offset", String(offset), file).trim(),
  );
  const folder = scratchFolder();
  fs.mkdirSync(path.join(folder, "lock"));
  const configuration = CONFIGURATION(devices, path.join(folder, "lock"));
  const lvm = ([name, ...words]: string[]) => {
    const inactive = name === "lvcreate" ? ["-an", "-Zn", "-Wn"] : [];
    const all = ["lvm", name, "--driverloaded", "n", "--config", configuration, ...inactive, ...words];
    const env = { ...process.env, LVM_SYSTEM_DIR: folder, LVM_SUPPRESS_FD_WARNINGS: "1" };
    return execFileSync(all[0], all.slice(1), { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] });
  };
  try {
    work({ devices, lvm });
  } finally {
    for (const device of devices) command("losetup", "--detach", device);
  }
}
