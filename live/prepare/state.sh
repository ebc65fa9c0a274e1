# --- what a preparation keeps on the guest's disk

# The guest as it was before the first change, as long as the work is not finished: the next run of an interrupted one compares
# with that, and not with what it finds half-done.
STATE=/var/lib/pv-to-hvm/live
BEFORE=$STATE/before
LOG=

# is_unfinished - whether a preparation was interrupted here.
is_unfinished() {
  [ -d "$BEFORE" ]
}

# begin - keeps everything that may not change, and what will be compared for the report. Whole, or not there at all.
begin() {
  is_unfinished && return
  say "Keeping what boots today in $STATE"
  (umask 077 && mkdir -p "$STATE") && rm -rf "$BEFORE.new" && mkdir "$BEFORE.new" "$BEFORE.new/files" || fail_to_keep
  {
    menu_file >"$BEFORE.new/menu.path" && cp -p "$(menu_file)" "$BEFORE.new/menu" &&
      entry_commands "$(menu_file)" "$TODAY_ENTRY" >"$BEFORE.new/entry" &&
      keep_boot_file kernel "$TODAY_KERNEL" && keep_boot_file initrd "$TODAY_INITRD" && keep_module_names &&
      list_packages >"$BEFORE.new/packages" && keep_files && sync && mv "$BEFORE.new" "$BEFORE"
  } || fail_to_keep
  log_to_disk
}

# log_to_disk - what package managers say is kept with the guest once something is changed.
log_to_disk() {
  cat "$WORK/log" >>"$STATE/log" 2>/dev/null
  LOG=$STATE/log
}

fail_to_keep() {
  rm -rf "$BEFORE.new"
  problem "what boots today could not be kept in $STATE." "room for a copy of its kernel, initramfs and menu." "Make room there, then run it again."
  finish FAILED "what boots today could not be kept in $STATE, and nothing was changed."
}

# keep_boot_file NAME PATH - a copy, and where it belongs.
keep_boot_file() {
  [ -n "$2" ] || return 0
  printf '%s\n' "$2" >"$BEFORE.new/$1.path" && cp -p "$2" "$BEFORE.new/$1"
}

# tracked_files - what a preparation or a package's scripts may change of boot files and settings.
tracked_files() {
  cat "$BEFORE/menu.path" "$BEFORE.new/menu.path" 2>/dev/null
  printf '%s\n' /boot/grub/menu.lst /boot/grub/grub.conf /boot/grub/default /boot/grub/grub.cfg /etc/default/grub /etc/grub.d/40_custom \
    /etc/sysconfig/kernel /etc/sysconfig/bootloader /etc/initramfs-tools/modules /etc/initramfs-tools/initramfs.conf \
    /etc/initramfs-tools/conf.d/driver-policy /etc/dracut.conf /etc/dracut.conf.d/pv-to-hvm.conf /etc/sysconfig/mkinitrd/pv-to-hvm
  lifted_files
  [ ! -f /etc/sysconfig/mkinitrd ] || printf '/etc/sysconfig/mkinitrd\n'
}

keep_files() {
  local file
  for file in $(tracked_files); do
    [ -f "$file" ] || continue
    mkdir -p "$BEFORE.new/files${file%/*}" && cp -p "$file" "$BEFORE.new/files$file" || return 1
  done
}

# end_of_work - from here on a run has nothing to go on with.
end_of_work() {
  rm -rf "$BEFORE.done"
  mv "$BEFORE" "$BEFORE.done" && rm -rf "$BEFORE.done"
}
