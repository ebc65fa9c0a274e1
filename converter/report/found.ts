/** What an inspection found. */
import { formatBytes } from "../disk/sizes";
import { fingerprintOfKey } from "../guest/hostKeys";
import type { Facts, GuestFacts, KernelFacts } from "../types";
import { describeParts, describeTable } from "./partitions";
import { entry, table } from "./text";

/** Disks, partitions, guest, kernels. */
export function formatFacts({ source, destination, mounts, guest }: Facts): string[] {
  const disk = `${nameDisk(source)}, ${formatBytes(source.sizeBytes)}: ${describeTable(source)}`;
  return [
    ...entry("source", disk, table(withoutEmptyColumns(describeParts(source, mounts)))),
    ...(destination
      ? entry(
          "destination",
          `${nameDisk(destination)}, ${formatBytes(destination.sizeBytes)}: ${destination.content}`,
        )
      : []),
    ...formatGuest(guest),
    ...guest.kernels.flatMap((kernel) => entry("kernel", formatKernel(kernel))),
    ...(guest.hostKeys ?? []).flatMap((key) => entry("host key", fingerprintOfKey(key))),
  ];
}

/** A bare disk has neither numbers nor types. */
function withoutEmptyColumns(rows: string[][]): string[][] {
  const isUsed = (_: string, column: number) => rows.some((row) => row[column] !== "");
  return rows.map((row) => row.filter(isUsed));
}

export function nameDisk({ path, volumeId }: { path: string; volumeId?: string }): string {
  return volumeId ? `${volumeId} (${path})` : path;
}

function formatGuest({ os, architecture, init, bootFile, initramfsTool }: GuestFacts): string[] {
  const { path, resolvedPath, entries } = bootFile;
  const through = path === resolvedPath ? "" : ` (${path} leads there)`;
  const tool = initramfsTool ? `, makes its initramfs with ${initramfsTool}` : "";
  return [
    ...entry("guest", `${os.name} (${architecture}, ${init})${tool}`),
    ...entry("boot file", `${resolvedPath}${through}, ${countEntries(entries.length)}`),
  ];
}

function countEntries(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

function formatKernel(kernel: KernelFacts): string {
  const { version, bootsHvm, evidence, earlyDrivers, availableDrivers, initrdProblem } = kernel;
  const later = availableDrivers.filter((driver) => !earlyDrivers.includes(driver));
  return [
    `${version}: ${bootsHvm ? "boots as HVM" : "PV only"} (${evidence})`,
    ...(earlyDrivers.length > 0 ? [`early drivers: ${earlyDrivers.join(", ")}`] : ["no early drivers"]),
    ...(later.length > 0 ? [`as modules: ${later.join(", ")}`] : []),
    ...(initrdProblem === undefined ? [] : [`its initramfs: ${initrdProblem}`]),
  ].join("; ");
}
