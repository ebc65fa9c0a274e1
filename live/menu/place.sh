# --- which menu PV-GRUB reads

MENU=
# Where the guest mounts the filesystem that the menu lies on: empty for the root, or /boot.
MENU_PREFIX=
MENU_PART=0

# part_of DEVICE - its partition number; 0 for a filesystem on a bare disk, 99 for what PV-GRUB cannot read. A PV machine has
# /dev/xvda1 without an xvda: a disk by that name.
part_of() {
  local name="${1##*/}" folder
  case "$1" in /dev/mapper/* | /dev/dm-*) printf '99\n' && return ;; esac
  for folder in /sys/block/*/"$name"; do
    [ -d "$folder" ] && [ ! -d "/sys/block/$name" ] && printf '%s\n' "$name" | sed 's/^.*[^0-9]//' && return
  done
  printf '0\n'
}

# has_own_boot - whether /boot is a filesystem of its own.
has_own_boot() {
  [ -d "$ROOT/boot" ] && [ "$(mount_point /boot)" != "$(mount_point /)" ]
}

# boot_filesystems - `PART PREFIX` for each filesystem with a menu on it perhaps, in PV-GRUB's order. Beside a root no bare disk
# has a place for /boot: it is a partition.
boot_filesystems() {
  local part
  {
    printf '%s \n' "$(part_of "$(device_of /)")"
    if has_own_boot; then
      part=$(part_of "$(device_of /boot)")
      [ "$part" != 0 ] || part=1
      printf '%s /boot\n' "$part"
    fi
  } | sort -n
}

# find_menu - sets MENU (absolute in the guest, before its own links), MENU_PREFIX and MENU_PART. PV-GRUB looks at
# /boot/grub/menu.lst, on a partition then at /grub/menu.lst, on the bare disk and on the first four partitions (AWS's user
# guide, "Use your own Linux kernels"). It follows links on one filesystem alone.
find_menu() {
  local part prefix name
  boot_filesystems >"$WORK/filesystems"
  while read -r part prefix; do
    [ "$part" -le 4 ] || continue
    for name in /boot/grub/menu.lst /grub/menu.lst; do
      [ "$part$name" != 0/grub/menu.lst ] || continue
      is_on_view "$prefix" "$name" || continue
      MENU=$prefix$name
      MENU_PREFIX=$prefix
      MENU_PART=$part
      return 0
    done
  done <"$WORK/filesystems"
  return 1
}

# is_on_view PREFIX PATH - whether a filesystem mounted there has that file, by links of its own. What lies in the root's folder /boot is
# not to be seen where another filesystem is mounted on it.
is_on_view() {
  local path
  case "$1$2" in /boot/grub/*) [ -n "$1" ] || ! has_own_boot || return 1 ;; esac
  path=$(resolve "$ROOT$1" "$2") && [ -f "$ROOT$1$path" ]
}

# menu_file - where the menu lies for this program, after its links.
menu_file() {
  printf '%s%s%s\n' "$ROOT" "$MENU_PREFIX" "$(resolve "$ROOT$MENU_PREFIX" "${MENU#"$MENU_PREFIX"}")"
}
