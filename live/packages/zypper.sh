# --- SUSE's zypper

# zypper_run ARGUMENT... - never asks.
zypper_run() {
  zypper --non-interactive --quiet "$@"
}

zypper_busy() {
  is_running /var/run/zypp.pid || is_locked /var/lib/rpm/.rpm.lock
}

zypper_broken() {
  yum_broken
}

zypper_can_mend() {
  yum_can_mend
}

zypper_repair_hint() {
  printf 'Run rpm --rebuilddb and zypper verify, then run this again.\n'
}

zypper_repair() {
  yum_repair
}

zypper_refresh() {
  run_logged "reading the lists of packages" zypper_run refresh || :
}

# zypper_offers PACKAGE - by its trial: one that is installed and the newest has nothing to do.
zypper_offers() {
  zypper --non-interactive install --dry-run "$1" </dev/null >"$WORK/offer" 2>&1 && ! grep -i 'nothing to do' "$WORK/offer" >/dev/null
}

zypper_try() {
  zypper_run install --dry-run "$@" </dev/null >"$WORK/trial" 2>&1
}

zypper_needed_mb() {
  :
}

zypper_download() {
  run_logged "fetching packages" zypper_run install --download-only "$@"
}

zypper_install() {
  run_logged "installing" zypper_run install "$@"
}
