/** What counts as an entry, and what its commands do. */
import { AT_ONCE, entry, type Row, TWO } from "./row";

const made = (lines: string, title = "A") => `${AT_ONCE}title ${title}\n${lines}`;
const kernelAnd = (lines: string) =>
  `${made("root (hd0)\nkernel K1 root=LABEL=root\ninitrd I1\n")}${lines}${entry(2)}`;
const DEFAULT_FILE = { "/boot/grub/default": `0\n${"#\n".repeat(20)}` };
const OTHER = { "/boot/grub/other.lst": `${AT_ONCE}${entry(3)}` };

/** The configuration of a kernel that needs no initramfs. */
const BUILT_IN = ["XEN_PVHVM", "XEN_NETDEV_FRONTEND", "XEN_BLKDEV_FRONTEND", "ATA_PIIX", "BLK_DEV_SD"]
  .concat("EXT2_FS", "EXT3_FS", "EXT4_FS", "CRYPTO_CRC32C", "CRYPTO_CRC32C_INTEL", "XFS_FS", "LIBCRC32C")
  .map((name) => `CONFIG_${name}=y\n`)
  .join("");

export const ENTRIES: Row[] = [
  { what: "a title without commands", menu: `default 1\n${AT_ONCE}title ----\n${TWO}`, starts: "K2" },
  {
    what: "titles without commands between entries",
    menu: `default 2\n${AT_ONCE}title a\ntitle b\n${entry(1)}title c\n${entry(2)}title d\n${entry(3)}`,
    starts: "K3",
  },
  {
    what: "a title with comments alone",
    menu: `default 1\n${AT_ONCE}title x\n# root (hd0)\n\n${TWO}`,
    starts: "K2",
  },
  {
    what: "a title with unknown commands alone",
    menu: `default 1\n${AT_ONCE}title x\nnonsense\n${TWO}`,
    starts: "K2",
  },
  {
    what: "a title without commands at the end, and the default past it",
    menu: `default 2\n${AT_ONCE}${TWO}title end\n`,
    starts: "K1",
  },
  {
    what: "a title without commands before a fallback",
    menu: `default 9\nfallback 1\n${AT_ONCE}title ----\n${TWO}`,
    starts: "K2",
  },
  {
    what: "a title without commands and a saved default",
    menu: `default saved\n${AT_ONCE}title ----\n${TWO}`,
    files: { "/boot/grub/default": "1\n" },
    starts: "K2",
  },
  {
    what: "a title of no text",
    menu: `default 1\n${AT_ONCE}title\nroot (hd0)\nkernel K1\ninitrd I1\n${entry(2)}`,
    starts: "K2",
  },
  {
    what: "two titles of the same text",
    menu: `default 1\n${AT_ONCE}${entry(1, { title: "Linux" })}${entry(2, { title: "Linux" })}`,
    starts: "K2",
  },
  {
    what: "a title that says (hd0)",
    menu: `${AT_ONCE}${entry(1, { title: "Linux on (hd0)" })}`,
    starts: "K1",
  },
  {
    what: "titles with characters of a shell",
    menu: `default 1\n${AT_ONCE}${entry(1, { title: `'a' "b" $c {d} ; e` })}${entry(2, { title: "it's $(2) `x` >1" })}`,
    starts: "K2",
  },
  {
    what: "an old entry commented out",
    menu: `${AT_ONCE}#title old\n#root (hd0)\n#kernel K2\n${entry(1)}`,
    starts: "K1",
  },
  {
    what: "an entry that hands over to another boot loader behind the default",
    menu: `${AT_ONCE}${entry(1)}title other\nrootnoverify (hd0)\nchainloader (hd0)+1\n`,
    starts: "K1",
  },
  {
    what: "the device in the files' names",
    menu: made("kernel (hd0)K1 root=LABEL=root\ninitrd (hd0)I1\n"),
    starts: "K1",
  },
  { what: "root twice", menu: made("root (hd0)\nroot (hd0)\nkernel K1\ninitrd I1\n"), starts: "K1" },
  { what: "rootnoverify", menu: made("rootnoverify (hd0)\nkernel K1\ninitrd I1\n"), starts: "K1" },
  {
    what: "no initrd",
    menu: made("root (hd0)\nkernel K1 root=LABEL=root\n"),
    files: { "/boot/config-3.2.0-1-amd64": BUILT_IN },
    starts: "K1",
  },
  {
    what: "no initrd, for a kernel that finds its disk by modules",
    menu: made("root (hd0)\nkernel K1 root=LABEL=root\n"),
    starts: "K1",
    then: "refused",
  },
  {
    what: "two files after initrd",
    menu: made("root (hd0)\nkernel K1 root=LABEL=root\ninitrd I1 I2\n"),
    starts: "K1",
  },
  {
    what: "two kernels in an entry",
    menu: made("root (hd0)\nkernel K1\nkernel K2 root=LABEL=root\ninitrd I2\n"),
    starts: "K2",
  },
  {
    what: "two kernels in an entry, each with its initrd",
    menu: made("root (hd0)\nkernel K1\ninitrd I1\nkernel K2\ninitrd I2\n"),
    starts: "K2",
  },
  {
    what: "a module for Linux",
    menu: made("root (hd0)\nkernel K1 root=LABEL=root\ninitrd I1\nmodule I2\n"),
    starts: "K1",
  },
  {
    what: "kernel with GRUB's own options",
    menu: made("root (hd0)\nkernel --no-mem-option --type=biglinux K1 root=LABEL=root\ninitrd I1\n"),
    starts: "K1",
  },
  {
    what: "links to kernel and initramfs",
    menu: made("root (hd0)\nkernel /vmlinuz root=LABEL=root\ninitrd /initrd.img\n"),
    files: {
      "/vmlinuz": { link: "boot/vmlinuz-3.2.0-1-amd64" },
      "/initrd.img": { link: "/boot/initrd.img-3.2.0-1-amd64" },
    },
    starts: "K1",
  },
  {
    what: "paths with two slashes and dots",
    menu: made(
      "root (hd0)\nkernel //boot/./vmlinuz-3.2.0-1-amd64\ninitrd /boot/../boot/initrd.img-3.2.0-1-amd64\n",
    ),
    starts: "K1",
  },
  {
    what: "quotes in the command line",
    menu: made('root (hd0)\nkernel K1 "root=LABEL=root" ro\ninitrd I1\n'),
    starts: "K1",
  },
  { what: "boot at the end", menu: kernelAnd("").replace("initrd I1\n", "initrd I1\nboot\n"), starts: "K1" },
  {
    what: "boot before the initrd",
    menu: made("root (hd0)\nkernel K1 root=LABEL=root\nboot\ninitrd I1\n"),
    starts: "K1",
  },
  { what: "lock without a password", menu: made(`lock\nroot (hd0)\nkernel K1\ninitrd I1\n`), starts: "K1" },
  {
    what: "lock without a password behind the kernel",
    menu: made(`root (hd0)\nkernel K1\nlock\ninitrd I1\n`),
    starts: "K1",
  },
  {
    what: "lock and a password",
    menu: `password secret\n${made("lock\nroot (hd0)\nkernel K1\ninitrd I1\n")}${entry(2)}`,
    starts: "nothing",
  },
  { what: "a password, and no lock", menu: `default 1\npassword secret\n${AT_ONCE}${TWO}`, starts: "K2" },
  {
    what: "a password in MD5, and no lock",
    menu: `default 1\npassword --md5 $1$3uA$GbDbsaAm8HoqTHNlJDmGf1\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  {
    what: "a password inside the entry",
    menu: made("password secret\nroot (hd0)\nkernel K1\ninitrd I1\n"),
    starts: "nothing",
  },
  {
    what: "savedefault with its file",
    menu: made(`root (hd0)\nkernel K1 root=LABEL=root\ninitrd I1\nsavedefault\n`),
    files: DEFAULT_FILE,
    starts: "K1",
  },
  {
    what: "savedefault with its file, before the kernel",
    menu: made(`savedefault\nroot (hd0)\nkernel K1 root=LABEL=root\ninitrd I1\n`),
    files: DEFAULT_FILE,
    starts: "K1",
  },
  {
    what: "savedefault of a number",
    menu: `default saved\n${AT_ONCE}${entry(1, { more: "savedefault 1\n" })}${entry(2)}`,
    files: DEFAULT_FILE,
    starts: "K1",
  },
  { what: "savedefault without its file", menu: kernelAnd("savedefault\n"), starts: "nothing" },
  {
    what: "map, which concerns no Linux",
    menu: made("map (hd0) (hd1)\nmap (hd1) (hd0)\nroot (hd0)\nkernel K1\ninitrd I1\n"),
    starts: "K1",
  },
  {
    what: "pause, where no fallback has its turn",
    menu: `fallback 1\n${made("root (hd0)\npause press a key\nkernel K1\ninitrd I1\n")}${entry(2)}`,
    starts: "nothing",
  },
  {
    what: "boot before the kernel",
    menu: `fallback 1\n${made("root (hd0)\nboot\nkernel K1\ninitrd I1\n")}${entry(2)}`,
    starts: "K2",
  },
  { what: "halt", menu: made("halt\n"), starts: "nothing" },
  {
    what: "configfile",
    menu: made("root (hd0)\nconfigfile /boot/grub/other.lst\n"),
    files: OTHER,
    starts: "K3",
    then: "refused",
  },
  {
    what: "configfile before the titles, where it is passed over",
    menu: `${AT_ONCE}configfile /boot/grub/other.lst\n${entry(2)}`,
    files: OTHER,
    starts: "K2",
  },
  {
    what: "a kernel before the titles, where it is passed over",
    menu: `root (hd0)\nkernel K2\n${AT_ONCE}${entry(1)}`,
    starts: "K1",
  },
  {
    what: "a kernel and boot before the titles",
    menu: `root (hd0)\nkernel K2\ninitrd I2\nboot\n${AT_ONCE}${entry(1)}`,
    starts: "K1",
  },
  {
    what: "a console before the titles",
    menu: `serial --unit=0 --speed=115200\nterminal --dumb serial\ndefault 1\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  {
    what: "colours and pictures",
    menu: `color cyan/blue white/blue\nsplashimage=(hd0)/boot/grub/splash.xpm.gz\ngfxmenu (hd0)/boot/message\ndefault 1\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  {
    what: "a menu on a partition",
    menu: `default 1\n${AT_ONCE}${entry(1, { root: "(hd0,0)" })}${entry(2, { root: "(hd0,0)" })}`,
    lying: "partition",
    starts: "K2",
  },
  {
    what: "devices in files' names on a partition",
    menu: made("kernel (hd0,0)K1 root=LABEL=root\ninitrd (hd0,0)I1\n"),
    lying: "partition",
    starts: "K1",
  },
  {
    what: "another partition, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${entry(1, { root: "(hd0,1)" })}${entry(2, { root: "(hd0,0)" })}`,
    lying: "partition",
    starts: "K2",
  },
  {
    what: "the whole disk where the menu is on a partition, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${entry(1)}${entry(2, { root: "(hd0,0)" })}`,
    lying: "partition",
    starts: "K2",
  },
];
