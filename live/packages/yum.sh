# --- Red Hat's, Fedora's and Amazon's yum, and dnf

yum_busy() {
  is_running /var/run/yum.pid /var/lib/dnf/rpmdb_lock.pid /var/cache/dnf/download_lock.pid /var/cache/dnf/metadata_lock.pid ||
    is_locked /var/lib/rpm/.rpm.lock
}

# yum_broken - a database that nobody can read, or that has nothing in it: what rpm says then is on standard output (`package rpm is not
# installed`).
yum_broken() {
  rpm -q rpm >"$WORK/rpm" 2>&1 </dev/null || printf 'rpm says: %s\n' "$(words_of "$WORK/rpm")"
}

# yum_can_mend - another's database is nothing to be tried at: what cannot be read when it is built anew is gone from it.
yum_can_mend() {
  return 1
}

yum_repair_hint() {
  printf 'Run rpm --rebuilddb and yum-complete-transaction, then run this again.\n'
}

# yum_repair - after an interruption of ours: stale locks of the database first, then the rest of the transaction.
yum_repair() {
  rpm -q rpm >/dev/null 2>&1 || { rm -f /var/lib/rpm/__db.* && run_logged "mending rpm's database" rpm --rebuilddb; } || return 1
  if has_command yum-complete-transaction && ls /var/lib/yum/transaction-all* >/dev/null 2>&1; then
    run_logged "finishing what was interrupted" yum-complete-transaction -y
  fi
}

yum_refresh() {
  run_logged "reading the lists of packages" "$PACKAGE_MANAGER" -y makecache
}

# yum_offers PACKAGE - whether it is listed, with a version that is not installed. By the lines `kernel.x86_64 …`, for yum's exit status is 0
# as well where there is no such line (before 3.2.3). What is newer than an installed one yum has among the updates. dnf lists what a
# versionlock keeps it from installing (seen with 4.14), yum does not.
yum_offers() {
  yum_lists available "$1" || { is_installed "$1" && yum_lists updates "$1"; } || return 1
  ! yum_locks "$1" "$(awk -v name="$1" 'index($1, name ".") == 1 { print $2; exit }' "$WORK/list")"
}

# yum_lists LIST PACKAGE
yum_lists() {
  "$PACKAGE_MANAGER" -q list "$1" "$2" >"$WORK/list" 2>/dev/null </dev/null
  grep "^$2\." "$WORK/list" >/dev/null
}

YUM_LOCKS="/etc/yum/pluginconf.d/versionlock.list /etc/dnf/plugins/versionlock.list"

# yum_locks PACKAGE VERSION - whether the plugin versionlock keeps this version out: others of the package are locked and it is not, or it is
# excluded (`!`). A line is a pattern, with the epoch in front of the name (yum) or of the version (dnf).
yum_locks() {
  local file pattern result
  result=1
  for file in $YUM_LOCKS; do
    [ -f "$file" ] || continue
    sed -n "s/^\(!\{0,1\}\)[0-9]*:\{0,1\}\($1-\)\([0-9]*:\)\{0,1\}\([0-9].*\)/\1\2\4/p" "$file" >"$WORK/locks"
    while IFS= read -r pattern; do
      # shellcheck disable=SC2254 # it is a pattern
      case "!$1-${2#*:}.$(uname -m)" in
        $pattern) return 0 ;;
        "!"$pattern) return 1 ;;
      esac
      case "$pattern" in "!"*) ;; *) result=0 ;; esac
    done <"$WORK/locks"
  done
  return "$result"
}

# yum_held PACKAGE - `exclude` of the settings and the repositories, and what the plugin versionlock keeps.
yum_held() {
  local file glob
  for file in /etc/yum.conf /etc/dnf/dnf.conf /etc/yum.repos.d/*.repo; do
    [ -f "$file" ] || continue
    for glob in $(sed -n 's/^[[:space:]]*exclude\(pkgs\)\{0,1\}[[:space:]]*=//p' "$file" | tr ',*' ' \001'); do
      # shellcheck disable=SC2254 # it is a pattern
      case "$1" in $(printf '%s' "$glob" | tr '\001' '*')) printf '%s leaves it out (exclude)\n' "$file" ;; esac
    done
  done
  for file in $YUM_LOCKS; do
    ! grep "^!\{0,1\}\([0-9]*:\)\{0,1\}$1-[0-9]" "$file" >/dev/null 2>&1 || printf '%s keeps it at its version\n' "$file"
  done
}

# yum_try PACKAGE... - yum of 2010 tries nothing without doing it, but resolves and fetches everything before its transaction.
yum_try() {
  :
}

yum_needed_mb() {
  :
}

# yum_download PACKAGE... - dnf resolves, fetches and looks at signatures, and then ends with status 0. yum's --downloadonly, a plugin
# until 3.4.3, ends as a failure does.
yum_download() {
  [ "$PACKAGE_MANAGER" = dnf ] && knows_word --downloadonly dnf --help || return 0
  # shellcheck disable=SC2046 # one option a word, or none
  run_logged "fetching packages" dnf -y $(yum_words) --downloadonly install "$@"
}

yum_install() {
  # shellcheck disable=SC2046 # one option a word, or none
  run_logged "installing" "$PACKAGE_MANAGER" -y $(yum_words) install "$@"
}

# yum_words - so that it takes the newest, and takes no older kernel away. By its own help, since not all versions know them:
#   --best      dnf alone (option_parser.py of 0.5 to 4.14 has it). Without it, a kernel that is installed in any version is enough for
#               dnf where `best` is off, as in Fedora: it installs nothing, and its exit status is 0 (seen with 4.14).
#   --setopt    dnf (as above), and yum since 3.2.28 (cli.py). Unlimited, since a limit of three kernels takes the oldest away, which may be
#               the one that the menu starts: both keep that one alone which runs.
yum_words() {
  "$PACKAGE_MANAGER" --help >"$WORK/help" 2>&1 </dev/null
  ! grep -e --best "$WORK/help" >/dev/null || printf ' --best'
  ! grep -e --setopt "$WORK/help" >/dev/null || printf ' --setopt=installonly_limit=0'
}
