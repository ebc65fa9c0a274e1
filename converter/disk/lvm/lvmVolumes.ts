/** Reads a volume group from LVM's metadata: where on the disk each logical volume lies. Pure. */
import type { ExtentFacts, LogicalVolumeFacts, VolumeGroupFacts } from "../../types";
import type { LvmSection } from "./lvmText";
import { SECTOR } from "../sizes";

/** The layout of the physical volume: byte positions are calculated from it. */
interface PvLayout {
  /** The physical volume's name in the metadata: `pv0`. */
  physicalVolume: string;
  /** Where the first extent begins, from the disk's start. */
  dataStartBytes: number;
  extentBytes: number;
  /** Where the partition ends on the disk. */
  endBytes: number;
}

/** Reads the group from its metadata. Undefined if no physical volume in it has that UUID. */
export function volumeGroupOf(
  text: LvmSection,
  uuid: string,
  startBytes: number,
  sizeBytes: number,
): VolumeGroupFacts | undefined {
  const [name, group] = sectionsOf(text)[0] ?? [];
  if (name === undefined || group === undefined) return undefined;
  const physical = sectionsOf(section(group, "physical_volumes"));
  const [physicalVolume, own] = physical.find(([, one]) => plain(one.id) === uuid) ?? [];
  if (physicalVolume === undefined || own === undefined) return undefined;
  const dataStartBytes = Number(own.pe_start) * SECTOR;
  const layout: PvLayout = {
    physicalVolume,
    dataStartBytes: startBytes + dataStartBytes,
    extentBytes: Number(group.extent_size) * SECTOR,
    endBytes: startBytes + sizeBytes,
  };
  const all = sectionsOf(section(group, "logical_volumes"));
  const snapshots = all.flatMap(([, volume]) =>
    segmentsOf(volume).flatMap(({ cow_store: store }) => store ?? []),
  );
  const volumes = all
    .filter(([, volume]) => isVisible(volume))
    .map(([called, volume]) => describe(called, volume, layout, snapshots.includes(called)));
  return { name, physicalVolumes: physical.length, dataStartBytes, volumes };
}

function describe(
  name: string,
  volume: LvmSection,
  ground: PvLayout,
  isSnapshot: boolean,
): LogicalVolumeFacts {
  const segments = segmentsOf(volume);
  const extents = segments.reduce((sum, segment) => sum + Number(segment.extent_count), 0);
  const kind = isSnapshot ? "snapshot" : kindOf(segments, ground);
  const facts: LogicalVolumeFacts = {
    name,
    sizeBytes: extents * ground.extentBytes,
    kind,
    content: { kind: "unknown" },
  };
  return kind === "linear"
    ? { ...facts, extents: merge(segments.map((one) => extentOf(one, ground))) }
    : facts;
}

/** `linear`, or the first reason why its bytes do not all lie in order on this disk. */
function kindOf(segments: LvmSection[], ground: PvLayout): string {
  if (segments.length === 0) return "empty";
  return (
    segments.map((segment) => kindOfSegment(segment, ground)).find((kind) => kind !== "linear") ?? "linear"
  );
}

function kindOfSegment(segment: LvmSection, ground: PvLayout): string {
  // A linear segment is a striped one with one stripe.
  if (segment.type !== "striped" && segment.type !== "linear") return String(segment.type);
  const { stripes } = segment;
  if (!Array.isArray(stripes) || stripes.length !== 2) return "striped";
  if (stripes[0] !== ground.physicalVolume) return "multi-disk";
  const { startBytes, sizeBytes } = extentOf(segment, ground);
  return startBytes + sizeBytes <= ground.endBytes ? "linear" : "truncated";
}

function extentOf(segment: LvmSection, { dataStartBytes, extentBytes }: PvLayout): ExtentFacts {
  const first = Number((segment.stripes as unknown[])[1]);
  return {
    startBytes: dataStartBytes + first * extentBytes,
    sizeBytes: Number(segment.extent_count) * extentBytes,
  };
}

/** Merges extents that follow each other on the disk. */
function merge(extents: ExtentFacts[]): ExtentFacts[] {
  const merged: ExtentFacts[] = [];
  for (const extent of extents) {
    const last = merged.at(-1);
    if (last && last.startBytes + last.sizeBytes === extent.startBytes) last.sizeBytes += extent.sizeBytes;
    else merged.push({ ...extent });
  }
  return merged;
}

/** Parts of mirrors, pools and the like are volumes too, but hidden ones. */
function isVisible(volume: LvmSection): boolean {
  return Array.isArray(volume.status) && volume.status.includes("VISIBLE");
}

/** In the volume's own order. */
function segmentsOf(volume: LvmSection): LvmSection[] {
  return sectionsOf(volume)
    .filter(([name]) => /^segment\d+$/.test(name))
    .map(([, segment]) => segment)
    .sort((one, other) => Number(one.start_extent) - Number(other.start_extent));
}

function section(parent: LvmSection, name: string): LvmSection {
  const value = parent[name];
  return isSection(value) ? value : {};
}

function sectionsOf(parent: LvmSection): [string, LvmSection][] {
  return Object.entries(parent).filter((entry): entry is [string, LvmSection] => isSection(entry[1]));
}

function isSection(value: LvmSection[string]): value is LvmSection {
  return typeof value === "object" && !Array.isArray(value);
}

function plain(id: LvmSection[string]): string | undefined {
  return typeof id === "string" ? id.replaceAll("-", "") : undefined;
}
