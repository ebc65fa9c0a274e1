import { dracut } from "./dracut";
import type { Generator, InitramfsTool } from "./generator";
import { initramfsTools } from "./initramfsTools";
import { mkinitcpio } from "./mkinitcpio";
import { mkinitrdRedHat } from "./mkinitrdRedHat";
import { mkinitrdSuse } from "./mkinitrdSuse";

/** Every generator by the name that `GuestFacts` has for it. */
export const GENERATORS: Record<InitramfsTool, Generator> = {
  "update-initramfs": initramfsTools,
  dracut,
  mkinitrd: mkinitrdRedHat,
  "mkinitrd-suse": mkinitrdSuse,
  mkinitcpio,
};

export { type Build, type Configured, type Generator, type InitramfsTool, type Target } from "./generator";
