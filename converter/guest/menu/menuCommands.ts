/** The commands of a menu, by who takes them where (GRUB legacy: stage2/builtins.c and PV-GRUB's patches; GRUB 2: lib/legacy_parse.c). */

/** Settings: before the first entry alone. In an entry they are "Unrecognized command", and the entry ends there. */
const SETTINGS = ["default", "fallback", "hiddenmenu", "timeout"];

/** Those that GRUB legacy takes before the first entry and in one. */
const ANYWHERE = [
  ...["background", "bootp", "border", "color", "dhcp", "foreground", "hide", "ifconfig", "pager", "partnew"],
  ...["parttype", "password", "print", "rarp", "serial", "setkey", "shade", "splashimage", "terminal"],
  ...["terminfo", "tftpserver", "unhide", "viewport"],
];

/** Those that it passes over before the first entry. */
const IN_ENTRIES = [
  ...["blocklist", "boot", "cat", "chainloader", "clear", "cmp", "configfile", "debug", "displayapm"],
  ...["displaymem", "embed", "find", "fstest", "geometry", "halt", "help", "impsprobe", "initrd", "install"],
  ...[
    "ioprobe",
    "kernel",
    "lock",
    "makeactive",
    "map",
    "md5crypt",
    "module",
    "modulenounzip",
    "pause",
    "read",
  ],
  ...[
    "reboot",
    "root",
    "rootnoverify",
    "savedefault",
    "setup",
    "testload",
    "testvbe",
    "uppermem",
    "vbeprobe",
  ],
];

const KNOWN = new Set([...SETTINGS, ...ANYWHERE, ...IN_ENTRIES]);
const BEFORE_ENTRIES = new Set([...SETTINGS, ...ANYWHERE]);

/** Those that `legacy_configfile` turns into commands of GRUB 2, wherever they stand. It passes over all others. */
const KNOWN_TO_GRUB2 = new Set([
  ...["blocklist", "boot", "bootp", "cat", "chainloader", "clear", "cmp", "color", "configfile", "debug"],
  ...["default", "dhcp", "displayapm", "displaymem", "fallback", "find", "geometry", "halt", "hiddenmenu"],
  ...[
    "hide",
    "initrd",
    "kernel",
    "lock",
    "makeactive",
    "map",
    "module",
    "modulenounzip",
    "pager",
    "parttype",
  ],
  ...["password", "pause", "print", "read", "reboot", "root", "rootnoverify", "savedefault", "serial"],
  ...["terminal", "testload", "testvbe", "timeout", "title", "unhide", "uuid", "vbeprobe"],
]);

/** Whether a title with this command is an entry. PV-GRUB has neither Ubuntu's `uuid` and `quiet` nor SUSE's `gfxmenu`. */
export function makesEntry(name: string): boolean {
  return KNOWN.has(name);
}

/** Whether GRUB legacy does it before the first entry. */
export function countsBeforeEntries(name: string): boolean {
  return BEFORE_ENTRIES.has(name);
}

/** Whether it is a setting, which an entry cannot have. */
export function isSettingAlone(name: string): boolean {
  return SETTINGS.includes(name);
}

export function isKnownToGrub2(name: string): boolean {
  return KNOWN_TO_GRUB2.has(name);
}

/**
 * Commands that do nothing for Linux, and for which GRUB 2's core image on the converted disk has no module. An error of the last
 * command keeps GRUB 2 from starting the entry: Debian's update-grub writes `savedefault` as the last one.
 */
const WITHOUT_MODULE = new Set([
  ...[
    "blocklist",
    "cat",
    "clear",
    "cmp",
    "displayapm",
    "displaymem",
    "find",
    "geometry",
    "hide",
    "makeactive",
  ],
  ...["map", "parttype", "read", "savedefault", "testload", "testvbe", "unhide", "vbeprobe"],
]);

export function isWithoutModule(name: string): boolean {
  return WITHOUT_MODULE.has(name);
}
