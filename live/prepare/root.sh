# --- rights, and the guest's own root

# become_root ARGUMENT... - starts anew by sudo where it can be had without a password. Returns where it is root already, or
# cannot become it.
become_root() {
  [ "$(id -u)" != 0 ] || return 0
  [ -f "$0" ] && [ -r "$0" ] && command -v sudo >/dev/null 2>&1 && sudo -n true </dev/null >/dev/null 2>&1 || return 0
  exec sudo -n sh "$0" "$@"
}

# enter_folder - a preparation of a guest in a folder runs in it, as on the machine itself. It is handed over on standard input:
# no file of ours comes into the guest for that.
enter_folder() {
  [ -n "$ROOT" ] || return 0
  [ -f "$0" ] || usage_error "prepare $ROOT: start the program as a file (sh pv-to-hvm.sh …), for it has to hand itself on."
  exec chroot "$ROOT" /bin/sh -s -- prepare / --for "$(printf '%s' "$FAMILIES" | tr ' ' ',')" ${JSON:+--json} <"$0"
}

# refuse_without_root
refuse_without_root() {
  local user
  [ "$(id -u)" != 0 ] || return 0
  user=$(id -un)
  problem "it runs as $user, and \"sudo -n\" does not make $user root without a password or a terminal." "the rights of root." \
    "Connect as root, or let $user use sudo without both (NOPASSWD, !requiretty)."
  finish REFUSED "it runs as $user and cannot become root: connect as root, or let $user use sudo without password and terminal."
}

# refuse_unreadable - an inspection needs no more than to read, but menu, kernels and initramfs are often for root alone.
refuse_unreadable() {
  local file
  for file in "$ROOT/boot" "$ROOT"/boot/* "$ROOT"/boot/grub/*; do
    [ ! -e "$file" ] || [ -r "$file" ] || refuse_without_root
  done
}
