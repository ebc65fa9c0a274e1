# --- the entries of the menu, with their files in the guest

# read_entries - writes $WORK/entries: number, kernel, initrd, fault, title and next menu of each, and $WORK/menu.
read_entries() {
  local kind device kernel initrd locked next start title number=0
  parse_menu "$(menu_file)" >"$WORK/menu"
  : >"$WORK/entries"
  while IFS=$US read -r kind device kernel initrd locked next start title; do
    [ "$kind" = entry ] || continue
    place_entry "$device" "$kernel" "$initrd"
    [ -n "$FAULT" ] || [ -z "$locked" ] || ! grep "^password$US" "$WORK/menu" >/dev/null || FAULT="it is locked by a password"
    printf '%s\n' "$number$US$KERNEL$US$INITRD$US$FAULT$US$title$US$next$US$start" >>"$WORK/entries"
    number=$((number + 1))
  done <"$WORK/menu"
}

# place_entry DEVICE KERNEL INITRD - sets KERNEL and INITRD to their places in the guest, and FAULT to why GRUB cannot start it.
place_entry() {
  local prefix file place
  KERNEL=$2 INITRD=$3 FAULT=
  [ -n "$2" ] || return 0
  prefix=$(prefix_of_device "$1") || { FAULT="$1 is not mounted in the guest" && return 0; }
  [ "$prefix" != - ] || prefix=
  for file in "$2" "$3"; do
    [ -n "$file" ] || continue
    case "$file" in
      /*) ;;
      *) FAULT=${FAULT:-"$file is not an absolute path, as GRUB legacy needs it"} && continue ;;
    esac
    # Links in a circle lead nowhere: the name itself is what is not there.
    place=$prefix$(resolve "$ROOT$prefix" "$file" || printf '%s' "$file")
    [ -e "$ROOT$place" ] || FAULT=${FAULT:-"$place is not there"}
    [ "$file" != "$2" ] || KERNEL=$place
    [ "$file" != "$3" ] || INITRD=$place
  done
}

# prefix_of_device DEVICE - where the guest mounts the filesystem that GRUB calls so, - for the root. `(hd0)` can mean nothing
# but the menu's own filesystem, and so does (hd0,0) on a bare disk.
prefix_of_device() {
  local part prefix wanted
  wanted=$(printf '%s\n' "$1" | sed -n 's/^(hd0,\([0-9]*\))$/\1/p')
  if [ -z "$1" ] || [ "$1" = "(hd0)" ] || [ "$MENU_PART" = 0 ] || [ "$((wanted + 1))" = "$MENU_PART" ]; then
    printf '%s\n' "${MENU_PREFIX:--}"
    return
  fi
  while read -r part prefix; do
    [ "$part" = "$((${wanted:-98} + 1))" ] && printf '%s\n' "${prefix:--}" && return
  done <"$WORK/filesystems"
  return 1
}

# entry_field NUMBER FIELD - of $WORK/entries, counted from 1.
entry_field() {
  awk -v number="$1" -v field="$2" 'BEGIN { FS = "\037" } $1 == number { print $field; exit }' "$WORK/entries"
}
