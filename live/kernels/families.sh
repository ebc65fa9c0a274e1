# --- which kernel a conversion would boot, and what it lacks

# disk_driver FAMILY, network_driver FAMILY - what a kernel must have there: the disk's before the root is mounted.
disk_driver() { case "$1" in xen) printf xen-blkfront ;; nitro) printf nvme ;; esac; }
network_driver() { case "$1" in xen) printf xen-netfront ;; nitro) printf ena ;; esac; }

# drivers_at WHERE IMAGE DRIVER... - those of the drivers that are there, on one line.
drivers_at() {
  local where="$1" image="$2"
  shift 2
  awk -v where="$where" -v image="$image" -v drivers="$*" '
    BEGIN { FS = "\037"; count = split(drivers, driver, " ") }
    $1 == "driver" && $2 == image { place[$3] = $4 }
    END {
      for (i = 1; i <= count; i++) if (place[driver[i]] == where) list = list " " driver[i]
      print substr(list, 2)
    }' "$WORK/notes"
}

# kernel_field IMAGE FIELD - 1 version, 3 initrd, 4 boots as HVM.
kernel_field() {
  awk -v image="$1" -v field="$2" 'BEGIN { FS = "\037" } $1 == "kernel" && $3 == image { print $(field + 1); exit }' "$WORK/notes"
}

# hvm_kernels - the images of those that boot as HVM, the menu's first.
hvm_kernels() {
  awk 'BEGIN { FS = "\037" } $1 == "kernel" && $5 == "yes" { print $3 }' "$WORK/notes"
}

# first_capable - of the images that it reads, the first with all drivers of the wanted families. It reads them all: who writes
# to a pipe that nobody reads any more complains of it.
first_capable() {
  local image found=""
  while read -r image; do
    [ -n "$found" ] || [ -n "$(lacked_drivers "$image")" ] || found=$image
  done
  [ -z "$found" ] || printf '%s\n' "$found"
}

# lacked_drivers IMAGE - the drivers of the wanted families that the kernel has in no form.
lacked_drivers() {
  local family drivers=""
  for family in $FAMILIES; do
    drivers="$drivers $(disk_driver "$family") $(network_driver "$family")"
  done
  # shellcheck disable=SC2086 # one word a driver
  drivers_at missing "$1" $drivers
}

# late_drivers IMAGE - what is there as a module and not in its initramfs, although the root may need it: the families' disks,
# and the device by which a kernel finds Xen's bus as HVM.
late_drivers() {
  local family drivers=""
  for family in $FAMILIES; do
    [ "$family" = nitro ] || drivers="$drivers xen-platform-pci"
    drivers="$drivers $(disk_driver "$family")"
  done
  # shellcheck disable=SC2086 # one word a driver
  drivers_at module "$1" $drivers
}

BOOT_KERNEL=

# choose_boot_kernel - sets BOOT_KERNEL to the kernel that a conversion makes the default: today's where it boots as HVM with all
# drivers of the wanted families, else that of the menu's first entry that does, none for recovery. Where there is none, the first
# that boots as HVM at all, today's before all others and recovery's last. Empty: none does.
choose_boot_kernel() {
  BOOT_KERNEL=$(entry_kernels | hvm_among | first_capable)
  [ -n "$BOOT_KERNEL" ] || BOOT_KERNEL=$({ entry_kernels && entry_kernels recovery; } | hvm_among | sed -n 1p)
}

# hvm_among - of the images that it reads, those that boot as HVM.
hvm_among() {
  local image
  while read -r image; do
    [ "$(kernel_field "$image" 4)" != yes ] || printf '%s\n' "$image"
  done
}

# entry_kernels [recovery] - today's kernel and those of the entries that can be started, but for recovery; or those for recovery. By
# title alone: a kernel that is in such an entry and in no other is rare, and its arguments are the conversion's to judge.
entry_kernels() {
  [ -n "${1:-}" ] || printf '%s\n' "$TODAY_KERNEL"
  awk -v recovery="${1:+1}" 'BEGIN { FS = "\037" }
    $4 == "" && $2 != "" && (tolower($5) ~ /recovery|rescue|single/) == (recovery + 0) { print $2 }' "$WORK/entries"
}
