# --- the entry that GRUB legacy starts

TODAY_ENTRY=
TODAY_WHY=

# choose_entry - sets TODAY_ENTRY, after `default`, `saved` and `fallback`. For a number past the end GRUB takes the first
# fallback, and entry 0 where there is none.
choose_entry() {
  local count asked fault number problem
  count=$(wc -l <"$WORK/entries" | tr -d ' ')
  asked=$(sed -n "s/^default$US//p" "$WORK/menu")
  TODAY_WHY="default is $asked"
  if [ "$asked" = saved ]; then
    asked=$(saved_entry)
    TODAY_WHY="the saved default is $asked"
  fi
  TODAY_ENTRY=$asked
  if [ "$asked" -lt 0 ] || [ "$asked" -ge "$count" ]; then
    TODAY_ENTRY=$(fallbacks "$count" | sed -n 1p)
    TODAY_ENTRY=${TODAY_ENTRY:-0}
    [ "$count" = 0 ] || TODAY_WHY="$TODAY_WHY, past the last entry: $TODAY_ENTRY is taken"
  fi
  fault=$(entry_field "$TODAY_ENTRY" 4)
  [ -n "$fault" ] || return 0
  problem=$fault
  for number in $(fallbacks "$count"); do
    ! waits "$problem" || break
    problem=$(entry_field "$number" 4)
    [ -z "$problem" ] || continue
    TODAY_ENTRY=$number
    TODAY_WHY="$TODAY_WHY, where $fault, and fallback is $number"
    return
  done
  TODAY_WHY="$TODAY_WHY, although $fault"
}

# waits FAULT - whether the entry waits for somebody at the console: then no fallback is tried.
waits() {
  case "$1" in "it asks for a password" | "it waits for a key"*) ;; *) return 1 ;; esac
}

# fallbacks COUNT - the entries to try in their order, those that there are.
fallbacks() {
  sed -n "s/^fallback$US//p" "$WORK/menu" | tr -s ' \t' '\n\n' | awk -v count="$1" '/^[0-9]+$/ && $1 < count'
}

# default_file - where `savedefault` keeps its number, beside the menu.
default_file() {
  printf '%s%s/default\n' "$ROOT" "${MENU%/*}"
}

# saved_entry - what it last wrote there: a number at the very beginning, then text for people.
saved_entry() {
  local file
  file=$(default_file)
  if [ -f "$file" ]; then
    dd if="$file" bs=1 count=9 2>/dev/null | tr '\000' '\n' |
      awk "$NUMBER_AWK"'NR == 1 { value = number($0) } END { print(value > 0 ? value : 0) }'
  else
    echo 0
  fi
}
