/** How long a kernel lets an NVMe disk take for an answer: the parameter's name and type changed twice. */
import { rethrowObstacle } from "../../errors";
import type { Runner } from "../../run";
import type { KernelFacts } from "../../types";
import { compressionOf, withUnpacked } from "../initramfs/compression";
import { bufferSource, indexOfText, type ByteSource } from "../initramfs/byteSource";
import { isAtLeast } from "./kernelVersion";
import type { ModuleFiles } from "./modules";
import type { GuestTree } from "../tree";

export type NvmeTimeout = NonNullable<KernelFacts["nvmeTimeout"]>;

/** The largest value of each type that the parameter has had. With a larger one the module refuses to load. */
const MAXIMA: Record<string, number> = { byte: 255, uint: 4294967295 };

/** The module that has the parameter: `nvme_core` since Linux 4.6, `nvme` before. */
const MODULES = ["nvme_core", "nvme"] as const;

/**
 * The parameter of a kernel's NVMe driver: what the module says of itself (`modinfo -F parmtype`), else what Linux of that
 * version has. `undefined` if there is no NVMe driver, or one without the parameter.
 */
export async function readNvmeTimeout(
  tree: GuestTree,
  installed: ModuleFiles,
  builtIn: { version: string } | undefined,
  runner: Runner,
): Promise<NvmeTimeout | undefined> {
  for (const module of MODULES) {
    const bytes = tree.readBytes(installed.get(module) ?? "/nowhere");
    const type = bytes === undefined ? undefined : await parameterType(bytes, "io_timeout", runner);
    const max = MAXIMA[type ?? ""];
    if (max !== undefined) return { parameter: `${module}.io_timeout`, max };
  }
  return builtIn && timeoutOfVersion(builtIn.version);
}

/** By the version alone, for a driver that is built in: it came in Linux 3.3, moved in 4.6 and became an uint in 4.15. */
export function timeoutOfVersion(version: string): NvmeTimeout | undefined {
  if (isAtLeast(version, 4, 15)) return { parameter: "nvme_core.io_timeout", max: MAXIMA.uint };
  if (isAtLeast(version, 4, 6)) return { parameter: "nvme_core.io_timeout", max: MAXIMA.byte };
  return isAtLeast(version, 3, 19) ? { parameter: "nvme.io_timeout", max: MAXIMA.byte } : undefined;
}

/** The type that a module's `.modinfo` gives for one of its parameters. A module that cannot be unpacked has none. */
async function parameterType(bytes: Buffer, parameter: string, runner: Runner): Promise<string | undefined> {
  const find = (module: ByteSource) => {
    const mark = `parmtype=${parameter}:`;
    const at = indexOfText(module, mark);
    if (at < 0) return undefined;
    return /^\w+/.exec(module.read(at + mark.length, 20).toString("latin1"))?.[0];
  };
  const compression = compressionOf(bytes);
  if (compression === undefined) return find(bufferSource(bytes));
  return withUnpacked(bytes, compression, runner, find).then(({ result }) => result, rethrowObstacle);
}
