import { rethrowObstacle } from "../../errors";
import type { Runner } from "../../run";
import type { BootFileFacts, KernelFacts } from "../../types";
import { isLinuxKernel } from "./whatFileIs";
import { bzImageVersion, isBzImage } from "./bzImage";
import { DRIVER_NAMES, driversAmong, type Driver } from "./drivers";
import { readInitramfs, type InitramfsContent } from "../initramfs/initramfsContent";
import { judgeHvm } from "./judgeHvm";
import { readKernelImage, type KernelImage } from "./kernel";
import { readKernelConfig, type KernelConfig } from "./kernelConfig";
import { readLastBootedKernel } from "./lastBoot";
import { loadableModules } from "./moduleDependencies";
import { builtInDrivers, driverModules, installedModules, moduleFolder, type ModuleFiles } from "./modules";
import { readNvmeTimeout } from "./nvmeTimeout";
import type { GuestTree } from "../tree";

/** A kernel with what its ELF header says of the architecture. */
export interface InspectedKernel {
  facts: KernelFacts;
  architecture?: KernelImage["architecture"];
}

type Menu = Pick<BootFileFacts, "entries" | "defaultEntry">;

/** Every kernel of the menu (its paths after links) and every `/boot/vmlinuz-*`, each once, the menu's first. */
export async function inspectKernels(
  tree: GuestTree,
  menu: Menu,
  runner: Runner,
): Promise<InspectedKernel[]> {
  const initrds = menuKernels(menu);
  const named = [...initrds.keys()].filter((path) => tree.exists(path) && isLinuxKernel(tree, path));
  const installed = tree.list("/boot").filter((name) => name.startsWith("vmlinuz-"));
  const paths = new Set([...named, ...installed.map((name) => tree.resolve(`/boot/${name}`))]);
  const kernels: InspectedKernel[] = [];
  // One after the other: a kernel and its initramfs are in memory while they are read.
  for (const path of paths) kernels.push(await inspectKernel(tree, path, initrds, runner));
  return kernels;
}

/**
 * Each kernel of the menu with the initramfs that it boots with, if it has any. Several entries may start one kernel, each with
 * another: what boots is the default entry, and after it an entry whose files are there. Pure.
 */
export function menuKernels({ entries, defaultEntry }: Menu): Map<string, string | undefined> {
  const sound = entries.filter(({ fault }) => fault === undefined);
  const byRank = [entries[defaultEntry], ...sound, ...entries];
  const started = entries.flatMap(({ kernel }) => kernel ?? []);
  return new Map(started.map((kernel) => [kernel, byRank.find((entry) => entry?.kernel === kernel)?.initrd]));
}

async function inspectKernel(
  tree: GuestTree,
  path: string,
  initrds: Map<string, string | undefined>,
  runner: Runner,
): Promise<InspectedKernel> {
  const file = tree.readBytes(path) ?? Buffer.alloc(0);
  const version = versionOf(path, file);
  const installed = () => initrdNames(version).find((name) => tree.exists(name));
  // What an entry does not name, it boots without, be it there or not.
  const initrd = initrds.has(path) ? initrds.get(path) : installed();
  const [image, inside] = await Promise.all([
    readKernelImage(file, runner).catch((error: Error) => {
      rethrowObstacle(error);
      return error;
    }),
    readInitrd(tree, initrd, runner),
  ]);
  const config = readKernelConfig(tree, version, image instanceof Error ? undefined : image.config);
  const { bootsHvm, evidence } = judgeHvm(file, config);
  const modules = installedModules(tree, version);
  const drivers = judgeModules(tree, version, config, inside, modules);
  const isBuiltIn = drivers.builtIn.includes("nvme");
  const nvmeTimeout = await readNvmeTimeout(tree, modules, isBuiltIn ? { version } : undefined, runner);
  return {
    architecture: image instanceof Error ? undefined : image.architecture,
    facts: {
      version,
      path,
      ...(initrd === undefined ? {} : { initrd }),
      ...inside.facts,
      bootsHvm,
      evidence:
        image instanceof Error ? `${evidence}; its Xen notes cannot be read: ${image.message}` : evidence,
      bootsPv: !(image instanceof Error) && image.bootsPv,
      ...drivers.facts,
      ...(nvmeTimeout === undefined ? {} : { nvmeTimeout }),
      ...lastBoot(tree, version),
    },
  };
}

