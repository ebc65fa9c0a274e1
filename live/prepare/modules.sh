# --- the modules of the kernel that boots today: they belong to its package, and go with it

# keep_module_names - which there are, and whose they are. Too many to be copied: packages are installed so that they stay.
keep_module_names() {
  local folder
  folder=$(module_folder "$(kernel_field "$TODAY_KERNEL" 1)")
  printf '%s\n' "$folder" >"$BEFORE.new/modules.path"
  module_names "$folder" >"$BEFORE.new/modules"
  kernel_owner >"$BEFORE.new/owner"
}

module_names() {
  find "$1" -name '*.ko*' 2>/dev/null | sort
}

# kernel_owner - the package that brought today's kernel, as it is installed again; its file where none did.
kernel_owner() {
  local owner=""
  if [ "$PACKAGE_MANAGER" = apt-get ]; then owner=$(dpkg-query -S "$TODAY_KERNEL" 2>/dev/null | sed -n '1s/: .*//p')
  elif has_command rpm; then owner=$(rpm -qf "$TODAY_KERNEL" 2>/dev/null | sed -n 1p) || owner=; fi
  printf '%s\n' "${owner:-the package of $TODAY_KERNEL}"
}

# guard_modules - a kernel without its modules starts, and finds neither disk nor network.
guard_modules() {
  local folder lost
  [ -s "$BEFORE/modules" ] || return 0
  folder=$(cat "$BEFORE/modules.path")
  lost=$(module_names "$folder" | awk 'FILENAME == "-" { there[$0] = 1; next } !($0 in there)' - "$BEFORE/modules" | wc -l | tr -d ' ')
  [ "$lost" = 0 ] ||
    finish_failed "$folder lacks $lost modules that it had: a package was put in the place of the one whose kernel boots today." "the modules of that kernel." "Install $(cat "$BEFORE/owner") again before this machine starts again."
}
