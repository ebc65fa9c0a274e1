# --- the program that makes an initramfs

GENERATOR=

# find_generator - sets GENERATOR: update-initramfs, dracut, mkinitrd (Red Hat 5's), mkinitrd-suse (SUSE's program of the same
# name) or mkinitcpio; leaves it empty where there is none. dracut comes first: it brings a mkinitrd of its own.
find_generator() {
  local script
  GENERATOR=
  if program_path update-initramfs >/dev/null; then GENERATOR=update-initramfs
  elif program_path dracut >/dev/null; then GENERATOR=dracut
  elif script=$(program_path mkinitrd); then
    script=$(host_path "$script")
    if [ -d "$ROOT/lib/mkinitrd" ] || grep INITRD_MODULES "$script" >/dev/null; then GENERATOR=mkinitrd-suse
    elif grep -E 'nash|--preload|scsi_hostadapter' "$script" >/dev/null; then GENERATOR=mkinitrd; fi
  elif program_path mkinitcpio >/dev/null; then GENERATOR=mkinitcpio
  fi
}
