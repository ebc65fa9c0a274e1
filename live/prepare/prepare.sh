# --- the preparation

# prepare - looks, refuses or does it, and looks again. What it needs to undo or to go on is on the disk before the first change.
prepare() {
  # A connection that drops ends nothing: the work goes on to its end, and the next run finds it done.
  trap '' HUP PIPE
  refuse_without_root
  take_lock
  LOG=$WORK/log
  wait_for_running
  take_up
  look || refuse_if_any
  if ! has_notes want && ! is_unfinished; then
    decide_problems
    refuse_if_any
    finish NOCHANGE "nothing is missing that a package could give."
  fi
  check_everything
  begin
  work
  conclude
}

# take_up - after an interruption: what was being written is written, what boots today is as it was, and packages are whole. For a
# failed installation, where what boots today was guarded at once, the packages alone.
take_up() {
  find_package_manager
  [ ! -f "$STATE/repair" ] || repair_packages
  is_unfinished || return 0
  say "Going on with a preparation that was interrupted"
  log_to_disk
  write_pending
  guard_today
  repair_packages
  guard_today
}

# repair_packages - what an installation of ours has left half-done. Where it cannot be mended the checks say so.
repair_packages() {
  say "Finishing what $PACKAGE_MANAGER has begun"
  if manager repair; then rm -f "$STATE/repair"; fi
}

# check_everything - before the first change.
check_everything() {
  check_writable
  PACKAGES=
  if needs_packages; then
    check_manager
    check_space ""
    say "Asking $PACKAGE_MANAGER for what is missing"
    # A list that cannot be had is no end: what is wanted may be in another one.
    manager refresh || :
    LIST_WORDS=$(error_words "$LOG")
    mend_packages
    choose_all
    try_packages
  fi
  [ -n "$PACKAGES" ] || check_space ""
}

# needs_packages - entries, and an initramfs whose generator is there, need none.
needs_packages() {
  wants_kind grub || wants_kind kernel || wants_kind generator || { wants_kind initramfs && [ -z "$GENERATOR" ]; }
}

# work - each step looks anew at what the one before has made. An entry is only added to a menu that boots as before.
work() {
  lift_configuration
  install_packages
  guard_today
  look_again
  add_entries
  look_again
  if wants_kind initramfs; then
    rebuild_initramfs
    look_again
  fi
  guard_today
}

look_again() {
  IS_SECOND_LOOK=yes
  forget distribution packageManager runningKernel today bootFile free kernel driver missing want warning problem
  look || :
}

# conclude - the report, and how it ended.
conclude() {
  look_again
  decide_problems
  note_changes
  end_of_work
  if has_notes problem; then conclude_unready; fi
  if has_notes want; then
    finish_failed "$(notes_of missing | sed -n 1p) All was done for it, and it is missing still." "$(what_is_wanted), as a package should have brought it." "Look at $STATE/log."
  fi
  if has_notes package || has_notes file || [ -n "$REBUILT" ]; then
    finish CHANGED "$(what_was_done); what boots today is as it was."
  fi
  finish NOCHANGE "nothing was missing, and nothing was left to be done."
}

# conclude_unready - everything was done, and a conversion would refuse it all the same.
conclude_unready() {
  finish FAILED "$(notes_of problem | sed -n "1s/$US.*//p") $(notes_of problem | sed -n "1s/.*$US//p")"
}

# what_was_done - as a clause.
what_was_done() {
  local packages files
  packages=$(notes_of package | wc -l | tr -d ' ')
  files=$(notes_of file | wc -l | tr -d ' ')
  printf 'packages installed: %s, files changed: %s, initramfs rebuilt: %s' "$packages" "$files" "$(printf '%s\n' "$REBUILT" | wc -w | tr -d ' ')"
}
