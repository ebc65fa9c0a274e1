# --- package managers, each behind the same few questions (apt.sh, yum.sh, zypper.sh)

# manager QUESTION ARGUMENT... - asks the one of this guest. dnf is yum's successor and answers to the same words.
manager() {
  local question="$1"
  shift
  case "$PACKAGE_MANAGER" in
    apt-get) "apt_$question" "$@" ;;
    yum | dnf) "yum_$question" "$@" ;;
    zypper) "zypper_$question" "$@" ;;
  esac
}

# list_packages - NAME, or NAME-VERSION where several of one name can be installed.
list_packages() {
  case "$PACKAGE_MANAGER" in
    apt-get)
      # `hold ok installed` is one that somebody keeps as it is.
      # shellcheck disable=SC2016 # dpkg-query's own variables
      dpkg-query -W -f '${Status} ${Package}\n' | sed -n 's/^[a-z]* ok installed //p'
      ;;
    pacman) pacman -Q | tr ' ' '-' ;;
    emerge) (cd /var/db/pkg && ls -d ./*/*) ;;
    *) rpm -qa --qf '%{NAME}-%{VERSION}-%{RELEASE}\n' ;;
  esac | sort
}

# choose_packages ALTERNATIVES - the first of them that can be had, its parts apart; fails where none can. A part may be there already.
choose_packages() {
  local alternative package wanted missing
  for alternative in $1; do
    wanted=""
    missing=""
    for package in $(printf '%s' "$alternative" | tr '+' ' '); do
      if manager offers "$package"; then wanted="$wanted $package"
      elif ! is_installed "$package"; then missing=$package; fi
    done
    [ -n "$missing" ] || [ -z "$wanted" ] || { printf '%s\n' "${wanted# }" && return; }
  done
  return 1
}

# held PACKAGE... - why the package manager leaves them as they are: what its owner has set.
held() {
  local package
  for package in "$@"; do
    case "$PACKAGE_MANAGER" in
      apt-get) apt_held "$package" ;;
      yum | dnf) yum_held "$package" ;;
      zypper) zypper_held "$package" ;;
    esac
  done | sed -n 1p
}

# is_installed PACKAGE
is_installed() {
  if [ "$PACKAGE_MANAGER" = apt-get ]; then list_packages | grep "^$1\$" >/dev/null; else rpm -q "$1" >/dev/null 2>&1; fi
}

# installed_versions PACKAGE - what is installed of that name, or has it among its own (SLES 12's dracut is mkinitrd too): a line each, none
# where there is nothing.
installed_versions() {
  if [ "$PACKAGE_MANAGER" = apt-get ]; then
    # shellcheck disable=SC2016 # dpkg-query's own variables
    dpkg-query -W -f '${Status} ${Version}\n' "$1" 2>/dev/null | sed -n 's/^[a-z]* ok installed //p'
  else
    rpm -q "$1" 2>/dev/null || rpm -q --whatprovides "$1" 2>/dev/null || :
  fi
}

# knows_word WORD PROGRAM ARGUMENT... - whether a program's help names an option.
knows_word() {
  local word="$1"
  shift
  "$@" </dev/null 2>&1 | grep -e "$word" >/dev/null
}

# is_locked FILE... - prints the process that holds one of them locked (fcntl or flock), by the kernel's own list: fuser and lsof are
# often not there.
is_locked() {
  local file inode
  for file in "$@"; do
    [ -f "$file" ] && [ -r /proc/locks ] || continue
    # shellcheck disable=SC2012 # the number before one name
    inode=$(ls -i "$file" | awk '{ print $1 }')
    lock_holder "$inode" && return
  done
  return 1
}

# lock_holder INODE - `1: POSIX  ADVISORY  WRITE 4711 08:01:1234 0 EOF`: the word before device and inode. A waiting one has an arrow
# before its kind.
lock_holder() {
  awk -v inode="$1" '
    { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9a-f]+:[0-9a-f]+:[0-9]+$/) { split($i, part, ":"); if (part[3] == inode) { print $(i - 1); found = 1; exit } } }
    END { exit !found }' /proc/locks
}

# is_running PIDFILE... - prints the process of such a file that is alive.
is_running() {
  local file pid
  for file in "$@"; do
    [ -f "$file" ] || continue
    pid=$(tr -cd '0-9' <"$file")
    [ -n "$pid" ] && [ -d "/proc/$pid" ] && printf '%s\n' "$pid" && return
  done
  return 1
}

# archive_hint - where a release that is out of support has its packages now.
archive_hint() {
  case "$OS_ID" in
    debian) printf 'Where the release is out of support, its packages are at archive.debian.org: name that in /etc/apt/sources.list (with [trusted=yes], its keys are too old), run apt-get update, then run this again.' ;;
    ubuntu) printf 'Where the release is out of support, its packages are at old-releases.ubuntu.com: name that in /etc/apt/sources.list, run apt-get update, then run this again.' ;;
    centos | scientific) printf 'Where the release is out of support, its packages are at vault.centos.org: name that as baseurl in /etc/yum.repos.d (and take mirrorlist out), then run this again.' ;;
    rhel | red) printf 'See that the machine reaches its update service (RHUI), or name a mirror in /etc/yum.repos.d, then run this again.' ;;
    sles* | suse*) printf 'See that the machine is registered and reaches its update service, or add an installation medium (zypper addrepo), then run this again.' ;;
    *) printf 'See that the machine reaches its repositories, then run this again.' ;;
  esac
}
