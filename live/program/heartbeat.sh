# --- a line every few seconds, so that nobody takes a long step for a dead one

HEARTBEAT_SECONDS=8
HEART=

# start_heartbeat WHAT [LOG] - until stop_heartbeat, or until this program ends, however that happens.
start_heartbeat() {
  stop_heartbeat
  beat "$$" "$1" "${2:-}" </dev/null >/dev/null &
  HEART=$!
}

# beat PROCESS WHAT LOG - sleep holds neither standard output nor error: a connection would wait for it after the program's end.
beat() {
  local seconds=0 last=""
  while :; do
    sleep 1 >/dev/null 2>&1
    kill -0 "$1" 2>/dev/null || exit 0
    seconds=$((seconds + 1))
    [ $((seconds % HEARTBEAT_SECONDS)) = 0 ] || continue
    [ -z "$3" ] || last=$(tail -n 1 "$3" 2>/dev/null | tr '\015' '\n' | tail -n 1 | tr -cd '\040-\176' | cut -c 1-100)
    say "  still $2, $seconds s so far${last:+: $last}"
  done
}

# stop_heartbeat - by SIGKILL: any other signal is lost where it comes before the new process has taken off our own traps.
stop_heartbeat() {
  [ -z "$HEART" ] || kill -9 "$HEART" 2>/dev/null
  [ -z "$HEART" ] || wait "$HEART" 2>/dev/null
  HEART=
}
