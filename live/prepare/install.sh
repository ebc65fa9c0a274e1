# --- what is installed

PACKAGES=

# choose_all - sets PACKAGES to what brings all that is wanted; refuses where something cannot be had, before anything is done.
choose_all() {
  local kind
  PACKAGES=
  ! wants_kind grub || choose_for grub "GRUB" "$(other_packages grub)"
  ! wants_kind kernel || choose_for kernel "a kernel that boots as HVM on $(in_words "$FAMILIES")" "$(kernel_packages)"
  if [ -z "$GENERATOR" ] && { wants_kind kernel || wants_kind initramfs || wants_kind generator; }; then
    choose_for generator "a program that makes an initramfs" "$(other_packages generator)"
  fi
  refuse_if_any
}

# choose_for KIND WHAT ALTERNATIVES
choose_for() {
  local chosen
  if [ -z "$3" ]; then
    problem "$OS_NAME has no package that gives $2." "$2." "Copy what runs on this machine to a later release."
  elif chosen=$(choose_packages "$3"); then
    PACKAGES="$PACKAGES${PACKAGES:+ }$chosen"
  else
    problem "$PACKAGE_MANAGER offers none of $(in_words "$(printf '%s' "$3" | tr '+' ' ')") that is not installed$(why_not_offered)." "$2." "$(way_without "$1")"
  fi
}

# why_not_offered - what the package manager said when it could not read its lists.
why_not_offered() {
  local words
  words=$(last_words 2>/dev/null)
  case "$words" in *rror* | E:* | W:* | Failed* | *annot*) printf ' (%s)' "$words" ;; esac
}

# way_without KIND - GRUB is the one thing that a conversion does without.
way_without() {
  case "$1" in
    grub) printf '%s Or leave prepare out: the conversion brings a GRUB of its own.' "$(archive_hint)" ;;
    kernel) printf '%s Or leave a family out that the newest kernel has no drivers for (--for; with Pulumi, guest.families).' "$(archive_hint)" ;;
    *) archive_hint ;;
  esac
}

# try_packages - what the package manager says of it before anything is installed: that it can be resolved, and is fetched whole.
try_packages() {
  [ -n "$PACKAGES" ] || return 0
  # shellcheck disable=SC2086 # one word a package
  manager try $PACKAGES ||
    problem "$PACKAGE_MANAGER cannot install $(in_words "$PACKAGES"): $(grep -v '^[[:space:]]*$' "$WORK/trial" | tail -n 1)" "packages that fit each other." "Mend what it says, then run this again."
  refuse_if_any
  check_space "$PACKAGES"
  # shellcheck disable=SC2086
  manager download $PACKAGES ||
    problem "packages cannot be fetched: $(last_words)" "$(in_words "$PACKAGES") from its repositories." "$(archive_hint)"
  refuse_if_any
}

# install_packages
install_packages() {
  [ -n "$PACKAGES" ] || return 0
  say "Installing $(in_words "$PACKAGES") by $PACKAGE_MANAGER"
  # shellcheck disable=SC2086
  manager install $PACKAGES && return
  : >"$STATE/repair"
  finish_failed "$PACKAGE_MANAGER could not install $(in_words "$PACKAGES"): $(last_words)" "packages that install." "$(archive_hint) Its words are in $LOG; what boots today is as it was."
}

# note_packages - those that were not there before.
note_packages() {
  local package
  list_packages >"$WORK/packages"
  for package in $(awk 'FILENAME == ARGV[1] { before[$1] = 1; next } !($1 in before) { print $1 }' "$BEFORE/packages" "$WORK/packages"); do
    note package "$package"
  done
}
