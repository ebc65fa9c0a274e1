# --- the guest's package manager

PACKAGE_MANAGER=

# find_package_manager - sets PACKAGE_MANAGER to the one that installs, or leaves it empty. dnf before yum, which is a link to
# it where both are there.
find_package_manager() {
  local name
  for name in apt-get dnf yum zypper emerge pacman; do
    program_path "$name" >/dev/null && PACKAGE_MANAGER=$name && return
  done
  :
}
