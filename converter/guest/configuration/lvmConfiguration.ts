import type { Advice, Facts } from "../../types";
import type { Read } from "../planEdits";

export const LVM_CONFIGURATION = "/etc/lvm/lvm.conf";

/** `filter = [ "a|…|", "r|…|" ]`, over as many lines as it takes; comments begin with `#`. */
const FILTER = /^[ \t]*(?:global_)?filter[ \t]*=[ \t]*(\[[^\]]*\]|"[^"]*")/gm;

/**
 * A filter that lets LVM see xvd* and sd* alone hides the root's group on Nitro types. The initramfs has a copy of this
 * file, so that an edit would not be enough.
 */
export function warnLvm({ source }: Facts, read: Read): Advice[] {
  const text = read(LVM_CONFIGURATION);
  if (text === undefined || !source.parts.some(({ content }) => content.kind === "lvm")) return [];
  const filters = [...text.matchAll(FILTER)].map((found) => found[1]);
  const hiding = filters.filter((filter) => !acceptsNvme(filter));
  return hiding.map((filter) => ({
    subject: LVM_CONFIGURATION,
    found: `filter = ${filter.replace(/\s+/g, " ").slice(0, 120)}: LVM does not look at NVMe disks.`,
    advice:
      'Its volumes are not found on Nitro types: let "a|^/dev/nvme|" go before the rejection in the source, and rebuild the initramfs there.',
  }));
}

/** As LVM reads it: the first pattern that fits decides, and what none fits is accepted. */
function acceptsNvme(filter: string): boolean {
  const patterns = [...filter.matchAll(/"([ar])(.)(.*?)\2"/g)];
  for (const [, verdict, , pattern] of patterns) if (fits(pattern, "/dev/nvme0n1p2")) return verdict === "a";
  return true;
}

/** A pattern that JavaScript cannot read is taken not to fit. */
function fits(pattern: string, device: string): boolean {
  try {
    return new RegExp(pattern).test(device);
  } catch {
    return false;
  }
}
