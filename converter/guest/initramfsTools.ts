import type { FileEdit } from "../types";
import { appendLine, fileEdit, type Edited } from "./edit";
import { DRIVERS, moduleKey, type Driver } from "./drivers";

const MODULES_FILE = "/etc/initramfs-tools/modules";
const CONFIGURATION_FILES = [
  "/etc/initramfs-tools/initramfs.conf",
  "/etc/initramfs-tools/conf.d/driver-policy",
];

/**
 * The guest's own configuration of initramfs-tools (Debian, Ubuntu), so that an initramfs made by a later kernel update has the drivers too.
 */
export function planInitramfsTools(
  drivers: Driver[],
  read: (path: string) => string | undefined,
): FileEdit[] {
  if (drivers.length === 0) return [];
  const modules = read(MODULES_FILE);
  const edits = [
    fileEdit(MODULES_FILE, modules, addModules(modules ?? "", withCompanions(drivers))),
    ...CONFIGURATION_FILES.map((path) => {
      const text = read(path);
      return text === undefined ? undefined : fileEdit(path, text, takeMostModules(text));
    }),
  ];
  return edits.filter((edit) => edit !== undefined);
}

/** The drivers, each with the modules that modprobe would not bring along. */
function withCompanions(drivers: Driver[]): string[] {
  return [...new Set(drivers.flatMap((driver) => [...DRIVERS[driver].with, driver]))];
}

/** Adds the modules that the file does not name yet, a line each. */
export function addModules(text: string, modules: string[]): Edited {
  const named = new Set(text.split("\n").map((line) => moduleKey(line.trim().split(/\s/)[0])));
  const added = modules.filter((module) => !named.has(moduleKey(module)));
  if (added.length === 0) return { text, why: [] };
  return {
    text: added.reduce(appendLine, text),
    why: [`the initramfs of every kernel gets ${added.join(", ")}`],
  };
}

/**
 * `MODULES=dep` builds for the hardware that it sees, which is the helper's, and fails where it finds no device for the
 * root (initramfs-tools: "failed to determine device for /").
 */
export function takeMostModules(text: string): Edited {
  const edited = text.replace(/^MODULES=dep\b/m, "MODULES=most");
  return {
    text: edited,
    why: edited === text ? [] : ["MODULES=dep → most: dep would look at the helper's hardware"],
  };
}
