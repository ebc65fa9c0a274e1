# --- one preparation at a time

LOCK=

# lock_place - a folder in memory that every run on this machine finds.
lock_place() {
  local folder
  for folder in /run /var/run /dev/shm /tmp; do
    [ -d "$folder" ] && [ -w "$folder" ] && printf '%s/pv-to-hvm.lock\n' "$folder" && return
  done
}

# take_lock - waits until no other preparation is at work. The lock is a link whose target names the process and when it began:
# made in one step, and of a process that is gone it stands in nobody's way.
take_lock() {
  local place holder said=""
  place=$(lock_place)
  until ln -s "$(identity $$)" "$place" 2>/dev/null; do
    holder=$(readlink "$place") || continue
    if is_alive "$holder"; then
      [ -n "$said" ] || say "Waiting for process ${holder%:*}, which prepares this machine already"
      [ -n "$said" ] || start_heartbeat "waiting for process ${holder%:*}"
      said=yes
      sleep 1 >/dev/null 2>&1
    else
      take_over "$place" "$holder"
    fi
  done
  stop_heartbeat
  LOCK=$place
}

# take_over PLACE HOLDER - takes a dead process's lock away. Renamed first: where another run was quicker it is that one's by
# now, and put back.
take_over() {
  mv "$1" "$1.$$" 2>/dev/null || return 0
  [ "$(readlink "$1.$$")" = "$2" ] || ln -s "$(readlink "$1.$$")" "$1" 2>/dev/null
  rm -f "$1.$$"
}

release_lock() {
  [ -z "$LOCK" ] || rm -f "$LOCK"
  LOCK=
}

# identity PROCESS - its number and when it began, since numbers come again: field 22 of its stat, whose second field may hold
# spaces.
identity() {
  printf '%s:%s\n' "$1" "$(sed -n 's/^.*) //p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20)"
}

# is_alive IDENTITY
is_alive() {
  [ -n "${1%:*}" ] && [ -d "/proc/${1%:*}" ] && [ "$(identity "${1%:*}")" = "$1" ]
}
