import type { Advice, FileEdit, FilesystemFacts, GuestFacts } from "../types";
import { planConsoles } from "./consoles";
import { fileEdit, type Edited } from "./edit";
import type { Driver } from "./drivers";
import { editFstab, essentialMountsElsewhere, type FstabTarget } from "./fstab";
import { editGrubDefaults, editGrubScript, writesLegacyMenu } from "./grubDefaults";
import { planInitramfsTools } from "./initramfsTools";
import { editMenuLst, type MenuTarget } from "./menuLst";
import { planHardwareMemory } from "./network";

/** A file's text, or `undefined` where there is no such file. */
export type Read = (path: string) => string | undefined;

/** Everything that changes in the guest's files, each with its diff. `drivers`: what its initramfs must get. */
export function planEdits(
  guest: GuestFacts,
  filesystem: FilesystemFacts,
  drivers: Driver[],
  read: Read,
): FileEdit[] {
  const menu = menuTarget(guest, filesystem, read);
  return [
    ...editIfThere(guest.bootFile.resolvedPath, read, (text) => editMenuLst(text, menu)),
    ...planMenuGenerator(menu, read),
    ...editIfThere("/etc/fstab", read, (text) => editFstab(text, fstabTarget(guest, filesystem))),
    ...planConsoles(guest.files, read),
    ...planHardwareMemory(guest.files, read),
    ...(guest.initramfsTool === "update-initramfs" ? planInitramfsTools(drivers, read) : []),
  ];
}

/** What the guest's files say that no edit mends. */
export function warnOfFiles(guest: GuestFacts, filesystem: FilesystemFacts, read: Read): Advice[] {
  const target = fstabTarget(guest, filesystem);
  const fstab = read("/etc/fstab");
  return [...(fstab === undefined ? [NO_FSTAB] : warnMissingMounts(fstab, target)), ...warnUcf(guest, read)];
}

const NO_FSTAB: Advice = {
  subject: "/etc/fstab",
  found: "it cannot be read.",
  advice: "The root is then mounted as the kernel's command line says.",
};

function menuTarget(guest: GuestFacts, { uuid, label }: FilesystemFacts, read: Read): MenuTarget {
  const directory = guest.bootFile.path.replace(/\/[^/]*$/, "");
  return {
    rootUuid: uuid,
    rootLabel: label,
    oldInterfaceNames: guest.predictableNames && guest.networkByName.length > 0,
    savedEntry: Number.parseInt(read(`${directory}/default`) ?? "", 10) || 0,
  };
}

function fstabTarget(guest: GuestFacts, { uuid, label }: FilesystemFacts): FstabTarget {
  // mountall comes with upstart on Ubuntu; Red Hat 6's upstart mounts by mount(8).
  const mountall = guest.init === "upstart" && guest.packageManager === "dpkg";
  return { rootUuid: uuid, rootLabel: label, optional: mountall ? "nobootwait" : "nofail" };
}

/** Where update-grub writes the menu from a script of the image's builder (Debian 6 and 7), that script has to agree. */
function planMenuGenerator(target: MenuTarget, read: Read): FileEdit[] {
  const script = read("/etc/grub.d/40_custom");
  if (script === undefined || !writesLegacyMenu(script)) return [];
  const defaults = read("/etc/default/grub");
  return [
    ...editIfThere("/etc/grub.d/40_custom", read, (text) => editGrubScript(text, target, defaults)),
    ...editIfThere("/etc/default/grub", read, (text) => editGrubDefaults(text, target)),
  ];
}

function editIfThere(path: string, read: Read, edit: (text: string) => Edited): FileEdit[] {
  const text = read(path);
  const edited = text === undefined ? undefined : fileEdit(path, text, edit(text));
  return edited ? [edited] : [];
}

function warnMissingMounts(fstab: string, target: FstabTarget): Advice[] {
  return essentialMountsElsewhere(fstab, target).map(({ device, point }) => ({
    subject: "/etc/fstab",
    found: `${point} is on ${device}, another disk.`,
    advice:
      "The image will not carry it: attach it at launch, or move it to the root filesystem in the source.",
  }));
}

/** Ubuntu's update-menu-lst asks ucf, which compares with what it wrote last. */
function warnUcf({ bootFile }: GuestFacts, read: Read): Advice[] {
  if (!(read("/var/lib/ucf/hashfile") ?? "").includes(bootFile.path)) return [];
  return [
    {
      subject: bootFile.path,
      found: "ucf looks after it and will see that it was changed.",
      advice:
        "At the next kernel update keep the local version when it asks, or let it write a new one: its settings are converted too.",
    },
  ];
}
