# --- why nothing is begun

# refuse_if_any - where packages were mended before, that is in the report, and the next run begins anew.
refuse_if_any() {
  has_notes problem || return 0
  [ -z "$HAS_MENDED" ] || { note_changes && end_of_work; }
  finish REFUSED "$(notes_of problem | sed -n "1s/$US.*//p") $(notes_of problem | sed -n "1s/.*$US//p")"
}

# check_manager - known, and free.
check_manager() {
  local busy
  case "$PACKAGE_MANAGER" in
    '') problem "no package manager that is known here (apt-get, yum, dnf, zypper)." "one of them, to install $(what_is_wanted)." "Install it by hand, then run this again." ;;
    emerge) problem "the package manager is emerge." "one that installs kernels ready made." "Gentoo builds its kernel from its owner's configuration: set CONFIG_XEN_PVHVM, CONFIG_BLK_DEV_NVME and CONFIG_ENA_ETHERNET, build and install it." ;;
    pacman) problem "the package manager is pacman." "one that can add a package without renewing the whole system." "Run pacman -Syu with linux and grub, start the machine once, then run this again." ;;
  esac
  refuse_if_any
  busy=$(manager busy) && problem "$PACKAGE_MANAGER is at work already${busy:+ (process $busy)}." "it alone." "Wait until it has ended, then run this again."
  refuse_if_any
}

HAS_MENDED=

# mend_packages - what an earlier installation left half-done, ours or anybody's. Its scripts may write menus like any other's: what
# boots today is kept before.
mend_packages() {
  local broken
  broken=$(manager broken)
  [ -n "$broken" ] || return 0
  if manager can_mend; then
    is_unfinished || HAS_MENDED=yes
    begin
    repair_packages
    guard_today
    look_again
    broken=$(manager broken)
  fi
  [ -z "$broken" ] || problem "$broken." "packages that are whole." "$(manager repair_hint)"
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

# wants_kind KIND
wants_kind() {
  has_notes "want$US$1"
}
