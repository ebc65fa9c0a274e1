/** The guests that are converted and booted: a line each. */
import type { LayoutName } from "./layouts";
import type { MenuForm } from "./menus";
import type { NegativeName } from "./negatives";
import type { TreeName } from "./trees";
import type { UpdateName } from "./updates";
import type { Damage } from "./damages";

/** The disks of QEMU on which a guest is booted: as on Nitro, as a Xen HVM guest's BIOS sees it, and the third common one. */
export type Bus = "nvme" | "ide" | "sata";

/** How the guest's files name its devices: PV's names, those of the first AKIs, or what the filesystem itself carries. */
export type Naming = "xvda" | "sda" | "label" | "uuid";

export interface Guest {
  tree: TreeName;
  layout: LayoutName;
  menu: MenuForm;
  naming: Naming;
}

export interface Row extends Guest {
  name: string;
  /** `convert`'s own options. */
  options?: string[];
  /** What is done to the guest before it is converted. */
  damage?: Damage;
  /** Files written and synced while the image is taken. */
  dirty?: boolean;
  /** What the guest's own programs do after the conversion. */
  update?: UpdateName;
  /** A change of the conversion that is taken back. */
  leftOut?: NegativeName;
  /** `boots`: on these. `caught`: by the checker, or by the rehearsal, in these words. */
  expected: { boots: Bus[] } | { refused: RegExp } | { caught: "statically" | "rehearsal"; saying?: RegExp };
  /** Belongs to `npm test`, with one boot: from this disk. */
  part?: Bus;
}

const EVERYWHERE: Bus[] = ["nvme", "ide", "sata"];

/** The guest of the rows that leave a change out or take the image of a running machine. */
const PLAIN: Guest = { tree: "sysvinit", layout: "bare ext3", menu: "automagic", naming: "xvda" };

const boots = (
  name: string,
  tree: TreeName,
  layout: LayoutName,
  menu: MenuForm,
  naming: Naming,
  rest: Partial<Row> = {},
): Row => ({ name, tree, layout, menu, naming, expected: { boots: EVERYWHERE }, ...rest });

/** Nitro types start x86_64 images alone. */
const I386: Partial<Row> = { options: ["--for", "xen"], expected: { boots: ["ide", "sata"] } };

const GUESTS: Row[] = [
  boots("ext3", "sysvinit", "bare ext3", "automagic", "xvda"),
  boots("ext4", "systemd", "bare ext4", "automagic", "label"),
  boots("ext4 with new features", "systemd", "bare ext4-modern", "menu.lst", "uuid"),
  boots("xfs v4", "systemd", "bare xfs-v4", "menu.lst", "sda"),
  boots("xfs v5", "sysvinit", "bare xfs", "relative link", "label"),
  boots("i386", "i386", "bare ext3", "automagic", "sda", I386),
  boots("dracut", "dracut", "bare ext4", "hard link", "label"),
  boots("40_custom", "sysvinit", "bare ext4", "40_custom", "xvda"),
  boots("sector 63", "i386", "mbr at 63", "relative link", "label", I386),
  boots("sector 64", "sysvinit", "mbr at 64", "hard link", "xvda"),
  boots("sector 2048", "systemd", "mbr at 2048", "absolute link", "uuid"),
  boots("gpt", "systemd", "gpt", "menu.lst", "label"),
  boots("gpt, asked for", "sysvinit", "bare ext4", "menu.lst", "xvda", { options: ["--layout", "gpt"] }),
  boots("grown", "sysvinit", "bare xfs", "menu.lst", "label", { options: ["--grow"] }),
  boots("/boot", "systemd", "/boot ext2", "relative link", "xvda"),
  boots("/boot noauto", "sysvinit", "/boot noauto", "menu.lst", "sda"),
  boots("/boot, xfs root", "dracut", "/boot xfs root", "relative link", "uuid"),
  boots("/boot on gpt", "systemd", "gpt /boot", "menu.lst", "label"),
  boots("lvm", "systemd", "lvm", "relative link", "xvda", { part: "nvme" }),
  boots("lvm, dracut", "dracut", "lvm", "hard link", "label"),
  boots("lvm in two pieces", "systemd", "lvm in two pieces", "relative link", "xvda"),
  boots("logical", "sysvinit", "logical", "relative link", "xvda"),
  boots("swap and data", "sysvinit", "swap and data", "automagic", "xvda"),
  boots("root in the middle", "systemd", "root in the middle", "menu.lst", "xvda"),
];

const UPDATES: Row[] = [
  boots("update-grub", "sysvinit", "bare ext3", "automagic", "xvda", { update: "update-grub" }),
  boots("update-grub with /boot", "sysvinit", "/boot noauto", "automagic", "label", {
    update: "update-grub",
  }),
  boots("grub-mkconfig", "sysvinit", "bare ext4", "40_custom", "xvda", { update: "grub-mkconfig" }),
  boots("new initramfs", "systemd", "bare ext4", "menu.lst", "xvda", { update: "update-initramfs" }),
  // Nobody can tell what is in it, but the guest's own tool makes a new one.
  boots("initramfs cut short", "sysvinit", "bare ext3", "menu.lst", "xvda", { damage: "cut initramfs" }),
  boots("new dracut image", "dracut", "bare ext4", "relative link", "xvda", { update: "dracut" }),
];

const DIRTY: Row[] = [
  boots("dirty ext3", "sysvinit", "bare ext3", "automagic", "xvda", { dirty: true }),
  boots("dirty ext4", "sysvinit", "bare ext4", "automagic", "xvda", { dirty: true }),
  boots("dirty xfs", "sysvinit", "bare xfs", "menu.lst", "xvda", { dirty: true }),
];

const leftOut = (what: NegativeName, caught: "statically" | "rehearsal", saying?: RegExp): Row => ({
  ...PLAIN,
  name: `without ${what}`,
  leftOut: what,
  expected: { caught, saying },
});

const NEGATIVE: Row[] = [
  { ...leftOut("initramfs drivers", "rehearsal"), part: "nvme" },
  leftOut("root=", "rehearsal"),
  // The rehearsal finds it as well, but only when its time is up: nothing is heard of a guest that may be slow.
  leftOut("console=", "statically"),
  leftOut("hvc0 getty", "statically"),
  leftOut("fstab's /", "statically"),
  { ...leftOut("nofail", "rehearsal"), tree: "systemd" },
  leftOut("persistent-net rules", "rehearsal"),
  leftOut("(hd0,0)", "rehearsal"),
];

const refused = (name: string, guest: Partial<Row>, words: RegExp): Row => ({
  ...PLAIN,
  ...guest,
  name: `refused: ${name}`,
  expected: { refused: words },
});

const REFUSED: Row[] = [
  refused("i386 for Nitro", { tree: "i386" }, /Nitro types start x86_64/),
  refused("btrfs root", { layout: "bare btrfs" }, /btrfs/),
  refused("/boot in LVM", { tree: "systemd", layout: "lvm with /boot" }, /outside those partitions/),
  refused("no boot menu", { damage: "no menu" }, /menu\.lst/),
  refused("a menu of kernels that are gone", { damage: "no kernels" }, /vmlinuz/),
  refused("a kernel for PV alone", { damage: "PV-only kernel" }, /CONFIG_X86_64_XEN|PV/),
  refused("a circle of links", { damage: "circle of links" }, /menu\.lst|link/),
  refused("a damaged superblock", { damage: "damaged superblock" }, /filesystem|superblock/),
];

export const ROWS: Row[] = [...GUESTS, ...UPDATES, ...DIRTY, ...NEGATIVE, ...REFUSED];
