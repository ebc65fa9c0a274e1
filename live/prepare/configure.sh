# --- the generators' own configuration

# configure_generator MODULES - as the conversion does it, so that one finds nothing more to do.
configure_generator() {
  [ -n "$1" ] || return 0
  case "$GENERATOR" in
    update-initramfs) name_modules "$1" && take_most_modules ;;
    dracut) configure_dracut "$1" ;;
    mkinitrd) configure_mkinitrd "$1" ;;
    mkinitrd-suse) configure_list /etc/sysconfig/kernel INITRD_MODULES "$1" ;;
    mkinitcpio) configure_list /etc/mkinitcpio.conf MODULES "$1" ;;
  esac
}

# new_words WORDS FILE - those that FILE, if there is one, does not name. Dashes and underscores are alike.
new_words() {
  local file="$2"
  [ -f "$file" ] || file=/dev/null
  printf '%s\n' "$1" | tr ' ' '\n' | awk '
    function key(word) { gsub(/-/, "_", word); return word }
    function learn(line,   word, count, i) {
      sub(/#.*/, "", line)
      gsub(/[^A-Za-z0-9_-]/, " ", line)
      count = split(line, word, " ")
      for (i = 1; i <= count; i++) known[key(word[i])] = 1
    }
    !asked { learn($0); next }
    $1 != "" && !(key($1) in known) { printf "%s%s", gap, $1; gap = " " }' "$file" asked=1 -
}

# name_modules MODULES - a line each in initramfs-tools' list.
name_modules() {
  local file=/etc/initramfs-tools/modules new
  new=$(new_words "$1" "$file")
  [ -n "$new" ] || return 0
  append_line "$file" "$(printf '%s\n' "$new" | tr ' ' '\n')" "$WORK/new"
  write_file "$file" "$WORK/new" "the initramfs of every kernel gets $(in_words "$new")"
}

# take_most_modules - MODULES=dep builds for this machine's hardware, which is not the one to come.
take_most_modules() {
  local file
  for file in /etc/initramfs-tools/initramfs.conf /etc/initramfs-tools/conf.d/*; do
    grep '^[[:space:]]*MODULES=["'\'']\{0,1\}dep' "$file" >/dev/null 2>&1 || continue
    sed 's/^\([[:space:]]*MODULES=\)["'\'']\{0,1\}dep["'\'']\{0,1\}/\1most/' "$file" >"$WORK/new"
    write_file "$file" "$WORK/new" "MODULES=dep → most: dep looks at this machine's hardware" || return 1
  done
}

# configure_dracut MODULES - a file of its own where this version reads a folder; Red Hat 6's first ones do not. With spaces at
# both ends: the shell joins what several files add.
configure_dracut() {
  local file=/etc/dracut.conf.d/pv-to-hvm.conf new
  grep dracut.conf.d "$(program_path dracut)" >/dev/null || file=/etc/dracut.conf
  new=$(new_words "$1" "$file")
  [ -n "$new" ] || return 0
  append_line "$file" "add_drivers+=\" $new \"" "$WORK/new"
  write_file "$file" "$WORK/new" "the initramfs of every kernel gets $(in_words "$new")"
}

# configure_mkinitrd MODULES - what the guest's own script reads: a file (6.0 and later), or every one of a folder that may be executed
# (Red Hat 5's 5.1.19.6, which reads no file of that name). Where it reads neither, the call alone names them.
configure_mkinitrd() {
  local file=/etc/sysconfig/mkinitrd script new
  script=$(program_path mkinitrd)
  if ! grep -E '(^|[[:space:];&])(\.|source)[[:space:]]+"?/etc/sysconfig/mkinitrd"?([[:space:];]|$)' "$script" >/dev/null; then
    grep -E '/etc/sysconfig/mkinitrd/|-d[[:space:]]+"?/etc/sysconfig/mkinitrd' "$script" >/dev/null && [ ! -f "$file" ] || return 0
    file=$file/pv-to-hvm
  fi
  new=$(new_words "$1" "$file")
  [ -n "$new" ] || return 0
  append_line "$file" "MODULES=\"\$MODULES $new\"" "$WORK/new"
  write_file "$file" "$WORK/new" "the initrd of every kernel gets $(in_words "$new")" 755
}

# configure_list FILE NAME MODULES - a shell's list, its last assignment: `NAME="a b"` or `NAME=(a b)`.
configure_list() {
  local file="$1" name="$2" new=""
  : >"$WORK/list"
  [ ! -f "$file" ] || sed -n "s/^$name=//p" "$file" | tail -n 1 >"$WORK/list"
  new=$(new_words "$3" "$WORK/list")
  [ -n "$new" ] || return 0
  if [ -s "$WORK/list" ]; then
    awk -v new="$new" -v name="$name=" '
      index($0, name) == 1 { last = NR }
      { line[NR] = $0 }
      END {
        value = substr(line[last], length(name) + 1)
        open = "\""
        close_ = "\""
        if (value ~ /^\(/) { open = "("; close_ = ")" }
        gsub(/^["'\''(]|["'\'')] *$/, "", value)
        line[last] = name open value (value == "" ? "" : " ") new close_
        for (i = 1; i <= NR; i++) print line[i]
      }' "$file" >"$WORK/new"
  else
    append_line "$file" "$name=\"$new\"" "$WORK/new"
  fi
  write_file "$file" "$WORK/new" "$name: the initrd of every kernel gets $(in_words "$new")"
}
