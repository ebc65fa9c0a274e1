# --- why a conversion would refuse the source as it is

# decide_problems - notes them, each with what prepare could do about it.
decide_problems() {
  local lacked late family
  if wants nitro && [ "$ARCHITECTURE" = i386 ]; then
    problem "the guest is of 32 bits (i386)." "x86_64: Nitro types start nothing else." "Leave nitro out (--for xen; with Pulumi, guest.families)."
  fi
  if [ -z "$BOOT_KERNEL" ]; then
    mendable "$(kernel_packages)" "no entry of $MENU starts a kernel that boots as HVM: $(describe_entry_kernels)." \
      "a kernel that runs on hardware, with an entry." "$(way_to_kernel)"
    return
  fi
  lacked=$(lacked_drivers "$BOOT_KERNEL")
  if [ -n "$lacked" ]; then
    mendable "$(kernel_packages)" "kernel $(kernel_field "$BOOT_KERNEL" 1), which a conversion boots, has no $(in_words "$lacked"), built in or as a module." \
      "drivers for disk and network of $(in_words "$FAMILIES")." "$(way_to_drivers "$lacked")"
  fi
  judge_early
}

# mendable PACKAGES FOUND NEEDED FIX - a problem, unless prepare comes next and there are packages for it.
mendable() {
  if [ -n "$PREPARE_NEXT" ] && [ -n "$1" ] && can_prepare; then warn "$2 Prepare is to mend that."
  else problem "$2" "$3" "$4"; fi
}

# can_prepare - whether the package manager is one that prepare works with.
can_prepare() {
  case "$PACKAGE_MANAGER" in apt-get | yum | dnf | zypper) return 0 ;; esac
  return 1
}

# judge_early - a disk's driver that comes too late and that no rebuilt initramfs can bring.
judge_early() {
  local late version
  late=$(late_drivers "$BOOT_KERNEL" | sed 's/xen-platform-pci *//')
  version=$(kernel_field "$BOOT_KERNEL" 1)
  [ -n "$late" ] || return 0
  if [ -z "$(kernel_field "$BOOT_KERNEL" 3)" ]; then
    problem "kernel $version has $(in_words "$late") as a module, and its entry names no initrd." \
      "$(in_words "$late") before the root is mounted." "Give the entry an initrd, or build $(in_words "$late") in."
  elif [ -z "$GENERATOR" ]; then
    mendable yes "$(kernel_field "$BOOT_KERNEL" 3) lacks $(in_words "$late"), and the guest has no program that builds one." \
      "dracut, mkinitrd, update-initramfs or mkinitcpio." "$(ask_prepare "Install the one of this distribution.")"
  fi
}

# describe_entry_kernels - `2.6.18-348.el5xen is PV only (…)`.
describe_entry_kernels() {
  local why
  why=$(awk -v image="$TODAY_KERNEL" 'BEGIN { FS = "\037" } $1 == "kernel" && $3 == image { print $2 " is PV only (" $6 ")"; exit }' "$WORK/notes")
  printf '%s\n' "${why:-$MENU starts none that is there}"
}

way_to_kernel() {
  local package
  package=$(kernel_packages | sed 's/ .*//; s/+/ and /')
  if [ -z "$package" ]; then
    printf 'This release has no kernel that does (%s): copy what runs on it to a later one.\n' "$OS_NAME"
  else
    ask_prepare "Install $package, with an entry in $MENU."
  fi
}

way_to_drivers() {
  local hint=""
  case "$1" in *ena*) hint=" (or ENA's own package: amzn-drivers, by DKMS)" ;; esac
  ask_prepare "Install a kernel with $(in_words "$1")$hint, with an entry in $MENU, or leave the family out (--for; with Pulumi, guest.families)."
}

# ask_prepare OTHERWISE - inspect points to prepare, which has no such thing to say of itself.
ask_prepare() {
  if [ "$COMMAND" = inspect ] && can_prepare; then printf 'Let prepare see to it (with Pulumi, source.prepare: true), or: %s\n' "$1"
  else printf '%s\n' "$1"; fi
}
