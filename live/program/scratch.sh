# --- a folder for what is found, in memory where there is one: an inspection writes nothing to the guest's disk

WORK=

# make_scratch - sets WORK. The name is the process's own; a folder that is there already is somebody else's.
make_scratch() {
  local folder
  umask 077
  for folder in /dev/shm /run /var/run "${TMPDIR:-/tmp}" /tmp; do
    [ -d "$folder" ] && [ -w "$folder" ] || continue
    remove_leftovers "$folder"
    WORK=$folder/pv-to-hvm.$$
    mkdir "$WORK" 2>/dev/null && break
    WORK=
  done
  [ -n "$WORK" ] && : >"$WORK/notes" && return
  say "FAILED: there is no folder to work in: /dev/shm, /run and /tmp are missing, full or read-only. Free one of them, then run it again."
  exit 4
}

# remove_leftovers FOLDER - of runs that were killed before they could clear up. Only our own: in /tmp anybody may make such a name.
remove_leftovers() {
  local left
  for left in "$1"/pv-to-hvm.[0-9]*; do
    [ ! -L "$left" ] && [ -d "$left" ] && [ -O "$left" ] && [ ! -d "/proc/${left##*.}" ] && rm -rf "$left"
  done
  # Its own number, that an earlier process had as well.
  [ -L "$1/pv-to-hvm.$$" ] || [ ! -O "$1/pv-to-hvm.$$" ] || rm -rf "$1/pv-to-hvm.$$"
}

# clean_up - takes away everything that is this run's alone.
clean_up() {
  stop_heartbeat
  release_lock
  [ -z "$WORK" ] || rm -rf "$WORK"
  WORK=
}

# on_signal NAME - an inspection ends at once; so does a preparation, and the next run goes on where it was.
on_signal() {
  clean_up
  say "FAILED: ended by SIG$1. Run it again: it goes on where it was."
  exit 4
}
