/** What every form of output says of an image, in a few words. Pure. */
import type { Advice } from "../../converter/types";
import type { Fleet, FoundImage, FoundInstance, Inspection, Place, Referrer } from "../types";

/** An image with its place. */
export interface Row {
  accountId: string;
  region: string;
  image: FoundImage;
}

export interface InstanceRow {
  accountId: string;
  region: string;
  instance: FoundInstance;
}

/** Those in use first, then those that were launched last. */
export function rowsOf({ places }: Pick<Fleet, "places">): Row[] {
  const rows = places.flatMap(({ accountId, region, images }) =>
    images.map((image) => ({ accountId, region, image })),
  );
  return rows.sort(
    (one, other) =>
      useOf(other.image) - useOf(one.image) ||
      (other.image.lastLaunchedAt ?? "").localeCompare(one.image.lastLaunchedAt ?? ""),
  );
}

export function instanceRowsOf({ places }: Pick<Fleet, "places">): InstanceRow[] {
  return places.flatMap(({ accountId, region, instances }: Place) =>
    instances.map((instance) => ({ accountId, region, instance })),
  );
}

/** 2: something runs or is launched from it; 1: something names it; 0: nothing does. */
export function useOf({ referrers }: Pick<FoundImage, "referrers">): 0 | 1 | 2 {
  if (referrers.some(({ isActive }) => isActive)) return 2;
  return referrers.length > 0 ? 1 : 0;
}

const KINDS: Referrer["kind"][] = [
  ...(["instance", "Auto Scaling group", "spot fleet", "launch configuration", "launch template"] as const),
];

/** `2 instances (1 running), 1 launch template`; empty, if nothing names it. */
export function usersInWords(referrers: Referrer[]): string {
  return KINDS.flatMap((kind) => {
    const ids = (all: Referrer[]) => new Set(all.map(({ id }) => id)).size;
    const those = referrers.filter((each) => each.kind === kind);
    if (those.length === 0) return [];
    const running = kind === "instance" ? ids(those.filter(({ isActive }) => isActive)) : 0;
    return [`${counted(ids(those), kind)}${running > 0 ? ` (${running} running)` : ""}`];
  }).join(", ");
}

/** What is unusual about it: `encrypted`, `archived`, `public`. */
export function marksOf({
  state,
  isOwn,
  root,
  isPublic,
  sharedWith,
  otherMappings,
  productCodes,
}: FoundImage): string[] {
  const disks = otherMappings.filter(({ virtualName }) => virtualName === undefined).length;
  return [
    ...(["available", "unknown"].includes(state) ? [] : [state]),
    ...(isOwn || state === "gone" ? [] : ["of another account"]),
    ...(root.kind === "instance-store" ? ["instance store"] : []),
    ...(root.kind === "ebs" && root.encrypted ? ["encrypted"] : []),
    ...(root.kind === "ebs" && root.tier === "archive" ? ["archived"] : []),
    ...(isPublic ? ["public"] : []),
    ...(sharedWith.length > 0 ? [`shared with ${sharedWith.length}`] : []),
    ...(disks > 0 ? [`${disks} more ${disks === 1 ? "disk" : "disks"}`] : []),
    ...(productCodes.length > 0 ? ["product code"] : []),
  ];
}

export function sizeOf({ root }: FoundImage): number | undefined {
  return root.kind === "ebs" ? root.sizeGb : undefined;
}

/** `2014-05-01`; a hyphen, if EC2 tells none. */
export function dayOf(time: string | undefined): string {
  return time?.slice(0, 10) ?? "-";
}

export function reasonsOf(inspection: Inspection): Advice[] {
  return "reasons" in inspection ? inspection.reasons : [];
}

/** One remedy, and the images that it is for. */
export interface Remedy {
  verdict: Inspection["verdict"];
  /** Without what differs from one image to the next. */
  found: string;
  advice: string;
  imageIds: string[];
}

/** Those for most images first. */
export function remediesOf(fleet: Pick<Fleet, "places">): Remedy[] {
  const remedies = new Map<string, Remedy>();
  for (const { image } of rowsOf(fleet)) {
    const { verdict } = image.inspection;
    for (const reason of reasonsOf(image.inspection)) {
      const { found, advice } = common(reason, image);
      const key = JSON.stringify([verdict, found, advice]);
      const before = remedies.get(key)?.imageIds ?? [];
      remedies.set(key, { verdict, found, advice, imageIds: [...new Set([...before, image.imageId])] });
    }
  }
  return [...remedies.values()].sort((one, other) => other.imageIds.length - one.imageIds.length);
}

/** Ids, versions and numbers of bytes are each image's own: without them, the same reason has the same words. */
function common({ subject, found, advice }: Advice, { imageId, root }: FoundImage) {
  const own = [imageId, ...(root.kind === "ebs" ? [root.snapshotId] : [])];
  const without = (text: string) => own.reduce((words, id) => words.replaceAll(id, "…"), text);
  const about = own.includes(subject) ? "" : `${without(subject)}: `;
  return { found: `${about}${without(found)}`, advice: without(advice) };
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** `12 images (5 in use, 310 GiB), 3 paravirtual instances (2 running)` */
export function totalOf(fleet: Pick<Fleet, "places">): string {
  const rows = rowsOf(fleet);
  const instances = instanceRowsOf(fleet);
  const used = rows.filter(({ image }) => useOf(image) > 0).length;
  const gib = rows.reduce((sum, { image }) => sum + (sizeOf(image) ?? 0), 0);
  const running = instances.filter(({ instance }) => instance.state === "running").length;
  return `${counted(rows.length, "paravirtual image")} (${used} in use, ${gib} GiB), ${counted(instances.length, "paravirtual instance")} (${running} running)`;
}

/** How many images have come how far, and what their inspections say: `3 found`, `2 convertible`. */
export function countsOf(fleet: Pick<Fleet, "places">): {
  stages: [string, number][];
  verdicts: [string, number][];
} {
  const images = rowsOf(fleet).map(({ image }) => image);
  return {
    stages: tally(
      images.map(({ stage }) => stage),
      STAGES,
    ),
    verdicts: tally(
      images.map(({ inspection }) => inspection.verdict),
      VERDICTS,
    ),
  };
}

export const STAGES: FoundImage["stage"][] = [
  "found",
  "inspected",
  "converted",
  "launched",
  "in use",
  "done",
];
export const VERDICTS: Inspection["verdict"][] = [
  ...([
    "convertible",
    "convertible for Xen types alone",
    "refused",
    "not readable",
    "not inspected",
  ] as const),
];

function tally(words: string[], order: string[]): [string, number][] {
  return order.flatMap((word): [string, number][] => {
    const number = words.filter((each) => each === word).length;
    return number === 0 ? [] : [[word, number]];
  });
}
