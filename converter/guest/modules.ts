import { DRIVERS, DRIVER_NAMES, moduleKey, moduleOfFile, type Driver } from "./drivers";
import { builtInSymbols } from "./kernel";
import type { GuestTree } from "./tree";

/**
 * Drivers built into a kernel: named in its `modules.builtin` (Linux 2.6.33 and later) or `=y` in its config.
 */
export function builtInDrivers(tree: GuestTree, version: string): Driver[] {
  const symbols = builtInSymbols(tree.read(`/boot/config-${version}`) ?? "");
  const listed = new Set(
    (tree.read(`/lib/modules/${version}/modules.builtin`) ?? "").split(/\r?\n/).map(moduleOfFile),
  );
  return DRIVER_NAMES.filter(
    (driver) => listed.has(moduleKey(driver)) || symbols.has(DRIVERS[driver].config),
  );
}

/**
 * The modules that lie in `/lib/modules/V`, by `moduleKey`, wherever below it (DKMS and vendors have folders of their
 * own). The files are asked, since `modules.dep` may be missing.
 */
export function installedModules(tree: GuestTree, version: string): Set<string> {
  const found = new Set<string>();
  const visit = (directory: string) => {
    for (const name of tree.list(directory)) {
      const module = moduleOfFile(name);
      if (module !== undefined) found.add(module);
      // `build` and `source` are links to the kernel's headers.
      else if (!/\.|^(build|source)$/.test(name)) visit(`${directory}/${name}`);
    }
  };
  visit(`/lib/modules/${version}`);
  return found;
}
