# --- diffs for the report

# unified_diff OLD NEW PATH - with the path in both first lines. By diff(1) where there is one.
unified_diff() {
  printf '%s\n' "--- $3" "+++ $3"
  if has_command diff; then diff -U 3 "$1" "$2" | sed 1,2d; else plain_diff "$1" "$2"; fi
}

# plain_diff OLD NEW - one hunk, from the first line that differs to the last one.
plain_diff() {
  awk '
    FILENAME == ARGV[1] && side != 2 { old[++olds] = $0; next }
    { new[++news] = $0 }
    END {
      for (from = 1; from <= olds && from <= news && old[from] == new[from]; from++) ;
      while (olds - back >= from && news - back >= from && old[olds - back] == new[news - back]) back++
      start = from > 3 ? from - 3 : 1
      tail = back > 3 ? 3 : back
      printf "@@ -%d,%d +%d,%d @@\n", start, olds - back + tail - start + 1, start, news - back + tail - start + 1
      for (i = start; i < from; i++) print " " old[i]
      for (i = from; i <= olds - back; i++) print "-" old[i]
      for (i = from; i <= news - back; i++) print "+" new[i]
      for (i = olds - back + 1; i <= olds - back + tail; i++) print " " old[i]
    }' "$1" side=2 "$2"
}

# note_files - each tracked file that is another one than before, with why and how.
note_files() {
  local file old line
  for file in $(tracked_files | awk '!($0 in seen) { seen[$0] = 1; print }'); do
    [ ! -L "$file" ] || continue
    old=$BEFORE/files$file
    [ -f "$old" ] || old=/dev/null
    [ -f "$file" ] || continue
    cmp -s "$old" "$file" && continue
    note file "$file"
    note_reasons "$file"
    unified_diff "$old" "$file" "$file" >"$WORK/diff"
    while IFS= read -r line; do note diff "$line"; done <"$WORK/diff"
  done
}

note_reasons() {
  local reason
  awk -v path="$1" 'BEGIN { FS = "\037" } $1 == path && !seen[$2]++ { print $2 }' "$BEFORE/reasons" 2>/dev/null >"$WORK/reasons"
  [ -s "$WORK/reasons" ] || printf '%s\n' "written by the scripts of installed packages" >"$WORK/reasons"
  while IFS= read -r reason; do note reason "$reason"; done <"$WORK/reasons"
}
