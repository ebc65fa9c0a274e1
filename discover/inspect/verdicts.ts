/** Verdicts that are kept by the snapshot's id: a snapshot never changes, so none is read twice by one version of the converter. */
import * as path from "node:path";
import { VERSION } from "../../converter/version";
import { readKept, writeKept } from "../kept";
import type { Fleet, FoundImage, Inspection } from "../types";

interface KeptVerdict {
  format: 1;
  /** When the snapshot was taken: a stand-in for EC2 may give one id to several. */
  takenAt?: string;
  inspection: Inspection;
}

/** The record, with the verdicts that earlier runs have kept. */
export async function withVerdicts(fleet: Fleet, cache: string): Promise<Fleet> {
  const places = await Promise.all(
    fleet.places.map(async (place) => ({
      ...place,
      images: await Promise.all(place.images.map((image) => withVerdict(image, cache))),
    })),
  );
  return { ...fleet, places };
}

async function withVerdict(image: FoundImage, cache: string): Promise<FoundImage> {
  const { root, inspection } = image;
  if (root.kind !== "ebs" || inspection.verdict !== "not inspected") return image;
  const kept = await readKept<KeptVerdict>(fileOf(cache, root.snapshotId));
  if (kept === undefined || kept.takenAt !== root.takenAt || !isOfThisVersion(kept)) return image;
  return { ...image, inspection: kept.inspection };
}

function isOfThisVersion({ inspection }: KeptVerdict): boolean {
  return "converter" in inspection && inspection.converter === VERSION;
}

/** Keeps what was decided by reading the snapshot. */
export async function keepVerdict(
  cache: string,
  { snapshotId, takenAt }: { snapshotId: string; takenAt?: string },
  inspection: Inspection,
): Promise<void> {
  const kept: KeptVerdict = { format: 1, takenAt, inspection };
  await writeKept(cache, fileOf(cache, snapshotId), kept);
}

function fileOf(cache: string, snapshotId: string): string {
  return path.join(cache, "inspections", `${snapshotId}.json`);
}
