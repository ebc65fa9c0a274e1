# --- what boots today, and whether that can be converted

TODAY_KERNEL=
TODAY_INITRD=

# read_today - finds the menu, its entries and the default one; notes them and what is wrong with them. Fails where nothing
# of the disk says what boots.
read_today() {
  : >"$WORK/entries"
  : >"$WORK/filesystems"
  if ! find_menu; then
    note today "" "" "" "" ""
    problem "PV-GRUB would find no menu: $(what_lies_there)." \
      "/boot/grub/menu.lst, or /grub/menu.lst on a filesystem for /boot of its own." "$(way_to_menu)"
    return 1
  fi
  read_entries
  choose_entry
  TODAY_KERNEL=$(entry_field "$TODAY_ENTRY" 2)
  TODAY_INITRD=$(entry_field "$TODAY_ENTRY" 3)
  note today "$MENU" "$TODAY_KERNEL" "$TODAY_INITRD" "$TODAY_ENTRY" "$(entry_field "$TODAY_ENTRY" 5)" "$TODAY_WHY"
  judge_today
}

# what_lies_there - what a person would take for a menu.
what_lies_there() {
  if lacks_boot; then
    printf '/etc/fstab has a filesystem for /boot that is not mounted'
  elif [ -h "$ROOT/boot/grub/menu.lst" ]; then
    printf '/boot/grub/menu.lst is a link that leads to no file of its filesystem'
  elif has_file /boot/grub/grub.conf; then
    printf '/boot/grub/grub.conf is there, and no menu.lst leads to it'
  elif [ -d "$ROOT/boot/extlinux" ] || [ -f "$ROOT/ldlinux.sys" ]; then
    printf 'extlinux is installed, as in an HVM machine, which needs no conversion'
  else
    printf 'there is no menu.lst'
  fi
}

# lacks_boot - Gentoo's /boot is mounted only when a kernel is installed (noauto).
lacks_boot() {
  has_file /etc/fstab && ! has_own_boot && grep '^[^#[:space:]][^[:space:]]*[[:space:]][[:space:]]*/boot[[:space:]]' "$(host_path /etc/fstab)" >/dev/null
}

way_to_menu() {
  if lacks_boot; then printf 'Mount it (mount /boot), then run this again.\n'
  else printf 'Where a kernel image (AKI) other than pv-grub boots this machine, install a kernel and a menu.lst first.\n'; fi
}

# judge_today - notes why the entry that boots starts no Linux that is there.
judge_today() {
  local name fault next needed
  name="$MENU: entry $TODAY_ENTRY ($(entry_field "$TODAY_ENTRY" 5))"
  needed="an entry with a Linux kernel that is there, as the default."
  fault=$(entry_field "$TODAY_ENTRY" 4)
  next=$(entry_field "$TODAY_ENTRY" 6)
  if is_grub2_script "$(menu_file)"; then
    problem "$MENU is a script for GRUB 2, which PV-GRUB cannot read." "a menu for GRUB legacy." \
      "Check the machine's kernel image (AKI), and write a menu.lst for GRUB legacy."
  elif [ ! -s "$WORK/entries" ]; then
    problem "$MENU has no entry (title)." "$needed" "Add an entry for an installed kernel."
  elif [ -z "$TODAY_KERNEL" ]; then
    problem "$name has no kernel line${next:+, and hands over to $next}." "$needed" "Make an entry with a kernel the default."
  elif chain_loads "$TODAY_KERNEL"; then
    problem "$name starts a second boot loader, $TODAY_KERNEL." "$needed" \
      "Put an entry that names a kernel first, or migrate to a current HVM image of this system."
  elif ! is_linux_file "$TODAY_KERNEL"; then
    problem "$name starts $TODAY_KERNEL, which is $(system_in "$TODAY_KERNEL"). Only Linux is converted." "$needed" "Make an entry with a Linux kernel the default."
  elif [ -n "$fault" ]; then
    problem "$name cannot be started: $fault." "$needed" "Name a kernel of /boot in the menu."
  else
    return 0
  fi
  return 1
}

# note_boot_files - every menu and every boot loader's settings that are there, the one in force first.
note_boot_files() {
  local file
  [ -z "$MENU" ] || note bootFile "$MENU"
  for file in /boot/grub/menu.lst /boot/grub/grub.conf /etc/grub.conf /boot/grub/grub.cfg /boot/grub2/grub.cfg \
    /boot/grub/default /etc/default/grub /etc/grub.d/40_custom /etc/sysconfig/kernel /etc/sysconfig/bootloader; do
    [ "$file" = "$MENU" ] || ! has_file "$file" || note bootFile "$file"
  done
}
