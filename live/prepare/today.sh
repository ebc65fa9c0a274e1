# --- what boots today stays: the default entry, its kernel and its initramfs, byte for byte

# entry_starts FILE - the line at which each entry begins, as GRUB legacy counts them.
entry_starts() {
  parse_menu "$1" | awk 'BEGIN { FS = "\037" } $1 == "entry" { print $10 }'
}

# entry_commands FILE NUMBER - the lines of an entry, without empty ones and comments: those belong to what stands around it.
entry_commands() {
  awk -v start="$(entry_starts "$1" | sed -n "$(($2 + 1))p")" '
    NR > start + 0 && /^[ \t]*title([ \t=]|$)/ { exit }
    start != "" && NR >= start + 0 && !/^[ \t]*(#|$)/ { print }' "$1"
}

# guard_today - puts back whatever a package's scripts made of it.
guard_today() {
  is_unfinished || return 0
  guard_boot_file kernel
  guard_boot_file initrd
  guard_menu
  guard_modules
}

# guard_boot_file NAME - written beside it first: there is a whole one at any moment.
guard_boot_file() {
  local path
  [ -f "$BEFORE/$1.path" ] || return 0
  path=$(cat "$BEFORE/$1.path")
  cmp -s "$BEFORE/$1" "$path" && return
  say "Putting back $path, which boots today"
  cp -p "$BEFORE/$1" "$path.pv-to-hvm" && sync && mv -f "$path.pv-to-hvm" "$path" ||
    finish_failed "$path, which boots today, was changed by a package and could not be put back." "the file as it was." "Copy $BEFORE/$1 to $path before this machine starts again."
  note kept "$path was changed by a package's scripts, and is again as it was."
}

# guard_menu - the default is today's entry, wherever it stands by now; where it stands nowhere any more, the menu is put back.
guard_menu() {
  local menu number
  menu=$(cat "$BEFORE/menu.path")
  is_in_force "$menu" ||
    finish_failed "$(cat "$BEFORE/menu.path") is no longer the menu that PV-GRUB reads${MENU:+, but $MENU}." "the menu of before in force." "Take $MENU away, or its link back to $menu, before this machine starts again."
  cmp -s "$BEFORE/menu" "$menu" && return
  for number in $(same_entries "$menu"); do
    is_default "$number" && return
    set_default "$menu" "$number" && is_default "$number" && return
  done
  write_file "$menu" "$BEFORE/menu" "the whole file as it was: what packages made of it starts another entry" ||
    finish_failed "$menu was changed by a package and could not be put back." "the menu as it was." "Copy $BEFORE/menu to $menu before this machine starts again."
}

# is_in_force MENU - whether PV-GRUB still reads that one. A file that is gone is written again.
is_in_force() {
  [ -f "$1" ] || write_file "$1" "$BEFORE/menu" "the file as it was: a package took it away" || return 1
  MENU=
  find_menu && [ "$(menu_file)" = "$1" ]
}

# same_entries MENU - the numbers of its entries with the commands of today's.
same_entries() {
  local number=0 count
  count=$(entry_starts "$1" | wc -l)
  while [ "$number" -lt "$count" ]; do
    entry_commands "$1" "$number" | cmp -s - "$BEFORE/entry" && printf '%s\n' "$number"
    number=$((number + 1))
  done
}

# is_default NUMBER - whether that one boots, after `saved` and `fallback`.
is_default() {
  read_entries
  choose_entry
  [ "$TODAY_ENTRY" = "$1" ]
}

# set_default MENU NUMBER - in its `default` line, or in one of its own where it has none. Fails for a saved default, whose
# number lies elsewhere.
set_default() {
  awk -v number="$2" '
    !inside && /^[ \t]*title([ \t=]|$)/ { inside = 1 }
    !inside && /^[ \t]*default[ \t=]+saved/ { saved = 1 }
    !inside && match($0, /^[ \t]*default[ \t=]+/) { $0 = substr($0, 1, RLENGTH) number; said = 1 }
    { line[NR] = $0 }
    END {
      if (saved) exit 1
      if (!said) print "default " number
      for (i = 1; i <= NR; i++) print line[i]
    }' "$1" >"$WORK/default" || return 1
  write_file "$1" "$WORK/default" "default $2: the entry that boots today, as before"
}
