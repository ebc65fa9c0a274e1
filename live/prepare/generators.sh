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

# spelled_modules IMAGE - the modules to name, in this kernel's own spelling: what the root may need, and the network's.
spelled_modules() {
  notes_of driver | awk -v image="$1" -v families=" $FAMILIES " '
    BEGIN {
      FS = "\037"
      family["xen-platform-pci"] = family["xen-blkfront"] = family["xen-netfront"] = " xen "
      family["nvme"] = family["ena"] = " nitro "
    }
    $1 == image && $3 == "module" && $2 in family && index(families, family[$2]) { list = list " " $4 }
    END { print substr(list, 2) }'
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
    mkinitrd-suse) run_logged "rebuilding $initrd" mkinitrd -B -b "${new%/*}" -k "vmlinuz-$version" -i "${new##*/}" -m "$2" ;;
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

# run_dracut INITRD NEW VERSION MODULES - not for this machine alone (--no-hostonly), where its version knows the word.
run_dracut() {
  local script options=""
  script=$(program_path dracut)
  grep -e --no-hostonly "$script" >/dev/null && options=--no-hostonly
  # shellcheck disable=SC2086 # one option, or none
  if grep -e --add-drivers "$script" >/dev/null; then run_logged "rebuilding $1" dracut --force $options --add-drivers "$4" "$2" "$3"
  else run_logged "rebuilding $1" dracut --force $options "$2" "$3"; fi
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
