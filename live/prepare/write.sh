# --- files of the guest that are changed

# write_file PATH NEW REASON [MODE] - gives a file the content of NEW, in its own inode: menu.lst may be a second name of grub.conf. The
# original is kept for good, and the new content first put where an interrupted run's successor finds it.
write_file() {
  local kept="$STATE/backup$1"
  if [ -f "$1" ] && [ ! -f "$kept" ]; then
    mkdir -p "${kept%/*}" && cp -p "$1" "$kept.new" && mv "$kept.new" "$kept" || return 1
  fi
  printf '%s\n' "$1$US$3" >>"$BEFORE/reasons"
  printf '%s\n' "$1" >"$BEFORE/pending.path" && cp "$2" "$BEFORE/pending.new" && mv "$BEFORE/pending.new" "$BEFORE/pending" || return 1
  write_pending "${4:-}"
}

# write_pending [MODE] - what is written twice is the same.
write_pending() {
  local file
  [ -f "$BEFORE/pending" ] || return 0
  file=$(cat "$BEFORE/pending.path")
  mkdir -p "${file%/*}" || return 1
  if [ ! -f "$file" ]; then : >"$file" && chmod "${1:-644}" "$file"; fi
  cat "$BEFORE/pending" >"$file" && sync && rm -f "$BEFORE/pending"
}

# append_line FILE LINE NEW - NEW is FILE with the line behind it, whether or not its last line was ended.
append_line() {
  { [ ! -f "$1" ] || awk '{ print }' "$1"; printf '%s\n' "$2"; } >"$3"
}
