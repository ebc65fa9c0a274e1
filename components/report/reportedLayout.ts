import type {
  Content,
  Facts,
  MountFacts,
  PartCopyPlan,
  PartFacts,
  PartitionPlan,
  Plan,
} from "../../converter/types";
import type { ReportedLayout } from "./reported";

const METHODS: Record<PartCopyPlan["method"], string> = {
  "used-blocks": "the blocks in use",
  replayed: "the blocks in use once its journal is replayed",
  "all-blocks": "every block",
  header: "its header",
};

/** Both disks and the copy in between; `undefined` where an earlier version inspected, which knew bare disks alone. */
export function reportedLayout(facts: Facts, { destination, copy }: Plan): ReportedLayout | undefined {
  const { source, mounts } = facts;
  // Records of such a version say nothing of parts, whatever the types say.
  if (!Array.isArray(source?.parts) || !Array.isArray(copy?.parts)) return undefined;
  const holds = new Map(copy.parts.map(({ part, what }) => [part, what]));
  return {
    source: {
      table: named(source.table, source.tableId),
      bytes: source.sizeBytes,
      parts: source.parts.flatMap((part) => sourceLines(part, mounts)),
    },
    destination: {
      table: named(destination.layout, destination.tableId),
      bytes: facts.destination?.sizeBytes ?? destination.minimumSizeBytes,
      parts: destination.partitions.map((partition) => destinationLine(partition, holds)),
    },
    copyBytes: copy.bytes,
    copies: copy.parts.map(({ what, bytes, method }) => `${what}: ${formatSize(bytes)}, ${METHODS[method]}`),
  };
}

function named(table: string, id: string | undefined): string {
  return id === undefined ? table : `${table} ${id}`;
}

function sourceLines({ number, sizeBytes, content }: PartFacts, mounts: MountFacts[]): string[] {
  const line = (name: string, bytes: number, held: Content, logicalVolume?: string) =>
    [`${name}: ${formatSize(bytes)}`, describe(held), ...mountPoint(mounts, number, logicalVolume)].join(
      ", ",
    );
  const volumes = content.kind === "lvm" ? content.volumeGroup.volumes : [];
  const group = content.kind === "lvm" ? content.volumeGroup.name : "";
  return [
    line(number === 0 ? "bare disk" : String(number), sizeBytes, content),
    ...volumes.map((volume) => {
      const name = `${group}/${volume.name}`;
      return line(name, volume.sizeBytes, volume.content, name);
    }),
  ];
}

function mountPoint(mounts: MountFacts[], part: number, logicalVolume: string | undefined): string[] {
  return mounts
    .filter((mount) => mount.part === part && mount.logicalVolume === logicalVolume)
    .map(({ point }) => point);
}

function describe(content: Content): string {
  switch (content.kind) {
    case "filesystem":
      return labelled(content.filesystem.type, content.filesystem.label);
    case "swap":
      return labelled("swap", content.label);
    case "lvm":
      return `volume group ${content.volumeGroup.name}`;
    case "extended":
      return "extended";
    case "unknown":
      return "nothing that is known";
    case "other":
      return labelled(content.type, content.label);
  }
}

function labelled(what: string, label: string | undefined): string {
  return label ? `${what} "${label}"` : what;
}

const MADE_ANEW: Record<Exclude<PartitionPlan["role"], "copy">, string> = {
  extended: "extended",
  "bios-boot": "BIOS boot partition",
  "efi-system": "EFI system partition, empty",
};

function destinationLine(
  { number, sizeBytes, role, from }: PartitionPlan,
  holds: Map<number, string>,
): string {
  const content =
    role === "copy" ? (holds.get(from ?? 0) ?? `partition ${from} of the source`) : MADE_ANEW[role];
  return `${number}: ${formatSize(sizeBytes)}, ${content}`;
}

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** `7.5 GiB`, `748 KiB`: in the largest unit of which there is one, with one decimal where it says more. */
export function formatSize(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round((bytes / 1024 ** power) * 10) / 10} ${UNITS[power]}`;
}
