import fs from "node:fs";
import { RefusedError } from "../errors";
import { CONSOLE_FILES, isPvGettyLink } from "./configuration/consoles";
import { GROWING_FILES } from "./configuration/growRoot";
import { HARDWARE_MEMORY } from "./configuration/hardwareMemory";
import { NETWORK_FILES, NETWORK_FOLDERS } from "./configuration/macAddresses";
import { LVM_CONFIGURATION } from "./configuration/lvmConfiguration";
import { MODPROBE_FILES, MODPROBE_FOLDER } from "./configuration/modprobe";
import { GENERATOR_FOLDERS } from "./initramfs/generators/files";
import type { GuestTree } from "./tree";
import { UPSTART_FOLDERS } from "./configuration/upstart";
import { NAMING_FOLDERS } from "./configuration/warnNetwork";

const FILES = [
  "/etc/fstab",
  LVM_CONFIGURATION,
  ...CONSOLE_FILES,
  ...HARDWARE_MEMORY,
  ...MODPROBE_FILES,
  ...NETWORK_FILES,
  ...GROWING_FILES,
];
const FOLDERS = [
  ...new Set([
    ...[MODPROBE_FOLDER, ...UPSTART_FOLDERS, ...NETWORK_FOLDERS],
    ...[...NAMING_FOLDERS, ...GENERATOR_FOLDERS],
  ]),
];
const SYSTEMD_FOLDER = "/etc/systemd/system";

/**
 * Files of the guest's configuration on whose text an edit or a warning depends, those that exist. A file that has two
 * names by a hard link or a symbolic one is there once, or it would be planned for twice.
 */
export function configurationFiles(tree: GuestTree): string[] {
  const named = FILES.filter((path) => tree.hasName(path));
  const listed = FOLDERS.flatMap((folder) => tree.list(folder).map((name) => `${folder}/${name}`));
  return onePerFile(tree, [...new Set([...named, ...listed])]).concat(gettyLinks(tree));
}

function onePerFile(tree: GuestTree, paths: string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const file = hostPath(tree, path);
    const status = file === undefined ? undefined : fs.statSync(file, { throwIfNoEntry: false });
    if (file === undefined || status?.isDirectory()) return false;
    const key = status ? `${status.dev}:${status.ino}` : path;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** `undefined` for links that run in a circle: nothing in the guest reads such a file either. */
function hostPath(tree: GuestTree, path: string): string | undefined {
  try {
    return tree.hostPath(path);
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

/** Links in systemd's folders, which are removed themselves. */
function gettyLinks(tree: GuestTree): string[] {
  const wants = tree.list(SYSTEMD_FOLDER).filter((name) => name.endsWith(".wants"));
  const links = wants.flatMap((folder) =>
    tree.list(`${SYSTEMD_FOLDER}/${folder}`).map((name) => `${SYSTEMD_FOLDER}/${folder}/${name}`),
  );
  return links.filter(isPvGettyLink);
}
