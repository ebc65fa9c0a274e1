/**
 * A volume group, read from its physical volume without activating anything: source and copy carry the same names and
 * UUIDs, and LVM on the helper must never see two. (Structures: LVM2's lib/format_text/layout.h and lib/label; little-endian.)
 */
import type { VolumeGroupFacts } from "../../types";
import { crc32Register } from "../table/crc32";
import { type LvmSection, parseLvmText } from "./lvmText";
import { volumeGroupOf } from "./lvmVolumes";
import type { ReadBytes } from "../extents";
import { SECTOR } from "../sizes";

/** LVM's checksums begin from a number of their own. */
const CHECKSUM_START = 0xf597a6cf;
/** The label lies in one of the first four sectors. */
const LABEL_SECTORS = 4;
const AREA_HEADER_BYTES = 512;
const AREA_MAGIC = " LVM2 x[5A%r0N*>";
/** LVM leaves an area out that it was told to (`vgchange --vgmetadatacopies`): what is in it is old. */
const IGNORED = 1;

interface Area {
  offset: number;
  size: number;
}

interface PhysicalVolume {
  /** Without the dashes in which LVM prints it. */
  uuid: string;
  metadataAreas: Area[];
}

/**
 * Reads the volume group of the physical volume that `read` reads, and which lies at `startBytes` of the disk. Undefined
 * where there is none, or no copy of its metadata is whole.
 */
export async function readVolumeGroup(
  read: ReadBytes,
  startBytes: number,
  sizeBytes: number,
): Promise<VolumeGroupFacts | undefined> {
  const physicalVolume = await readLabel(read);
  if (!physicalVolume) return undefined;
  const texts: LvmSection[] = [];
  for (const area of physicalVolume.metadataAreas) {
    const text = await readMetadata(read, area);
    const parsed = text === undefined ? undefined : parseLvmText(text);
    if (parsed) texts.push(parsed);
  }
  const newest = texts.sort((one, other) => sequenceOf(other) - sequenceOf(one))[0] as LvmSection | undefined;
  return newest && volumeGroupOf(newest, physicalVolume.uuid, startBytes, sizeBytes);
}

/** Finds the label and what it says of the physical volume. */
async function readLabel(read: ReadBytes): Promise<PhysicalVolume | undefined> {
  const sectors = await read(0, LABEL_SECTORS * SECTOR);
  if (!sectors) return undefined;
  const labels = Array.from({ length: LABEL_SECTORS }, (_, index) => index).map((index) => ({
    index,
    sector: sectors.subarray(index * SECTOR, (index + 1) * SECTOR),
  }));
  const label = labels.find(({ index, sector }) => isLabel(sector, index));
  return label && parsePhysicalVolume(label.sector);
}

function isLabel(sector: Buffer, index: number): boolean {
  return (
    sector.toString("latin1", 0, 8) === "LABELONE" &&
    sector.toString("latin1", 24, 32) === "LVM2 001" &&
    Number(sector.readBigUInt64LE(8)) === index &&
    crc32Register(sector.subarray(20), CHECKSUM_START) === sector.readUInt32LE(16)
  );
}

/** The header after the label: UUID, size, a list of data areas and one of metadata areas, each ended by a zero. */
function parsePhysicalVolume(sector: Buffer): PhysicalVolume {
  const at = sector.readUInt32LE(20);
  const areas = areasOf(sector.subarray(Math.min(at + 40, SECTOR)));
  const end = areas.findIndex((area) => area.offset === 0);
  const metadata = end < 0 ? [] : areas.slice(end + 1);
  const last = metadata.findIndex((area) => area.offset === 0);
  return {
    uuid: sector.toString("latin1", at, at + 32),
    metadataAreas: last < 0 ? metadata : metadata.slice(0, last),
  };
}

function areasOf(bytes: Buffer): Area[] {
  return Array.from({ length: Math.floor(bytes.length / 16) }, (_, index) => ({
    offset: Number(bytes.readBigUInt64LE(index * 16)),
    size: Number(bytes.readBigUInt64LE(index * 16 + 8)),
  }));
}

/** The text that an area's header points to: a ring, in which it may begin near the end and go on behind the header. */
async function readMetadata(read: ReadBytes, area: Area): Promise<string | undefined> {
  const header = await read(area.offset, AREA_HEADER_BYTES);
  if (!header || !isAreaHeader(header)) return undefined;
  const [offset, size] = [Number(header.readBigUInt64LE(40)), Number(header.readBigUInt64LE(48))];
  const ignored = (header.readUInt32LE(60) & IGNORED) !== 0;
  if (ignored || offset < AREA_HEADER_BYTES || offset >= area.size || size === 0) return undefined;
  if (size > area.size - AREA_HEADER_BYTES) return undefined;
  const beforeEnd = Math.min(size, area.size - offset);
  const first = await read(area.offset + offset, beforeEnd);
  const rest = await read(area.offset + AREA_HEADER_BYTES, size - beforeEnd);
  if (!first || !rest) return undefined;
  const text = Buffer.concat([first, rest]);
  if (crc32Register(text, CHECKSUM_START) !== header.readUInt32LE(56)) return undefined;
  return text.toString("utf8").replace(/\0+$/, "");
}

function isAreaHeader(header: Buffer): boolean {
  return (
    header.toString("latin1", 4, 20) === AREA_MAGIC &&
    crc32Register(header.subarray(4), CHECKSUM_START) === header.readUInt32LE(0)
  );
}

/** LVM counts a group's changes. The group is the one section of the text. */
function sequenceOf(text: LvmSection): number {
  const group = Object.values(text).find((value) => typeof value === "object" && !Array.isArray(value));
  return Number((group as LvmSection | undefined)?.seqno ?? 0);
}
