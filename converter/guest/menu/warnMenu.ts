import type { Advice, BootEntryFacts, BootFileFacts, Facts } from "../../types";
import { chainLoads, isGrub2Script } from "./bootFile";
import type { GuestDevices } from "../devices";
import { writesLegacyMenu } from "../commandLine/grubScript";
import { words } from "../commandLine/words";
import { parseMenu } from "./menu";
import { splitDevice } from "./menuGrammar";
import type { Read } from "../planEdits";
import { GRUB_DEFAULTS, MENU_SCRIPT } from "./menuFiles";
import { isAsUcfWrote, isUnderUcf, UCF_RECORD } from "./ucfRecord";

/** What the menu, and what stands beside it, say that no edit mends. */
export function warnOfMenu(facts: Facts, _devices: GuestDevices, read: Read): Advice[] {
  const { bootFile } = facts.guest;
  return [
    ...warnFallback(bootFile),
    ...warnEntries(bootFile),
    ...warnTwins(bootFile, read),
    ...warnGrub2(bootFile, read),
    ...warnUcf(bootFile, read),
    ...warnPassword(bootFile, read),
    ...warnGenerator(facts, read),
  ];
}

/** The menu's first choice is gone, and PV-GRUB started another entry. */
function warnFallback({ path, defaultEntry, defaultWhy, entries }: BootFileFacts): Advice[] {
  if (!/, and fallback is |, past the last entry/.test(defaultWhy ?? "")) return [];
  return [
    {
      subject: path,
      found: `${defaultWhy}: entry ${defaultEntry} (${entries[defaultEntry].title}) boots.`,
      advice: "It becomes the default. Where another kernel is wanted, change the menu in the source.",
    },
  ];
}

/** Entries that nothing will start, or that something else than this program answers for. */
function warnEntries({ path, entries, defaultEntry }: BootFileFacts): Advice[] {
  return entries.flatMap((entry, index) => {
    const found = index === defaultEntry ? undefined : problemOf(entry);
    if (found === undefined) return [];
    const advice = "It stays as it is. Take it out of the menu where nobody needs it.";
    return [{ subject: path, found: `entry ${index} (${entry.title}): ${found}.`, advice }];
  });
}

function problemOf(entry: BootEntryFacts): string | undefined {
  if (entry.fault !== undefined) return entry.fault;
  if (chainLoads(entry)) return `it starts a second boot loader for Xen, ${entry.kernel}, which HVM cannot`;
  if (isHypervisor(entry))
    return `it starts the Xen hypervisor, ${entry.kernel}, with a kernel as its module`;
  return undefined;
}

/** Where its file is not there, its name says so: no other program than Linux and Xen is called `xen`. */
function isHypervisor({ kernel = "", otherSystem }: BootEntryFacts): boolean {
  return otherSystem !== undefined && /xen/i.test(`${kernel.split("/").at(-1)} ${otherSystem}`);
}

/** grubby writes grub.conf, and PV-GRUB read menu.lst: a tool that edits by renaming parts the two (inflatador/rs-pv2hvm). */
function warnTwins({ path, resolvedPath, twins = [] }: BootFileFacts, read: Read): Advice[] {
  return twins.map((twin) => ({
    subject: path,
    found: `${twin} is a menu too and ${read(twin) === read(resolvedPath) ? "another file with the same text" : "says something else"}; PV-GRUB reads ${path} alone, while grubby and new-kernel-pkg write their entries to grub.conf.`,
    advice: `Both are edited, and ${resolvedPath} goes on to decide. Make one a link to the other where kernel updates are to count.`,
  }));
}

/** Ubuntu and Debian images with grub-pc beside grub-legacy: HVM would read grub.cfg, PV-GRUB reads menu.lst (scylladb/scylladb#1598). */
function warnGrub2({ path, resolvedPath, entries, defaultEntry }: BootFileFacts, read: Read): Advice[] {
  const script = read("/boot/grub/grub.cfg");
  if (resolvedPath === "/boot/grub/grub.cfg" || script === undefined || !isGrub2Script(script)) return [];
  const differs = disagreements(
    script,
    entries[defaultEntry],
    feedsMenu(read) ? "" : (read(GRUB_DEFAULTS) ?? ""),
  );
  return [
    {
      subject: path,
      found: `GRUB 2's /boot/grub/grub.cfg stands beside it${differs.length > 0 ? `, and they disagree: ${differs.join("; ")}` : " and boots the same kernel"}.`,
      advice: `${path} decides, as it did under PV-GRUB. Options that are to count belong there; do not install GRUB 2 on the converted disk (grub-install).`,
    },
  ];
}

