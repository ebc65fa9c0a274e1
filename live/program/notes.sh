# --- what was found and done, one line each, of which both reports are made

# Between the fields of a line: no path has it, and unlike a tab it does not swallow empty fields.
US=$(printf '\037')

# note KIND FIELD... - adds a line. What a field cannot hold becomes a space.
note() {
  local line="$1" field
  shift
  for field in "$@"; do line=$line$US$field; done
  case "$line" in *"
"*) line=$(printf '%s' "$line" | tr '\n' ' ') ;; esac
  printf '%s\n' "$line" >>"$WORK/notes"
}

# notes_of KIND - the lines of that kind, without it.
notes_of() {
  sed -n "s/^$1$US//p" "$WORK/notes"
}

# has_notes KIND - whether there is any.
has_notes() {
  grep "^$1$US" "$WORK/notes" >/dev/null
}

# forget KIND... - takes lines back, for a second look after something was changed.
forget() {
  local kind
  for kind in "$@"; do
    grep -v "^$kind$US" "$WORK/notes" >"$WORK/notes.new"
    mv -f "$WORK/notes.new" "$WORK/notes"
  done
}

# problem FOUND NEEDED FIX - a reason to refuse, or why it failed.
problem() {
  note problem "$1" "$2" "$3"
}

# warn TEXT
warn() {
  note warning "$1"
}
