/** What of a guest's files a conversion may change: what it says it changes, and what the guest's own tools write. */
import type { StepReport } from "../../converter/types";
import { none, type Finding } from "./checker/finding";
import { differences, type Manifest } from "./manifest";

/** Written by update-initramfs, dracut or the conversion itself, beside the files that the plan names. */
const OWN_TRACES = [
  /^\/var\/lib\/pv-to-hvm(\/|$)/,
  /^\/var\/lib\/initramfs-tools(\/|$)/,
  /^\/boot\/initrd\.img-/,
  // A folder's size, where a file came or went.
  /^\/(?:boot|etc|etc\/[^/]+|etc\/udev\/rules\.d|etc\/systemd\/.*|var\/lib|boot\/grub)?$/,
];

/** Compares every file of the guest before and after. */
export function compareFiles(before: Manifest, after: Manifest, reports: StepReport[]): Finding {
  const told = new Set(
    reports.flatMap(({ plan, edits }) => [...(plan?.edits ?? []), ...(edits ?? [])]).map(({ path }) => path),
  );
  // A hard link to a file that is told of (ami-creator: menu.lst and grub.conf), or the file behind a link.
  const twins = new Set([...told].map((name) => after.get(name)));
  const unexplained = differences(before, after).filter(
    (name) =>
      !told.has(name) &&
      !twins.has(after.get(name) ?? name) &&
      !OWN_TRACES.some((pattern) => pattern.test(name)),
  );
  return none("every file that is not told of is as it was", unexplained);
}
