import {
  DRIVER_NAMES,
  DRIVERS,
  hasDriver,
  moduleKey,
  moduleNameOfFile,
  moduleOfFile,
  type Driver,
  type DriverDescription,
} from "./drivers";
import type { GuestTree } from "../tree";

/** A kernel's modules, by `moduleKey`: where each lies in the guest. Those that are no driver's may be missing. */
export type ModuleFiles = ReadonlyMap<string, string>;

/** Where the modules of a kernel lie: on a guest with a merged /usr the same folder. */
const MODULE_FOLDERS = ["/lib/modules", "/usr/lib/modules"];

/**
 * Drivers built into a kernel: named in its `modules.builtin` (Linux 2.6.33 and later) or `=y` among the symbols of its
 * configuration. What lies there as a module is none, whatever the symbols say: Debian 7 has CONFIG_XEN_PVHVM=y and
 * xen-platform-pci as a module.
 */
export function builtInDrivers(
  tree: GuestTree,
  version: string,
  symbols: ReadonlySet<string>,
  installed: ModuleFiles,
): Driver[] {
  const lines = (tree.read(`${moduleFolder(tree, version)}/modules.builtin`) ?? "").split(/\r?\n/);
  const listed = new Set(lines.map(moduleOfFile));
  return DRIVER_NAMES.filter((driver) => {
    const { modules, configs }: DriverDescription = DRIVERS[driver];
    if (modules.some((name) => listed.has(moduleKey(name)))) return true;
    return !hasDriver(installed, driver) && configs.some((name) => symbols.has(name));
  });
}

/** `/lib/modules/V`, or where it is in its place. */
export function moduleFolder(tree: GuestTree, version: string): string {
  const folders = MODULE_FOLDERS.map((folder) => `${folder}/${version}`);
  return folders.find((folder) => tree.exists(folder)) ?? folders[0];
}

/**
 * The modules that lie in `/lib/modules/V`, wherever below it (DKMS and vendors have folders of their own). The kernel's own,
 * below `kernel`, are taken from `modules.dep`, and the drivers among them are looked for there: to list its hundreds of
 * folders reads a block of the disk for each, which costs minutes on a disk that is far away. Where that file is missing or
 * is wrong about a driver, all folders are listed.
 */
export function installedModules(tree: GuestTree, version: string): ModuleFiles {
  const folder = moduleFolder(tree, version);
  const listed = listedDrivers(tree, folder);
  const found = new Map(listed);
  const visit = (directory: string) => {
    for (const name of tree.list(directory)) {
      const module = moduleOfFile(name);
      const isListed = listed !== undefined && `${directory}/${name}` === `${folder}/${OWN}`;
      if (module !== undefined) found.set(module, `${directory}/${name}`);
      // `build` and `source` are links to the kernel's headers.
      else if (!isListed && !/\.|^(build|source)$/.test(name)) visit(`${directory}/${name}`);
    }
  };
  visit(folder);
  return found;
}

/** The folder of the modules that come with the kernel. */
const OWN = "kernel";

/** All that a driver can be called, by `moduleKey`. */
const NAMES_OF_DRIVERS = new Set(
  DRIVER_NAMES.flatMap((driver) => {
    const { modules, with: companions }: DriverDescription = DRIVERS[driver];
    return [...modules, ...companions].map(moduleKey);
  }),
);

/** The drivers below `kernel` by `modules.dep`; undefined if that names no module there, or one that is not there. */
function listedDrivers(tree: GuestTree, folder: string): [string, string][] | undefined {
  const lines = (tree.read(`${folder}/modules.dep`) ?? "").split("\n");
  // Whole paths with depmod 3, relative later.
  const files = lines.flatMap((line) => new RegExp(`^(?:\\S*/)?(${OWN}/[^:\\s]+):`).exec(line)?.[1] ?? []);
  const drivers = files.flatMap((file): [string, string][] => {
    const module = moduleOfFile(file);
    return module !== undefined && NAMES_OF_DRIVERS.has(module) ? [[module, `${folder}/${file}`]] : [];
  });
  const isRight = files.length > 0 && drivers.every(([, path]) => tree.exists(path));
  return isRight ? drivers : undefined;
}

/**
 * For each driver that is a module: what an initramfs must be told to take, in this kernel's own spelling, the modules
 * that it needs first. Red Hat 5's mkinitrd ends at a name for which there is no file.
 */
export function driverModules(installed: ModuleFiles): Partial<Record<Driver, string[]>> {
  const spelled = (name: string) => moduleNameOfFile(installed.get(moduleKey(name)) ?? "");
  const found = DRIVER_NAMES.map((driver): [Driver, string[]] => {
    const { modules, with: companions }: DriverDescription = DRIVERS[driver];
    const own = modules.map(spelled).find((name) => name !== undefined);
    const beside = companions.map(spelled).filter((name) => name !== undefined);
    return [driver, own === undefined ? [] : [...beside, own]];
  });
  return Object.fromEntries(found.filter(([, names]) => names.length > 0));
}
