# --- the entries of the menu, with their files in the guest

# read_entries - writes $WORK/entries: number, kernel, initrd, fault, title, next menu, start and arguments of each, and $WORK/menu.
read_entries() {
  local kind kernel initrd earlier roots uuid locked saves next start failure arguments title number=0
  parse_menu "$(menu_file)" >"$WORK/menu"
  : >"$WORK/entries"
  while IFS=$US read -r kind kernel initrd earlier roots uuid locked saves next start failure arguments title; do
    [ "$kind" = entry ] || continue
    place_entry "$kernel" "$initrd" "$earlier" "$uuid" "$roots"
    [ -n "$FAULT" ] || [ -z "$locked" ] || ! grep "^password$US" "$WORK/menu" >/dev/null || FAULT="it is locked by a password"
    FAULT=${FAULT:-$failure}
    # shellcheck disable=SC2016
    [ -n "$FAULT" ] || [ -z "$saves" ] || [ -f "$(default_file)" ] || FAULT='its `savedefault` finds no file `default` beside the menu'
    printf '%s\n' "$number$US$KERNEL$US$INITRD$US$FAULT$US$title$US$next$US$start$US$arguments" >>"$WORK/entries"
    number=$((number + 1))
  done <"$WORK/menu"
}

# place_entry KERNEL INITRD EARLIER UUID ROOTS - sets KERNEL and INITRD to their places in the guest, and FAULT to why GRUB cannot
# start it. Each file has its GRUB device before it, if any; EARLIER are those that the kernel takes the place of, ROOTS the devices
# that are mounted.
place_entry() {
  local file
  KERNEL='' INITRD='' FAULT=''
  [ -n "$1" ] || return 0
  for file in $5; do FAULT=${FAULT:-$(fault_of_device "$file")}; done
  for file in $3; do place_file "$file" "$4"; done
  place_file "$1" "$4"
  KERNEL=$PLACE
  [ -n "$2" ] || return 0
  place_file "$2" "$4"
  INITRD=$PLACE
}

# place_file FILE UUID - sets PLACE, and FAULT if nothing is wrong yet.
place_file() {
  local device='' file="$1" prefix
  case "$1" in
    "("*")"*) device=${1%%")"*}")" file=${1#*")"} ;;
  esac
  PLACE=$file
  FAULT=${FAULT:-$(fault_of_device "$device")}
  if ! prefix=$(prefix_of "$device" "$2"); then
    FAULT=${FAULT:-"${device:-$2} is not mounted in the guest"}
    return
  fi
  [ "$prefix" != - ] || prefix=
  case "$file" in
    /*) ;;
    *) FAULT=${FAULT:-"$file is not an absolute path, as GRUB legacy needs it"} && return ;;
  esac
  # Links in a circle lead nowhere: the name itself is what is not there.
  PLACE=$prefix$(resolve "$ROOT$prefix" "$file" || printf '%s' "$file")
  [ -e "$ROOT$PLACE" ] || FAULT=${FAULT:-"$PLACE is not there"}
}

# fault_of_device DEVICE - why GRUB legacy cannot mount it; nothing where it may, or where none is named. Whether the disk has
# partitions is not always to be seen from inside, so (hd0) and (hd0,0) are left to the converter, which sees the disk.
fault_of_device() {
  case "$1" in
    "" | "(hd0)") ;;
    "(hd0,"*[!0-9]*")" | "(hd0,)") printf '%s is another disk\n' "$1" ;;
    "(hd0,"*")") ;;
    *) printf '%s is another disk\n' "$1" ;;
  esac
}

# prefix_of DEVICE UUID - where the guest mounts the filesystem that GRUB calls so, - for the root. On a bare disk every name is the
# menu's own filesystem.
prefix_of() {
  local part prefix wanted
  if [ -z "$1" ] && [ -n "$2" ]; then
    prefix_of_uuid "$2"
    return
  fi
  wanted=$(printf '%s\n' "$1" | sed -n 's/^(hd0,\([0-9]*\))$/\1/p')
  if [ -z "$1" ] || [ "$1" = "(hd0)" ] || [ "$MENU_PART" = 0 ] ||
    { [ -n "$wanted" ] && [ "$((wanted + 1))" = "$MENU_PART" ]; }; then
    printf '%s\n' "${MENU_PREFIX:--}"
    return
  fi
  while read -r part prefix; do
    [ "$part" = "$((${wanted:-98} + 1))" ] && printf '%s\n' "${prefix:--}" && return
  done <"$WORK/filesystems"
  return 1
}

# prefix_of_uuid UUID - the same for `uuid UUID` and `uuid LABEL=LABEL`. Where no filesystem says who it is, it is the menu's own.
prefix_of_uuid() {
  local part prefix wanted=$1 tag=UUID name known=
  case "$1" in LABEL=*) wanted=${1#LABEL=} tag=LABEL ;; esac
  while read -r part prefix; do
    name=$(blkid -s "$tag" -o value "$(device_of "${prefix:-/}")" 2>/dev/null)
    [ -z "$name" ] || known=1
    [ "$tag" = LABEL ] || { name=$(lower "$name") && wanted=$(lower "$wanted"); }
    [ "$name" = "$wanted" ] && printf '%s\n' "${prefix:--}" && return
  done <"$WORK/filesystems"
  [ -z "$known" ] && printf '%s\n' "${MENU_PREFIX:--}"
}

lower() {
  printf '%s\n' "$1" | tr '[:upper:]' '[:lower:]'
}

# entry_field NUMBER FIELD - of $WORK/entries, counted from 1.
entry_field() {
  awk -v number="$1" -v field="$2" 'BEGIN { FS = "\037" } $1 == number { print $field; exit }' "$WORK/entries"
}
