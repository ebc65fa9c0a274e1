# --- which kernel a conversion would boot, and what it lacks

# disk_driver FAMILY, network_driver FAMILY - what a kernel must have there: the disk's before the root is mounted.
disk_driver() { case "$1" in xen) printf xen-blkfront ;; nitro) printf nvme ;; esac; }
network_driver() { case "$1" in xen) printf xen-netfront ;; nitro) printf ena ;; esac; }

# where_is IMAGE DRIVER
where_is() {
  notes_of driver | awk -v image="$1" -v driver="$2" 'BEGIN { FS = "\037" } $1 == image && $2 == driver { print $3; exit }'
}

# kernel_field IMAGE FIELD - 1 version, 3 initrd, 4 boots as HVM.
kernel_field() {
  notes_of kernel | awk -v image="$1" -v field="$2" 'BEGIN { FS = "\037" } $2 == image { print $field; exit }'
}

# hvm_kernels - the images of those that boot as HVM, the menu's first.
hvm_kernels() {
  notes_of kernel | awk 'BEGIN { FS = "\037" } $4 == "yes" { print $2 }'
}

# lacked_drivers IMAGE - the drivers of the wanted families that the kernel has in no form.
lacked_drivers() {
  local family driver list=""
  for family in $FAMILIES; do
    for driver in "$(disk_driver "$family")" "$(network_driver "$family")"; do
      [ "$(where_is "$1" "$driver")" != missing ] || list="$list $driver"
    done
  done
  printf '%s\n' "${list# }"
}

# late_drivers IMAGE - what is there as a module and not in its initramfs, although the root may need it: the families' disks,
# and the device by which a kernel finds Xen's bus as HVM.
late_drivers() {
  local family driver list=""
  for family in $FAMILIES; do
    for driver in $([ "$family" = nitro ] || printf 'xen-platform-pci ') $(disk_driver "$family"); do
      [ "$(where_is "$1" "$driver")" != module ] || list="$list $driver"
    done
  done
  printf '%s\n' "${list# }"
}

BOOT_KERNEL=

# choose_boot_kernel - sets BOOT_KERNEL to the kernel that a conversion makes the default: today's where it boots as HVM, else
# that of the menu's first entry that does, one for recovery only where there is no other. Empty: there is none.
choose_boot_kernel() {
  local image
  BOOT_KERNEL=
  [ "$(kernel_field "$TODAY_KERNEL" 4)" = yes ] && BOOT_KERNEL=$TODAY_KERNEL && return
  for image in $(entry_kernels); do
    [ "$(kernel_field "$image" 4)" = yes ] || continue
    BOOT_KERNEL=$image
    return
  done
}

# entry_kernels - the kernels of the entries that can be started, those for recovery last. By title alone: a kernel that is
# in such an entry and in no other is rare, and its arguments are the conversion's to judge.
entry_kernels() {
  awk 'BEGIN { FS = "\037" } $4 == "" && $2 != "" {
    if (tolower($5) ~ /recovery|rescue|single/) last = last $2 "\n"; else print $2
  } END { printf "%s", last }' "$WORK/entries"
}
