# --- making an initramfs anew, by the guest's own program

# rebuild_initramfs - each that is wanted, its drivers first named in the generator's own configuration, so that those of later
# kernels have them too.
rebuild_initramfs() {
  local image late
  for image in $(wanted_initramfs); do
    late=$(spelled_modules "$image")
    configure_generator "$late" ||
      finish_failed "the configuration of $GENERATOR could not be written." "$(in_words "$late") named in it." "Look at $LOG and the disk, then run it again."
    rebuild_one "$image" "$late"
  done
}

# NAMED_MODULES - bus, disk and card of both families and of the rehearsal's machines, as drivers.ts has them: each by the names that it
# has had, the HVM kernels' first. All of them are named, whether or not the old image had them: Red Hat's and SUSE's mkinitrd,
# mkinitcpio and MODULES=list put in what they are told and nothing else.
NAMED_MODULES='xen-platform-pci xen-blkfront,xen-vbd xen-netfront,xen-vnif nvme ena sd_mod ata_generic ata_piix,piix ahci e1000
  virtio_pci virtio_blk virtio_net'

# spelled_modules IMAGE - the modules to name, in this kernel's own spelling, of those that it has: NAMED_MODULES, and the root's filesystem.
spelled_modules() {
  list_modules "$(kernel_field "$1" 1)" | awk -v wanted="$NAMED_MODULES $(root_modules)" '
    function key(name) { gsub(/-/, "_", name); return name }
    { sub(/^.*\//, ""); if (sub(/\.ko(\.xz|\.gz|\.zst)?$/, "")) spelling[key($0)] = $0 }
    END {
      count = split(wanted, driver, " ")
      for (i = 1; i <= count; i++) {
        names = split(driver[i], name, ",")
        for (j = 1; j <= names; j++) if (key(name[j]) in spelling) { list = list " " spelling[key(name[j])]; break }
      }
      print substr(list, 2)
    }'
}

# root_modules - the type of the filesystem at /, by the kernel, or by fstab where that names none of a disk, with the checksum that xfs and ext4 ask for by name.
root_modules() {
  local type
  type=$(awk '$2 == "/" && $1 != "rootfs" { type = $3 } END { print type }' /proc/mounts 2>/dev/null)
  case "$type" in ext[234] | xfs) ;; *) type=$(awk '!/^#/ && $2 == "/" { print $3; exit }' /etc/fstab 2>/dev/null) ;; esac
  case "$type" in
    ext2 | ext3) printf '%s\n' "$type" ;;
    ext4 | xfs) printf 'crc32c crc32c_generic %s\n' "$type" ;;
  esac
}

# rebuild_one IMAGE MODULES - beside the old one, which stays until the new one is whole. Where the generator knows no other
# place (update-initramfs), it does the same by itself.
rebuild_one() {
  local version initrd new
  version=$(kernel_field "$1" 1)
  initrd=$(kernel_field "$1" 3)
  new=$initrd.pv-to-hvm
  say "Rebuilding $initrd with $(in_words "$2")"
  [ -f "$(module_folder "$version")/modules.dep" ] || run_logged "indexing modules" depmod "$version"
  case "$GENERATOR" in
    update-initramfs) run_update_initramfs "$initrd" "$new" "$version" ;;
    dracut) run_dracut "$initrd" "$new" "$version" "$2" ;;
    mkinitrd) run_mkinitrd "$initrd" "$new" "$version" "$2" ;;
    mkinitrd-suse) run_mkinitrd_suse "$initrd" "$new" "$version" "$2" ;;
    mkinitcpio) run_mkinitcpio "$initrd" "$new" "$version" ;;
  esac || fail_to_rebuild "$initrd" "$new" "ended with an error"
  [ ! -f "$new" ] || mv -f "$new" "$initrd" || fail_to_rebuild "$initrd" "$new" "wrote nothing that could be put in its place"
  REBUILT="$REBUILT $initrd"
}

REBUILT=

