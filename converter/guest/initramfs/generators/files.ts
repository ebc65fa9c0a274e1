/** The generators' own configuration, as far as its files are not always called the same. */
import { DRACUT_FOLDER } from "./dracut";
import { INITRAMFS_TOOLS_FOLDER } from "./initramfsTools";
import { PRESETS } from "./mkinitcpio";
import { CONFIGURATION } from "./mkinitrdRedHat";

/** Folders of which every file may be read, and some are edited. */
export const GENERATOR_FOLDERS = [DRACUT_FOLDER, INITRAMFS_TOOLS_FOLDER, PRESETS, CONFIGURATION];
