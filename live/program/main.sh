# --- the program

# Set once the guest was changed: what is read then is read again.
IS_SECOND_LOOK=

# look - notes everything that there is to know, from the guest's files. Fails where nothing says what boots.
look() {
  read_distribution
  read_architecture
  find_package_manager
  find_generator
  note distribution "$OS_NAME"
  note packageManager "$PACKAGE_MANAGER"
  note runningKernel "$([ -n "$ROOT" ] || uname -r)"
  [ -n "$IS_SECOND_LOOK" ] || say "Reading the menu that PV-GRUB boots by"
  read_today || { note_boot_files && note_space && return 1; }
  warn_arguments
  note_boot_files
  note_space
  [ -n "$IS_SECOND_LOOK" ] || say "Reading kernels and initramfs"
  inspect_kernels
  decide_missing
}

inspect() {
  refuse_unreadable
  if look; then decide_problems; fi
  conclude_inspection
}

# conclude_inspection - by what was noted.
conclude_inspection() {
  local problems missing
  problems=$(notes_of problem | wc -l | tr -d ' ')
  missing=$(notes_of missing | wc -l | tr -d ' ')
  if [ "$problems" -gt 0 ]; then
    finish REFUSED "$(notes_of problem | sed -n "1s/$US.*//p") $(notes_of problem | sed -n "1s/.*$US//p")"
  elif [ "$missing" -gt 0 ]; then
    finish NOCHANGE "it can be converted; prepare would give it $missing more."
  else
    finish NOCHANGE "it can be converted, and nothing is missing."
  fi
}

main() {
  LC_ALL=C
  PATH=$PATH:/usr/sbin:/usr/bin:/sbin:/bin
  export LC_ALL PATH
  read_options "$@"
  become_root "$@"
  [ "$COMMAND" = inspect ] || enter_folder
  make_scratch
  trap 'on_signal INT' INT
  trap 'on_signal TERM' TERM
  note command "$COMMAND"
  "$COMMAND"
}

main "$@"
exit
