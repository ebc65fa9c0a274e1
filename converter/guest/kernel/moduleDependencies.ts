import { moduleOfFile } from "./drivers";
import { moduleFolder } from "./modules";
import type { GuestTree } from "../tree";

/**
 * Those of the modules (by `moduleKey`) that can be loaded out of an initramfs: all that depmod says they need is among
 * them as well. An image with nvme and without nvme-core waits for its root for ever (a dracut.conf with `omit_drivers`).
 * Without a modules.dep, all of them.
 */
export function loadableModules(
  modules: ReadonlySet<string>,
  tree: GuestTree,
  version: string,
): ReadonlySet<string> {
  const needs = dependencies(tree.read(`${moduleFolder(tree, version)}/modules.dep`) ?? "");
  return new Set([...modules].filter((name) => (needs.get(name) ?? []).every((need) => modules.has(need))));
}

/** `kernel/drivers/nvme/host/nvme.ko: kernel/drivers/nvme/host/nvme-core.ko …`: whole paths with depmod 3, relative later. */
function dependencies(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  // Red Hat 5's depmod goes on in the next line after a backslash.
  for (const line of text.replace(/\\\n/g, " ").split("\n")) {
    const [file, rest = ""] = line.split(":");
    const module = moduleOfFile(file.trim());
    if (module === undefined) continue;
    found.set(
      module,
      rest.split(/\s+/).flatMap((path) => moduleOfFile(path) ?? []),
    );
  }
  return found;
}