# run_update_initramfs INITRD NEW VERSION - it makes those of its own name alone, and keeps a checksum of each (-t takes over one that
# somebody else changed).
run_update_initramfs() {
  if [ "$1" = "/boot/initrd.img-$3" ]; then run_logged "rebuilding $1" update-initramfs -u -t -k "$3"
  else run_logged "rebuilding $1" mkinitramfs -o "$2" "$3"; fi
}

# run_dracut INITRD NEW VERSION MODULES - not for this machine alone (--no-hostonly), where its version knows the word. To 007
# --add-drivers takes the place of what the configuration names.
run_dracut() {
  local script options=""
  script=$(program_path dracut)
  grep -e --no-hostonly "$script" >/dev/null && options=--no-hostonly
  # shellcheck disable=SC2086 # one option, or none
  if grep -e --add-drivers "$script" >/dev/null; then run_logged "rebuilding $1" dracut --force $options --add-drivers "$(with_words "$4" "$(added_drivers)")" "$2" "$3"
  else run_logged "rebuilding $1" dracut --force $options "$2" "$3"; fi
}

# added_drivers - what every `add_drivers+=` of dracut's configuration names.
added_drivers() {
  cat /etc/dracut.conf /etc/dracut.conf.d/*.conf 2>/dev/null | sed -n 's/^[[:space:]]*add_drivers+*=//p' | sed "s/[\"']//g; s/#.*//" | tr '\n' ' '
}

# with_words WORDS MORE - WORDS, and those of MORE that are not among them.
with_words() {
  local word list="$1"
  for word in $2; do
    case " $list " in *" $word "*) ;; *) list="$list${list:+ }$word" ;; esac
  done
  printf '%s\n' "$list"
}

# run_mkinitrd_suse INITRD NEW VERSION MODULES - with -m it takes nothing of INITRD_MODULES, so those are named too; but for the PV kernel's
# names, which an HVM kernel has no file for. SLES 10's and openSUSE 11.0's know no -B.
run_mkinitrd_suse() {
  local options="" configured
  ! grep param_B "$(program_path mkinitrd)" >/dev/null || options=-B
  configured=$(initrd_modules | sed 's/xenblk//; s/xennet//')
  # shellcheck disable=SC2086 # one option, or none
  run_logged "rebuilding $1" mkinitrd $options -b "${2%/*}" -k "vmlinuz-$3" -i "${2##*/}" -m "$(with_words "$4" "$configured")"
}

# initrd_modules - the last list in /etc/sysconfig/kernel.
initrd_modules() {
  sed -n 's/^INITRD_MODULES=//p' /etc/sysconfig/kernel 2>/dev/null | tail -n 1 | tr -d "\"'"
}

# run_mkinitcpio INITRD NEW VERSION - what it takes is in its configuration alone. autodetect would look at this machine's hardware: to
# 0.8 the option against it is a letter among those of getopts, then a word as well.
run_mkinitcpio() {
  local options=""
  ! grep -E -e "--skiphooks|getopts +['\"][^'\"]*S:" "$(program_path mkinitcpio)" >/dev/null || options="-S autodetect"
  # shellcheck disable=SC2086 # one option with its value, or none
  run_logged "rebuilding $1" mkinitcpio $options -k "$3" -g "$2"
}

# run_mkinitrd INITRD NEW VERSION MODULES - Red Hat 5's loads them in the order of its options; disks wait for the first ones.
run_mkinitrd() {
  local initrd="$1" new="$2" version="$3" modules="$4" module
  set --
  for module in $modules; do
    case "$module" in
      xen-platform-pci | xen-vbd | xen-blkfront) set -- "$@" "--preload=$module" ;;
      *) set -- "$@" "--with=$module" ;;
    esac
  done
  run_logged "rebuilding $initrd" mkinitrd -f "$@" "$new" "$version"
}

fail_to_rebuild() {
  rm -f "$2"
  finish_failed "$GENERATOR $3: $(last_words)" "$1 with the drivers." "Look at $LOG; rebuild it by hand, or run this again."
}
