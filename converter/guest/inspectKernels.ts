import type { BootEntryFacts, KernelFacts } from "../types";
import type { Runner } from "../run";
import { isLinuxFile } from "./bootFile";
import { bzImageVersion, isBzImage } from "./bzImage";
import { DRIVER_NAMES, driversAmong } from "./drivers";
import { initramfsModules } from "./initramfsContent";
import { judgeHvm, readXenNotes, type XenNotes } from "./kernel";
import { builtInDrivers, installedModules } from "./modules";
import type { GuestTree } from "./tree";

/** A kernel with what its Xen notes say of the architecture. */
export interface InspectedKernel {
  facts: KernelFacts;
  architecture?: XenNotes["architecture"];
}

/** Every kernel of the menu (its paths after links) and every `/boot/vmlinuz-*`, each once, the menu's first. */
export async function inspectKernels(
  tree: GuestTree,
  entries: BootEntryFacts[],
  runner: Runner,
): Promise<InspectedKernel[]> {
  const initrds = new Map<string, string | undefined>();
  for (const { kernel, initrd } of entries) {
    if (kernel === undefined || !isLinuxFile(kernel) || !tree.exists(kernel)) continue;
    initrds.set(kernel, initrds.get(kernel) ?? initrd);
  }
  const installed = tree.list("/boot").filter((name) => name.startsWith("vmlinuz-"));
  const paths = new Set([...initrds.keys(), ...installed.map((name) => tree.resolve(`/boot/${name}`))]);
  const kernels: InspectedKernel[] = [];
  for (const path of paths) kernels.push(await inspectKernel(tree, path, initrds.get(path), runner));
  return kernels;
}

async function inspectKernel(
  tree: GuestTree,
  path: string,
  menuInitrd: string | undefined,
  runner: Runner,
): Promise<InspectedKernel> {
  const file = tree.readBytes(path) ?? Buffer.alloc(0);
  const version = versionOf(path, file);
  const initrd = menuInitrd ?? initrdNames(version).find((name) => tree.exists(name));
  const { bootsHvm, evidence } = judgeHvm(version, file, tree.read(`/boot/config-${version}`));
  const notes = await readXenNotes(file, runner).catch((error: Error) => error);
  const inside = await readInitrd(tree, initrd, runner);
  const early = new Set([...builtInDrivers(tree, version), ...driversAmong(inside.modules)]);
  const installed = driversAmong(installedModules(tree, version));
  return {
    architecture: notes instanceof Error ? undefined : notes.architecture,
    facts: {
      version,
      path,
      ...(initrd === undefined ? {} : { initrd }),
      ...(inside.bytes === undefined ? {} : { initrdBytes: inside.bytes }),
      bootsHvm,
      evidence:
        notes instanceof Error ? `${evidence}; its Xen notes cannot be read: ${notes.message}` : evidence,
      bootsPv: !(notes instanceof Error) && notes.bootsPv,
      earlyDrivers: DRIVER_NAMES.filter((driver) => early.has(driver)),
      availableDrivers: DRIVER_NAMES.filter((driver) => early.has(driver) || installed.includes(driver)),
      ...(inside.problem === undefined ? {} : { initrdProblem: inside.problem }),
    },
  };
}

/** From the name, as packages give it; else what the image itself says (Gentoo's `/boot/bzImage`); else the name. */
function versionOf(path: string, file: Buffer): string {
  const name = path.split("/").at(-1) ?? path;
  const named = /^(?:vmlinuz|kernel|bzImage|linux)-(\d.*)$/.exec(name)?.[1];
  return named ?? (isBzImage(file) ? bzImageVersion(file) : undefined) ?? name;
}

/** The names that Debian, Red Hat (6 and later, 5) and SUSE give to the initramfs of a kernel. */
function initrdNames(version: string): string[] {
  return ["initrd.img-V", "initramfs-V.img", "initrd-V.img", "initrd-V"].map(
    (name) => `/boot/${name.replace("V", version)}`,
  );
}

interface InitrdContent {
  modules: Set<string>;
  bytes?: number;
  problem?: string;
}

async function readInitrd(
  tree: GuestTree,
  initrd: string | undefined,
  runner: Runner,
): Promise<InitrdContent> {
  if (initrd === undefined) return { modules: new Set() };
  const file = tree.readBytes(initrd);
  if (file === undefined) return { modules: new Set(), problem: "the menu names it, and it is not there" };
  try {
    return { modules: await initramfsModules(file, runner), bytes: file.length };
  } catch (error) {
    return { modules: new Set(), bytes: file.length, problem: (error as Error).message };
  }
}
