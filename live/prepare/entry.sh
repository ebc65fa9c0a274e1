# --- an entry for a kernel that has none

# add_entries - for the kernel that a conversion is to boot, where no script of the guest's wrote one: behind all others, so that no entry's number
# changes.
add_entries() {
  local image
  image=$(awk 'BEGIN { FS = "\037" } $1 == "want" && $2 == "entry" { print $3; exit }' "$WORK/notes")
  [ -n "$image" ] || return 0
  say "Adding an entry for $image to $MENU"
  { awk '{ print }' "$(menu_file)" && printf '\n' && new_entry "$image"; } >"$WORK/menu.new"
  write_file "$(menu_file)" "$WORK/menu.new" "an entry for kernel $(kernel_field "$image" 1), behind the others: a conversion makes it the default" ||
    finish_failed "$MENU could not be written." "an entry for $image." "Look at $LOG and the disk, then run it again."
}

# new_entry IMAGE - today's, with another kernel: whatever else its kernel line says is how this guest finds its root. Paths as GRUB sees
# them, from the filesystem of the menu.
new_entry() {
  local version initrd
  version=$(kernel_field "$1" 1)
  initrd=$(kernel_field "$1" 3)
  entry_commands "$(menu_file)" "$TODAY_ENTRY" | awk -v title="$OS_NAME, kernel $version" -v kernel="${1#"$MENU_PREFIX"}" -v initrd="${initrd#"$MENU_PREFIX"}" '
    function device(word) { return word ~ /^\(/ ? substr(word, 1, index(word, ")")) : "" }
    $1 ~ /^title/ { print "title " title; next }
    $1 == "kernel" {
      for (i = 2; i <= NF && $i ~ /^--/; i++) ;
      before = device($i)
      $i = before kernel
      print "\t" $0
      if (initrd != "") print "\tinitrd " before initrd
      next
    }
    $1 == "initrd" || $1 == "savedefault" || $1 == "module" || $1 == "lock" { next }
    { sub(/^[ \t]+/, ""); print "\t" $0 }'
}