/** Whether `/etc/default/grub` says what stands in the menu in force. */
function feedsMenu(read: Read): boolean {
  return writesLegacyMenu(read(MENU_SCRIPT) ?? "");
}

function disagreements(script: string, entry: BootEntryFacts, defaults: string): string[] {
  const [, file, rest] = /^\s*linux(?:16|efi)?\s+(\S+)(.*)$/m.exec(script) ?? [];
  const named = (entry.kernel ?? "").split("/").at(-1);
  const kernel = file === undefined ? undefined : splitDevice(file).path.split("/").at(-1);
  const options = optionsOf(`${rest ?? ""} ${commandLines(defaults)}`);
  const lost = options.filter((option) => !entry.arguments.includes(option));
  return [
    ...(kernel !== undefined && kernel !== named ? [`it boots ${kernel}, the menu ${named}`] : []),
    ...(lost.length > 0 ? [`it has ${lost.join(" ")}, the menu has not`] : []),
  ];
}

function commandLines(defaults: string): string {
  const lines = [...defaults.matchAll(/^GRUB_CMDLINE_LINUX(?:_DEFAULT)?=(.*)$/gm)];
  return lines.map(([, value]) => value).join(" ");
}

/** Without what differs between the two by nature: the root, consoles, `ro` and GRUB's variables. */
function optionsOf(commandLine: string): string[] {
  const ownWords = /^(?:root=|console=|ro$|rw$|quiet$|splash$|BOOT_IMAGE=|\$)/;
  return [...new Set(words(commandLine).filter((word) => !ownWords.test(word)))];
}

/** ucf sees that somebody changed what it wrote, the owner before this program did. */
function warnUcf({ path, resolvedPath }: BootFileFacts, read: Read): Advice[] {
  const [record, menu] = [read(UCF_RECORD) ?? "", read(resolvedPath) ?? ""];
  if (!isUnderUcf(record) || isAsUcfWrote(record, menu)) return [];
  return [
    {
      subject: path,
      found:
        "its entries are not those that update-grub-legacy-ec2 wrote last: somebody changed them by hand.",
      advice:
        "The next kernel update asks what to do (and keeps the old entries where it cannot ask): let it write new ones, since its settings are converted too.",
    },
  ];
}

/** GRUB legacy asks for a password before a menu is edited; GRUB 2 before it starts any entry but the last (legacy_configfile). */
function warnPassword({ path, resolvedPath }: BootFileFacts, read: Read): Advice[] {
  if (!parseMenu(read(resolvedPath) ?? "").hasPassword) return [];
  return [
    {
      subject: path,
      found: "it has a password, for which GRUB 2 would ask before it starts an entry.",
      advice:
        "The password and its locks are left out. Whoever may use EC2's serial console can edit the menu: allow that to administrators alone.",
    },
  ];
}

/** What a generator writes above what it made. */
const SAYS_GENERATED =
  /^[ \t]*#.*\b(?:auto(?:matically|-)?[ -]?generated|generated by|do not (?:edit|modify|change)|created by)\b/im;

/** update-grub's block, grubby's and anaconda's notes, YaST's: what they write anew is edited with the menu. */
const KNOWN_GENERATORS =
  /### BEGIN AUTOMAGIC KERNELS LIST|generated by anaconda|YaST2|^# kernel and initrd paths are relative|DO NOT UNCOMMENT THEM|created by imagebuilder/m;

/** A menu that a program writes of which nothing is known here: it would write the old one again. */
function warnGenerator({ guest }: Facts, read: Read): Advice[] {
  const { path, resolvedPath } = guest.bootFile;
  const text = read(resolvedPath) ?? "";
  const said = SAYS_GENERATED.exec(text)?.[0].trim();
  if (said === undefined || KNOWN_GENERATORS.test(text) || feedsMenu(read)) return [];
  return [
    {
      subject: path,
      found: `it says that a program writes it ("${said}"), and no program that is known here is in the guest.`,
      advice:
        "The menu is converted, and the next run of that program may write the old one again. Change its settings in the guest after the conversion: the partition (hd0,0), root= by UUID, console=ttyS0.",
    },
  ];
}
