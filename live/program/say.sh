# --- what is told while it works, and how it ends

# say TEXT - a line of progress. A connection that is gone is no reason to stop.
say() {
  visible "$*" >&2 2>/dev/null || :
}

# finish OUTCOME SUMMARY - prints the report, says the last line and ends the program.
finish() {
  local status=0
  case "$1" in REFUSED) status=3 ;; FAILED) status=4 ;; esac
  note outcome "$1"
  note summary "$2"
  stop_heartbeat
  if [ -n "$JSON" ]; then print_json; else print_text | visible_lines; fi 2>/dev/null
  clean_up
  say "$1: $2"
  exit "$status"
}
