# --- SUSE's zypper

# zypper_run ARGUMENT... - never asks. A kernel comes beside the one that is there, and not in its place: SUSE's settings leave that to their
# owner (`multiversion`, off in SLES 11), and zypp reads others where ZYPP_CONF names them.
#
# Its exit status from 100 on is no failure, but for 104 (nothing of that name) and 105 (a signal): 106 tells that one repository of several
# did not answer, 107 that a package is in place and its script failed (zypper(8), EXIT CODES).
zypper_run() {
  local status=0
  [ -f "$WORK/zypp.conf" ] || beside_each_other >"$WORK/zypp.conf"
  ZYPP_CONF=$WORK/zypp.conf zypper --non-interactive "$@" || status=$?
  case "$status" in 102 | 103 | 106 | 107) return 0 ;; esac
  return "$status"
}

# beside_each_other - zypp's settings, with kernels by what their packages say of themselves and, for those that say nothing, by name.
beside_each_other() {
  local file=/etc/zypp/zypp.conf
  [ -f "$file" ] || file=/dev/null
  awk '
    /^[ \t]*multiversion[ \t]*=/ { next }
    { print }
    /^\[main\]/ { print wanted; said = 1 }
    END { if (!said) print "[main]\n" wanted }' wanted="multiversion = provides:multiversion(kernel),kernel-default,kernel-pae" "$file"
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
  run_logged "reading the lists of packages" zypper_run refresh
}

# zypper_offers PACKAGE - by its trial: one that is installed and the newest has nothing to do.
zypper_offers() {
  zypper_run install --dry-run "$1" </dev/null >"$WORK/offer" 2>&1 && ! grep -i 'nothing to do' "$WORK/offer" >/dev/null
}

# zypper_held PACKAGE
zypper_held() {
  ! grep -x "solvable_name: $1" /etc/zypp/locks >/dev/null 2>&1 || printf '%s is locked (zypper removelock %s)\n' "$1" "$1"
}

# zypper_try PACKAGE... - fails as well where a zypp that has no `multiversion` would put the new kernel in the place of today's.
zypper_try() {
  local today
  zypper_run install --dry-run "$@" </dev/null >"$WORK/trial" 2>&1 || return 1
  today=$(rpm -q --qf '%{NAME}\n' -f "$TODAY_KERNEL" 2>/dev/null) || return 0
  would_replace "$today" "$WORK/trial" || return 0
  printf 'it would replace %s, whose kernel boots today\n' "$today" >>"$WORK/trial"
  return 1
}

# would_replace PACKAGE TRIAL - whether it stands among those of which zypper says that they are going to be upgraded or removed.
would_replace() {
  awk '
    /^The following/ { replaced = /upgraded|downgraded|REMOVED|removed|replaced/; next }
    /^[^ \t]/ { replaced = 0 }
    replaced { for (i = 1; i <= NF; i++) print $i }' "$2" | grep -x -F -e "$1" >/dev/null
}

zypper_needed_mb() {
  :
}

# zypper_download PACKAGE... - where its version can (--download-only came with 1.2.3); else it fetches before it installs.
zypper_download() {
  ! knows_word --download-only zypper install --help || run_logged "fetching packages" zypper_run install --download-only "$@"
}

zypper_install() {
  run_logged "installing" zypper_run install "$@"
}
