import type { Family, GuestFacts } from "../../types";
import table from "./kernelPackages.json";

type System = Pick<GuestFacts, "os" | "architecture">;

/**
 * Packages with a kernel for HVM. The table is data, since the program for live sources (shell, put together by
 * `live/assemble.mjs`) goes by the same one. The first row that fits counts.
 *
 * What its rows rest on:
 * - Red Hat 5's kernel-xen is for PV alone; for i386 Xen needs PAE.
 * - Ubuntu 8.04 to 9.10 know Xen as PV alone, and have no later kernel; the image lists of 10.04's time name 10.04's way out, the kernel of a
 *   later release. ENA and NVMe came to 14.04 and 16.04 with the kernel that Ubuntu makes for EC2, linux-aws.
 * - Debian's kernels are pv_ops from 6 on; its -xen flavours are for PV as well.
 * - SLES 10's and 11's kernel-xen and kernel-ec2 are for PV; Xen's drivers for HVM are in a package of their own (xen-kmp-default), which
 *   kernel-default does not ask for. From 12 on they are in the kernel.
 */
const KERNEL_PACKAGES = table as KernelPackages[];

interface KernelPackages {
  /** The system's id; with `*` behind it, what begins so. */
  systems: string[];
  /** Its releases, in the same way. Absent: every one. */
  releases?: string[];
  architecture?: GuestFacts["architecture"];
  /** Where the guest is to boot on these. */
  family?: Family;
  /**
   * Names to ask the package manager for, the best first, `a+b` for two that belong together; none if the release has no such
   * kernel. Each is the name that a release always gives its newest kernel, so that a later update renews it.
   */
  packages: string[];
  /** What writes an entry for it. */
  menu?: string;
  note?: string;
  /** In place of the first package with menu and note. */
  words?: string;
}

/**
 * The package that brings a guest a kernel for HVM, in words.
 *
 * @param families what the guest is to boot on; default: Xen's types alone
 */
export function kernelPackage(system: System, families: Family[] = ["xen"]): string {
  const row = rowFor(system, families);
  if (!row) return "a kernel that is not for Xen PV alone";
  if (row.words !== undefined) return row.words;
  const names = [...row.packages[0].split("+"), ...(row.menu === undefined ? [] : [row.menu])];
  return names.map((name) => `\`${name}\``).join(" with ") + (row.note === undefined ? "" : ` (${row.note})`);
}

/** Names to ask the package manager for, the best first; none if the release has no such kernel, or the system is unknown. */
export function kernelPackageNames(system: System, families: Family[]): string[] {
  return rowFor(system, families)?.packages ?? [];
}

function rowFor(system: System, families: Family[]): KernelPackages | undefined {
  return KERNEL_PACKAGES.find((one) => fits(one, system, families));
}

function fits(
  { systems, releases, architecture, family }: KernelPackages,
  system: System,
  families: Family[],
) {
  return (
    isOneOf(systems, system.os.id) &&
    (releases === undefined || isOneOf(releases, system.os.version)) &&
    (architecture === undefined || architecture === system.architecture) &&
    (family === undefined || families.includes(family))
  );
}

const isOneOf = (patterns: string[], text: string) =>
  patterns.some((pattern) =>
    pattern.endsWith("*") ? text.startsWith(pattern.slice(0, -1)) : text === pattern,
  );
