# --- the guest's own programs, run to their end whatever becomes of the connection

# run_logged WHAT COMMAND... - its words go to the log, so that a connection that is gone ends nobody; here a line tells every few
# seconds that it is still at work. What it is stands on the disk: where this program is killed, the next run waits for it.
run_logged() {
  local what="$1" status=0 child
  shift
  printf '\n# %s\n' "$*" >>"$LOG"
  "$@" </dev/null >>"$LOG" 2>&1 &
  child=$!
  ! is_unfinished || identity "$child" >"$STATE/running"
  start_heartbeat "$what" "$LOG"
  wait "$child" || status=$?
  stop_heartbeat
  rm -f "$STATE/running"
  return "$status"
}

# wait_for_running - for what an interrupted run left at work.
wait_for_running() {
  local process
  process=$(cat "$STATE/running" 2>/dev/null) || return 0
  is_alive "$process" || { rm -f "$STATE/running" && return; }
  say "Waiting for process ${process%:*}, which an interrupted run left at work"
  start_heartbeat "waiting for process ${process%:*}" "$LOG"
  while is_alive "$process"; do sleep 1 >/dev/null 2>&1; done
  stop_heartbeat
  rm -f "$STATE/running"
}

# finish_failed FOUND NEEDED FIX - what boots today is put back first, and what was changed until then is in the report.
finish_failed() {
  problem "$1" "$2" "$3"
  if is_unfinished && [ -z "$IS_FAILING" ]; then
    IS_FAILING=yes
    guard_today
    note_changes
    end_of_work
  fi
  finish FAILED "$1 $3"
}

IS_FAILING=

# note_changes - packages, files, and what was put back.
note_changes() {
  local text
  note_packages
  note_files
  notes_of kept | sort -u >"$WORK/kept"
  while IFS= read -r text; do warn "$text"; done <"$WORK/kept"
}
