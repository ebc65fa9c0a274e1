import { moduleFolder } from "./modules";
import type { GuestTree } from "../tree";

/** A kernel's configuration. */
export interface KernelConfig {
  /** The file that it was read from, or that it was in the kernel itself. */
  where: string;
  /** Symbols set to `y`. */
  builtIn: ReadonlySet<string>;
}

/**
 * The configuration of a kernel: beside it in /boot, beside its modules (Fedora, and where the headers are installed),
 * in its sources (Gentoo), or the one that it carries itself.
 */
export function readKernelConfig(
  tree: GuestTree,
  version: string,
  embedded?: string,
): KernelConfig | undefined {
  const modules = moduleFolder(tree, version);
  const places = [
    `/boot/config-${version}`,
    `${modules}/config`,
    `${modules}/build/.config`,
    `/usr/src/linux-${version}/.config`,
  ];
  for (const where of places) {
    const text = tree.read(where);
    if (text !== undefined) return { where, builtIn: builtInSymbols(text) };
  }
  return embedded === undefined
    ? undefined
    : { where: "the configuration in the kernel itself", builtIn: builtInSymbols(embedded) };
}

/** The configuration symbols set to `y` in a text as `/boot/config-V`. */
export function builtInSymbols(config: string): Set<string> {
  return new Set(Array.from(config.matchAll(/^(CONFIG_\w+)=y\r?$/gm), ([, symbol]) => symbol));
}
