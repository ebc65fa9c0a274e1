# --- Debian's and Ubuntu's apt-get

# apt_get ARGUMENT... - never asks: configuration files that somebody changed stay (confold, ucf), and nothing is removed for what
# is installed. Words of apt's own that old versions do not know are settings (-o), which they pass over.
apt_get() {
  DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true UCF_FORCE_CONFFOLD=1 APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 \
    apt-get -q -y --no-remove -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o APT::Install-Recommends=false "$@"
}

apt_busy() {
  is_locked /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock
}

# apt_broken - what dpkg has begun and not finished, or what lacks a package that it depends on. Not by `dpkg --audit`, which
# complains of old packages without checksums as well.
apt_broken() {
  local unfinished
  # shellcheck disable=SC2016 # dpkg-query's own variables
  dpkg-query -W -f '${Status} ${Package}\n' >"$WORK/states" 2>"$WORK/check" || { printf 'dpkg says: %s\n' "$(words_of "$WORK/check")" && return; }
  unfinished=$(awk '$2 != "ok" || $3 ~ /^(half-|unpacked|triggers-)/ { printf "%s ", $4 }' "$WORK/states")
  if [ -n "$unfinished" ]; then
    printf 'dpkg has begun and not finished %s\n' "$(in_words "$unfinished")"
  elif ! apt_get --simulate check >"$WORK/check" 2>&1 </dev/null; then
    printf 'apt-get says: %s\n' "$(words_of "$WORK/check")"
  fi
}

# apt_held PACKAGE
apt_held() {
  # shellcheck disable=SC2016 # dpkg-query's own variables
  [ "$(dpkg-query -W -f '${Status}' "$1" 2>/dev/null | sed 's/ .*//')" != hold ] || printf '%s is on hold; apt-mark unhold %s\n' "$1" "$1"
}

# apt_can_mend - what was left half-done by whomever: dpkg and apt-get take up what they find, and remove nothing for it. Not where dpkg
# cannot read what it has noted.
apt_can_mend() {
  dpkg-query -W >/dev/null 2>&1
}

apt_repair_hint() {
  if dpkg-query -W >/dev/null 2>&1; then printf 'Run dpkg --configure -a and apt-get -f install, then run this again.\n'
  else printf 'Put /var/lib/dpkg/status-old, which dpkg keeps of its last change, in the place of /var/lib/dpkg/status, then run this again.\n'; fi
}

# apt_repair - what dpkg cannot finish alone, since it lacks a package or the rest of one, apt-get fetches.
apt_repair() {
  run_logged "finishing what was interrupted" apt_configure || :
  run_logged "finishing what was interrupted" apt_get -f install
}

apt_configure() {
  DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 dpkg --configure -a --force-confdef --force-confold
}

apt_refresh() {
  run_logged "reading the lists of packages" apt_get update
}

# apt_offers PACKAGE - whether there is a version that is not installed.
apt_offers() {
  apt-cache policy "$1" 2>/dev/null | awk '
    $1 == "Installed:" { installed = $2 }
    $1 == "Candidate:" { candidate = $2 }
    END { exit candidate == "" || candidate == "(none)" || candidate == installed }'
}

# apt_try PACKAGE... - what would be done, written to $WORK/trial, and of all that would be installed what its package says. By a
# simulation alone: without -y apt-get asks nothing where it installs no more than was named, and does it.
apt_try() {
  apt_get --simulate install "$@" >"$WORK/trial" 2>&1 </dev/null || return 1
  # shellcheck disable=SC2046 # one word a package
  apt-cache --no-all-versions show $(sed -n 's/^Inst \([^ ]*\) .*/\1/p' "$WORK/trial") >"$WORK/sizes" 2>/dev/null </dev/null || :
}

# apt_needed_mb - MiB of what is installed (in KiB there) and of what is fetched for it (in bytes); empty where that is not said.
apt_needed_mb() {
  awk '
    $1 == "Installed-Size:" { kib += $2 }
    $1 == "Size:" { bytes += $2 }
    END { if (kib) print int(kib / 1024 + bytes / 1048576) + 1 }' "$WORK/sizes"
}

apt_download() {
  run_logged "fetching packages" apt_get --download-only install "$@"
}

apt_install() {
  run_logged "installing" apt_get install "$@"
}
