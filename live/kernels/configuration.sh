# --- a kernel's configuration

# module_folder VERSION - /lib/modules/V, or where it is in its place.
module_folder() {
  if [ ! -d "$ROOT/lib/modules/$1" ] && [ -d "$ROOT/usr/lib/modules/$1" ]; then
    printf '/usr/lib/modules/%s\n' "$1"
  else
    printf '/lib/modules/%s\n' "$1"
  fi
}

# read_configuration VERSION - writes its symbols that are y to $WORK/symbols and sets CONFIGURATION to where they are from:
# beside the kernel, beside its modules (Fedora), in its sources (Gentoo), or what the running kernel says of itself.
read_configuration() {
  local modules file
  modules=$(module_folder "$1")
  CONFIGURATION=
  : >"$WORK/symbols"
  for file in "/boot/config-$1" "$modules/config" "$modules/build/.config" "/usr/src/linux-$1/.config"; do
    has_file "$file" || continue
    CONFIGURATION=$file
    sed -n 's/^\(CONFIG_[A-Za-z0-9_]*\)=y.\{0,1\}$/\1/p' "$(host_path "$file")" >"$WORK/symbols"
    return
  done
  [ -z "$ROOT" ] && [ -r /proc/config.gz ] && [ "$1" = "$(uname -r)" ] || return 0
  CONFIGURATION=/proc/config.gz
  gzip -dc /proc/config.gz | sed -n 's/^\(CONFIG_[A-Za-z0-9_]*\)=y$/\1/p' >"$WORK/symbols"
}

# has_symbol NAME
has_symbol() {
  grep "^$1\$" "$WORK/symbols" >/dev/null
}
