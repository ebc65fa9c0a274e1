# --- room for what is to be installed and built, before anything is

# Room that is needed beside what the package manager reckons: for its log, the backups and its own work.
RESERVE_MB=50
# What is reckoned where it says nothing: a kernel with its modules, and anything else.
KERNEL_MB=300
PACKAGE_MB=40
# A new kernel, and its initramfs with every driver, twice: it is built beside itself.
BOOT_KERNEL_MB=110

# check_space PACKAGES - on the root and in /boot, which may be one filesystem.
check_space() {
  local root boot
  root=$(needed_for_packages "$1")
  boot=$(needed_in_boot)
  [ "$(mount_point /)" != "$(mount_point /boot)" ] || { root=$((root + boot)) && boot=0; }
  check_free / "$root"
  check_free /boot "$boot"
  refuse_if_any
}

# check_free PATH MB - where df tells nothing (in a root that is no mount point) the package manager has the last word.
check_free() {
  local free
  free=$(free_mb "$1")
  [ "${free:-$2}" -ge "$2" ] ||
    problem "$1: $free MiB free." "$2 MiB." "Remove what is not needed (old kernels, /var/cache, logs), then run this again."
}

# needed_for_packages PACKAGES - on the root, beside everything in /boot.
needed_for_packages() {
  local mb=0
  if [ -n "$1" ]; then
    mb=$(manager needed_mb)
    if [ -z "$mb" ]; then
      mb=$PACKAGE_MB
      ! wants_kind kernel || mb=$KERNEL_MB
    fi
  fi
  printf '%s\n' $((mb + RESERVE_MB + $(today_mb) + $(scratch_mb)))
}

# scratch_mb - generators gather an initramfs in /var/tmp or /tmp before they pack it, to a quarter of that: room for the largest. A new
# kernel's is reckoned as today's.
scratch_mb() {
  local image initrd size most=0
  for image in $(wanted_initramfs) $(! wants_kind kernel || printf '%s' "$TODAY_KERNEL"); do
    initrd=$(kernel_field "$image" 3)
    [ -f "$initrd" ] || continue
    size=$(size_of "$initrd")
    [ "$size" -le "$most" ] || most=$size
  done
  printf '%s\n' $((most * 4 / 1048576))
}

# wanted_initramfs - the kernels whose initramfs is made anew.
wanted_initramfs() {
  notes_of want | awk 'BEGIN { FS = "\037" } $1 == "initramfs" { print $2 }'
}

# needed_in_boot - an initramfs that is rebuilt may be twice as large as the old one, and lies beside it.
needed_in_boot() {
  local mb=0 image size
  for image in $(wanted_initramfs); do
    size=$(size_of "$(kernel_field "$image" 3)")
    mb=$((mb + size / 1048576 * 2 + 10))
  done
  ! wants_kind kernel || mb=$((mb + BOOT_KERNEL_MB))
  printf '%s\n' "$mb"
}

# today_mb - for the copies of what boots today.
today_mb() {
  local file bytes=0
  for file in "$TODAY_KERNEL" "$TODAY_INITRD"; do
    [ ! -f "$file" ] || bytes=$((bytes + $(size_of "$file")))
  done
  printf '%s\n' $((bytes / 1048576 + 1))
}
