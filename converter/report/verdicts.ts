/** What the result boots on. */
import type { Facts, KernelFacts, Plan } from "../types";
import { entry } from "./text";

/** Families by the words of a report. */
export const FAMILIES = { xen: "Xen HVM", nitro: "Nitro" } as const;

/** A line for each family that was asked for, and what is still missing for the network cards of Nitro types. */
export function formatVerdicts({ verdicts, boot }: Plan, facts: Facts | undefined): string[] {
  const kernels = facts?.guest.kernels ?? [];
  return [
    ...verdicts.flatMap(({ family, boots, why }) =>
      entry(FAMILIES[family], `${boots ? "boots" : "does not boot"}: ${why}`),
    ),
    ...(kernels.length > 0 ? entry("ENA", judgeEna(kernels, boot.kernel)) : []),
  ];
}

/**
 * An image registered with ENA support runs on types with that card alone as long as every kernel that may boot has the
 * driver; without it an instance runs and is not to be reached.
 */
export function judgeEna(kernels: KernelFacts[], booted: string): string {
  const lacking = kernels.filter(
    ({ bootsHvm, availableDrivers }) => bootsHvm && !availableDrivers.includes("ena"),
  );
  if (lacking.length === 0) return "every kernel that can boot has the driver of Nitro's network card";
  const versions = lacking.map(({ version }) => version).join(", ");
  const first = lacking.some(({ path }) => path === booted)
    ? "the kernel that boots has no driver for Nitro's network card"
    : "the kernel that boots has the driver, others have not";
  return `${first}. Lacking it: ${versions}. Register the image without ENA support, or install a kernel that has it`;
}
