# --- why nothing is begun

# refuse_if_any SUMMARY
refuse_if_any() {
  has_notes problem || return 0
  finish REFUSED "$(notes_of problem | sed -n "1s/$US.*//p") $(notes_of problem | sed -n "1s/.*$US//p")"
}

# check_manager - known, and free.
check_manager() {
  local busy broken
  case "$PACKAGE_MANAGER" in
    '') problem "no package manager that is known here (apt-get, yum, dnf, zypper)." "one of them, to install $(what_is_wanted)." "Install it by hand, then run this again." ;;
    emerge) problem "the package manager is emerge." "one that installs kernels ready made." "Gentoo builds its kernel from its owner's configuration: set CONFIG_XEN_PVHVM, CONFIG_BLK_DEV_NVME and CONFIG_ENA_ETHERNET, build and install it." ;;
    pacman) problem "the package manager is pacman." "one that can add a package without renewing the whole system." "Run pacman -Syu with linux and grub, start the machine once, then run this again." ;;
  esac
  refuse_if_any
  busy=$(manager busy) && problem "$PACKAGE_MANAGER is at work already${busy:+ (process $busy)}." "it alone." "Wait until it has ended, then run this again."
  refuse_if_any
  is_unfinished || { broken=$(manager broken) && [ -n "$broken" ] && problem "$broken." "packages that are whole." "$(manager repair_hint)"; }
  refuse_if_any
}

# what_is_wanted - `GRUB and a kernel`.
what_is_wanted() {
  in_words "$(notes_of want | awk 'BEGIN { FS = "\037"; name["grub"] = "GRUB"; name["kernel"] = "kernel"; name["initramfs"] = name["generator"] = "initramfs"; name["entry"] = "entry" }
    !seen[$1]++ { printf "%s ", name[$1] }')"
}

# check_writable - after an error the kernel makes a filesystem read-only. By its own list: the test of some shells (busybox) goes by the
# file's mode alone.
check_writable() {
  local folder
  for folder in / /boot /usr /var; do
    ! is_read_only "$folder" ||
      problem "$folder is on a filesystem that is mounted read-only." "one that can be written." "See in the kernel's messages (dmesg) why, mend it, mount it rw, then run this again."
  done
  refuse_if_any
}

# is_read_only FOLDER - of what is mounted at one place the last counts.
is_read_only() {
  [ -d "$1" ] && [ -r /proc/mounts ] &&
    awk -v point="$(mount_point "$1")" '$2 == point { ro = ("," $4 ",") ~ /,ro,/ } END { exit !ro }' /proc/mounts
}

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

needed_for_packages() {
  local mb=""
  [ -z "$1" ] || mb=$(manager needed_mb)
  if [ -z "$mb" ]; then
    mb=0
    [ -z "$1" ] || mb=$PACKAGE_MB
    ! wants_kind kernel || mb=$KERNEL_MB
  fi
  printf '%s\n' $((mb + RESERVE_MB + $(today_mb)))
}

# needed_in_boot - an initramfs that is rebuilt may be twice as large as the old one, and lies beside it.
needed_in_boot() {
  local mb=0 image size
  for image in $(notes_of want | awk 'BEGIN { FS = "\037" } $1 == "initramfs" { print $2 }'); do
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

# wants_kind KIND
wants_kind() {
  has_notes "want$US$1"
}
