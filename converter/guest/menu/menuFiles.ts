/** What update-grub of Debian 6 and 7 writes the menu by: the image's builder put it in the place of Debian's own. */
export const MENU_SCRIPT = "/etc/grub.d/40_custom";

/** Where that script takes its command lines from. */
export const GRUB_DEFAULTS = "/etc/default/grub";
