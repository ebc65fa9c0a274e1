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
  local chosen kept
  if [ -z "$3" ]; then
    problem "$OS_NAME has no package that gives $2." "$2." "Copy what runs on this machine to a later release."
  elif chosen=$(choose_packages "$3"); then
    PACKAGES="$PACKAGES${PACKAGES:+ }$chosen"
  else
    # shellcheck disable=SC2046 # one word a package
    kept=$(held $(printf '%s' "$3" | tr '+' ' '))
    problem "$PACKAGE_MANAGER offers none of $(in_words "$(printf '%s' "$3" | tr '+' ' ')") that is not installed${kept:+: $kept}${LIST_WORDS:+ ($(one_line "$LIST_WORDS"))}." \
      "$2." "$(way_without "$1" "$kept" "$LIST_WORDS")"
  fi
}

# What the package manager said when it could not read its lists.
LIST_WORDS=

# way_without KIND KEPT WORDS - GRUB is the one thing that a conversion does without.
way_without() {
  local way
  way=$(way_to_fetch "$3")
  [ -z "$2" ] || way=$(release_hint)
  case "$1" in
    grub) printf '%s Or leave prepare out: the conversion brings a GRUB of its own.' "$way" ;;
    kernel) printf '%s Or leave a family out that the newest kernel has no drivers for (--for; with Pulumi, guest.families).' "$way" ;;
    *) printf '%s' "$way" ;;
  esac
}

# way_to_fetch WORDS - by what the package manager said.
way_to_fetch() {
  case "$1" in
    *GPG* | *ignature* | *" signed"* | *ublic\ key*) printf 'Import the key that its owner publishes (rpm --import, apt-key add), or see why these packages have no signature, then run this again.' ;;
    *'No space left'*) printf 'Make room, then run this again.' ;;
    *) archive_hint ;;
  esac
}

# release_hint - where the owner's own settings keep a package as it is.
release_hint() {
  printf 'Take that out for the preparation, run this again, and put it back afterwards.'
}

# try_packages - what the package manager says of it before anything is installed: that it can be resolved, and is fetched whole.
try_packages() {
  local kept
  [ -n "$PACKAGES" ] || return 0
  # shellcheck disable=SC2086 # one word a package
  if ! manager try $PACKAGES; then
    kept=$(held $PACKAGES)
    problem "$PACKAGE_MANAGER cannot install $(in_words "$PACKAGES"): $(words_of "$WORK/trial")${kept:+ ($kept)}." "packages that fit each other." \
      "$(if [ -n "$kept" ]; then release_hint; else printf 'Mend what it says, then run this again.'; fi)"
  fi
  refuse_if_any
  check_space "$PACKAGES"
  # shellcheck disable=SC2086
  manager download $PACKAGES ||
    problem "packages cannot be fetched: $(last_words)." "$(in_words "$PACKAGES") from its repositories." "$(way_to_fetch "$(last_words)")"
  refuse_if_any
}

# install_packages - judged by what is installed then. An exit status alone tells too little: yum's is 0 where it found nothing of that
# name (before 3.2.27), dnf's where an older one was enough for it, and zypper's is another where a script failed.
install_packages() {
  local package lacking="" complaint=""
  [ -n "$PACKAGES" ] || return 0
  for package in $PACKAGES; do installed_versions "$package" >"$WORK/before.$package"; done
  say "Installing $(in_words "$PACKAGES") by $PACKAGE_MANAGER"
  # shellcheck disable=SC2086
  manager install $PACKAGES || complaint=$(last_words)
  for package in $PACKAGES; do
    installed_versions "$package" >"$WORK/after"
    [ -s "$WORK/after" ] && ! cmp -s "$WORK/before.$package" "$WORK/after" || lacking="$lacking $package"
  done
  script_failures >"$WORK/scripts"
  while IFS= read -r package; do note kept "a package's script failed: $package. What it should have done may be missing: see $LOG."; done <"$WORK/scripts"
  if [ -z "$lacking" ]; then
    [ -z "$complaint" ] || note kept "$PACKAGE_MANAGER has installed all of it, and ended with an error: $complaint. See $LOG."
    return 0
  fi
  : >"$STATE/repair"
  # yum ends with status 0 where there is no such package, and says so; dnf says that it is done (with a versionlock).
  [ -n "$complaint" ] || complaint=$(last_words)
  case "$complaint" in Complete* | "Nothing to do"*) complaint="it ended without an error and installed none of them" ;; esac
  finish_failed "$PACKAGE_MANAGER could not install $(in_words "$lacking"): $complaint." "packages that install." "$(way_to_install "$(last_words)") Its words are in $LOG; what boots today is as it was."
}

# way_to_install WORDS - where it could not fetch something, where that is now.
way_to_install() {
  case "$1" in
    *GPG* | *" signed"* | *etriev* | *ownload* | *etch* | *Errno* | *mirror* | *404* | *"No package"* | *"No Match"* | *"No match"*) way_to_fetch "$1" ;;
    *) printf 'Mend what it says, then run this again: it goes on from there.' ;;
  esac
}

# note_packages - those that were not there before.
note_packages() {
  local package
  list_packages >"$WORK/packages"
  for package in $(awk 'FILENAME == ARGV[1] { before[$1] = 1; next } !($1 in before) { print $1 }' "$BEFORE/packages" "$WORK/packages"); do
    note package "$package"
  done
}
