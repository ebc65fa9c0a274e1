# --- Red Hat's, Fedora's and Amazon's yum, and dnf

yum_busy() {
  is_running /var/run/yum.pid /var/lib/dnf/rpmdb_lock.pid /var/cache/dnf/download_lock.pid /var/cache/dnf/metadata_lock.pid ||
    is_locked /var/lib/rpm/.rpm.lock
}

# yum_broken - a database that nobody can read.
yum_broken() {
  rpm -q rpm >/dev/null 2>"$WORK/rpm" || printf 'rpm says: %s\n' "$(sed -n 1p "$WORK/rpm")"
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
  run_logged "reading the lists of packages" "$PACKAGE_MANAGER" -y makecache || :
}

# yum_offers PACKAGE - a kernel that is newer than the one installed is listed among the updates.
yum_offers() {
  "$PACKAGE_MANAGER" -q list available "$1" >/dev/null 2>&1 </dev/null || "$PACKAGE_MANAGER" -q list updates "$1" 2>/dev/null </dev/null | grep "^$1" >/dev/null
}

# yum_try PACKAGE... - yum of 2010 tries nothing without doing it, but resolves and fetches everything before its transaction.
yum_try() {
  :
}

yum_needed_mb() {
  :
}

yum_download() {
  :
}

yum_install() {
  run_logged "installing" "$PACKAGE_MANAGER" -y install "$@"
}
