/**
 * Kernel modules for hardware and filesystems that no instance has, as dpkg's `path-exclude` patterns: 300 MB of the
 * 400 that Debian's kernel package unpacks.
 */
export const DRIVERS_OF_OTHER_MACHINES = [
  ...folders(
    "drivers",
    "gpu media infiniband staging iio usb hid hwmon mtd isdn bluetooth input/touchscreen target mmc memstick thunderbolt " +
      "platform comedi video power leds md edac crypto vfio pcmcia net/wireless net/usb net/can net/hamradio net/fddi scsi/[!sv]",
  ),
  ...folders(
    "drivers/net/ethernet",
    "mellanox chelsio qlogic broadcom cavium sfc netronome emulex marvell cisco",
  ),
  ...folders("fs", "btrfs ocfs2 gfs2 ceph nfs nfsd smb f2fs jfs reiserfs afs nilfs2 ubifs"),
  ...folders("net", "mac80211 bluetooth wireless can sctp tipc batman-adv netfilter"),
  "/lib/modules/*/kernel/sound/*",
  // A guest under TCG sees a processor that could virtualize; the modules only fail, noisily.
  "/lib/modules/*/kernel/arch/x86/kvm/*",
];

function folders(parent: string, names: string): string[] {
  return names.split(" ").map((name) => `/lib/modules/*/kernel/${parent}/${name}/*`);
}