/** From the name, as packages give it; else what the image itself says (Gentoo's `/boot/bzImage`); else the name. */
function versionOf(path: string, file: Buffer): string {
  const name = path.split("/").at(-1) ?? path;
  const named = /^(?:vmlinuz|kernel|bzImage|linux)-(\d.*)$/.exec(name)?.[1];
  return named ?? (isBzImage(file) ? bzImageVersion(file) : undefined) ?? name;
}

/** The names that Debian, Red Hat (6 and later, 5), SUSE and Gentoo's genkernel give to the initramfs of a kernel. */
function initrdNames(version: string): string[] {
  return [
    ...["initrd.img-V", "initramfs-V.img", "initrd-V.img", "initrd-V"],
    ...["initramfs-genkernel-x86_64-V", "initramfs-genkernel-x86-V"],
  ].map((name) => `/boot/${name.replace("V", version)}`);
}

interface Initrd {
  content?: InitramfsContent;
  facts: Pick<KernelFacts, "initrdBytes" | "initrdProblem" | "initrdHasLvm" | "initrdGrowsRoot">;
}

async function readInitrd(tree: GuestTree, initrd: string | undefined, runner: Runner): Promise<Initrd> {
  if (initrd === undefined) return { facts: {} };
  const file = tree.readBytes(initrd);
  if (file === undefined) return { facts: { initrdProblem: "the menu names it, and it is not there" } };
  try {
    const content = await readInitramfs(file, runner);
    const { lvm, growers } = content;
    const grows = growers.length === 0 ? {} : { initrdGrowsRoot: growers };
    return { content, facts: { initrdBytes: file.length, initrdHasLvm: lvm, ...grows } };
  } catch (error) {
    rethrowObstacle(error);
    return { facts: { initrdBytes: file.length, initrdProblem: (error as Error).message } };
  }
}

type ModuleFacts = Pick<
  KernelFacts,
  "earlyDrivers" | "availableDrivers" | "driverModules" | "moduleFolder" | "xenHvm"
>;

function judgeModules(
  tree: GuestTree,
  version: string,
  config: KernelConfig | undefined,
  { content }: Initrd,
  installed: ModuleFiles,
): { builtIn: Driver[]; facts: ModuleFacts } {
  const builtIn = builtInDrivers(tree, version, config?.builtIn ?? new Set(), installed);
  const loadable = loadableModules(content?.modules ?? new Set(), tree, version);
  const early = new Set([...builtIn, ...driversAmong(loadable)]);
  const all = new Set([...early, ...driversAmong(installed)]);
  const folder = moduleFolder(tree, version);
  return {
    builtIn,
    facts: {
      earlyDrivers: DRIVER_NAMES.filter((driver) => early.has(driver)),
      availableDrivers: DRIVER_NAMES.filter((driver) => all.has(driver)),
      driverModules: driverModules(installed),
      moduleFolder: {
        ...{ path: folder, there: tree.exists(folder) },
        indexed: ["modules.dep", "modules.dep.bin"].some((name) => tree.exists(`${folder}/${name}`)),
      },
      ...(config === undefined ? {} : { xenHvm: all.has("xen-platform-pci") }),
    },
  };
}

function lastBoot(tree: GuestTree, version: string): Pick<KernelFacts, "lastBooted"> {
  const last = readLastBootedKernel(tree);
  return last === undefined ? {} : { lastBooted: last === version };
}
