/** What speaks against a layout, or should be known of it. Pure. */
import type { Advice, DestinationPlan, DiskFacts, MountFacts, Options, PartFacts } from "../../types";
import { ENTRIES } from "./gpt";
import { formatBytes } from "../sizes";

const GIB = 2 ** 30;

/** Why the destination cannot be laid out so. */
export function refuseLayout(
  source: DiskFacts,
  root: MountFacts,
  options: Options,
  plan: DestinationPlan,
  destinationBytes?: number,
): Advice[] {
  return [
    ...refuseSize(source, plan, destinationBytes),
    ...refuseNumbers(source, plan),
    ...refuseVolumeGroup(source, root),
    ...refuseOtherDevices(root),
    ...refuseGrowth(root, options),
  ];
}

function refuseSize(
  source: DiskFacts,
  { minimumSizeBytes, layout }: DestinationPlan,
  destinationBytes: number | undefined,
): Advice[] {
  if (destinationBytes === undefined || destinationBytes >= minimumSizeBytes) return [];
  const why = `${formatBytes(source.sizeBytes)} of the source, and room for ${layout === "mbr" ? "the boot loader" : "boot loader and GPT"}`;
  const found = `has ${destinationBytes} bytes (${formatBytes(destinationBytes)}), ${minimumSizeBytes} are needed: ${why}.`;
  return [
    { subject: "destination", found, advice: `Make it ${Math.ceil(minimumSizeBytes / GIB)} GiB or larger.` },
  ];
}

function refuseNumbers(source: DiskFacts, { layout, partitions }: DestinationPlan): Advice[] {
  const subject = `source ${source.path}`;
  const advice = "Remove a partition that is not needed on a copy of the volume, and convert that.";
  const extended = partitions.filter(({ role }) => role === "extended");
  if (extended.length > 1) {
    return [{ subject, found: `has ${extended.length} extended partitions, a disk has one.`, advice }];
  }
  const beyond = partitions.filter(({ number }) => layout === "gpt" && number > ENTRIES);
  if (beyond.length === 0) return [];
  return [
    {
      subject,
      found: `its partitions leave no number of the ${ENTRIES} of a GPT for the boot loader's own.`,
      advice,
    },
  ];
}

/** The other disks of a group stay behind, and the copy would be one with a hole. */
function refuseVolumeGroup(source: DiskFacts, root: MountFacts): Advice[] {
  const part = source.parts.find(({ number }) => number === root.part);
  if (root.logicalVolume === undefined || part?.content.kind !== "lvm") return [];
  const { name, physicalVolumes } = part.content.volumeGroup;
  if (physicalVolumes === 1) return [];
  return [
    {
      subject: `volume group ${name}`,
      found: `has ${physicalVolumes} physical volumes, and only one disk is converted.`,
      advice: `Move everything to one (pvmove, then vgreduce ${name} and pvremove), and make the snapshot again.`,
    },
  ];
}

/** XFS can have its log and its data for real-time use on devices of their own. */
function refuseOtherDevices({ point, filesystem }: MountFacts): Advice[] {
  const external = filesystem.features.filter((name) => name === "external-log" || name === "realtime");
  if (filesystem.type !== "xfs" || external.length === 0) return [];
  const found = `its XFS filesystem has a device beside this one (${external.join(", ")}).`;
  const advice = "Copy its files to an XFS filesystem that has everything on one device, and convert that.";
  return [{ subject: point, found, advice }];
}

/** resize2fs calls it not fully tested, and does nothing. */
function refuseGrowth({ point, filesystem, logicalVolume }: MountFacts, { grow }: Options): Advice[] {
  if (!grow || logicalVolume !== undefined || !filesystem.features.includes("bigalloc")) return [];
  const found = "its ext4 filesystem has the feature bigalloc, with which resize2fs does not grow it.";
  return [{ subject: point, found, advice: "Leave --grow out." }];
}

/**
 * Why no boot file may lie on a logical volume: PV-GRUB cannot read one, and AWS asks for a boot partition outside of LVM
 * (EC2 user guide, user provided kernels), so such a guest never booted from it.
 */
export function refuseBootOnLogicalVolume(mounts: MountFacts[]): Advice[] {
  const boot = mounts.find(({ point }) => point === "/boot") ?? mounts.find(({ point }) => point === "/");
  if (boot?.logicalVolume === undefined) return [];
  return [
    {
      subject: "/boot",
      found: `lies on the logical volume ${boot.logicalVolume}, which PV-GRUB cannot read.`,
      advice: "Name the disk that this guest really boots from, or give it a /boot partition of its own.",
    },
  ];
}

/** What to know of a layout that can be made. */
export function warnOfLayout(
  source: DiskFacts,
  root: MountFacts,
  options: Options,
  plan: DestinationPlan,
): Advice[] {
  return [
    ...warnOfGpt(source, options, plan),
    ...warnOfGrowth(root, options, plan),
    ...warnOfGroups(source, root),
  ];
}

function warnOfGpt(source: DiskFacts, options: Options, plan: DestinationPlan): Advice[] {
  const changed = source.table === "mbr" && plan.layout === "gpt";
  const asked = options.layout === "gpt";
  if (plan.layout === "mbr" || (asked && !changed)) return [];
  const why = asked
    ? ""
    : source.table === "gpt"
      ? ": the source has one"
      : ": a master boot record ends at 2 TiB";
  const advice = changed
    ? "PARTUUIDs of the source's partitions mean nothing there: use UUID= or LABEL= in the guest's files."
    : "Nothing needs to be done: GRUB boots it in BIOS mode on every instance family.";
  return [{ subject: "--layout", found: `the destination gets a GPT${why}.`, advice }];
}

function warnOfGrowth(root: MountFacts, { grow }: Options, plan: DestinationPlan): Advice[] {
  if (!grow || root.logicalVolume === undefined) return [];
  const number = plan.partitions.find(({ from }) => from === root.part)?.number ?? root.part;
  return [
    {
      subject: "--grow",
      found: `the root is the logical volume ${root.logicalVolume}: partition ${number} grows, the volume in it does not.`,
      advice: `On the launched instance: pvresize on partition ${number}'s device, then lvextend -r -l +100%FREE ${root.logicalVolume}`,
    },
  ];
}

/** Groups that the root does not lie in come along as they are, whole or not. */
function warnOfGroups(source: DiskFacts, root: MountFacts): Advice[] {
  return source.parts.flatMap((part) => {
    const group = groupOf(part);
    if (!group || part.number === root.part || group.physicalVolumes === 1) return [];
    const found = `has ${group.physicalVolumes} physical volumes, of which partition ${part.number} is one.`;
    return [
      {
        subject: `volume group ${group.name}`,
        found,
        advice: "Attach its other disks to the launched instance.",
      },
    ];
  });
}

function groupOf({ content }: PartFacts) {
  return content.kind === "lvm" ? content.volumeGroup : undefined;
}
