# --- what prepare would give

# decide_missing - notes what is missing (for people) and what is wanted (`want KIND …`, for prepare).
decide_missing() {
  choose_boot_kernel
  has_grub || want grub "GRUB: the files of which a boot loader for HVM is made."
  [ -n "$BOOT_KERNEL" ] && [ -z "$(lacked_drivers "$BOOT_KERNEL")" ] || want_kernel
  want_initramfs
}

# want_kernel - an entry where a kernel that will do is installed and in none, else the kernel.
want_kernel() {
  local image
  image=$(hvm_kernels | first_capable)
  if [ -n "$image" ]; then
    want entry "An entry in $MENU for kernel $(kernel_field "$image" 1), which boots as HVM on $(in_words "$FAMILIES")." "$image"
  elif [ -z "$BOOT_KERNEL" ]; then
    want kernel "A kernel that boots as HVM: $(why_no_kernel)."
  else
    want kernel "A kernel with $(in_words "$(lacked_drivers "$BOOT_KERNEL")"): $(kernel_field "$BOOT_KERNEL" 1) has none."
  fi
}

# want KIND TEXT [IMAGE]
want() {
  note want "$1" "${3:-}"
  note missing "$2"
}

# why_no_kernel - as a clause.
why_no_kernel() {
  if [ -n "$(hvm_kernels)" ]; then
    printf '%s, the only one installed, lacks %s' "$(kernel_field "$(hvm_kernels | sed -n 1p)" 1)" \
      "$(in_words "$(lacked_drivers "$(hvm_kernels | sed -n 1p)")")"
  else
    printf 'those installed are for Xen PV alone'
  fi
}

# want_initramfs - each initramfs that may be made anew: of kernels that boot as HVM and not today. Today's is left alone; a
# conversion rebuilds it on the copy.
want_initramfs() {
  local image late
  for image in $(hvm_kernels); do
    late=$(late_drivers "$image")
    [ -n "$late" ] && [ -n "$(kernel_field "$image" 3)" ] || continue
    if [ "$image" = "$TODAY_KERNEL" ] || [ "$(kernel_field "$image" 3)" = "$TODAY_INITRD" ]; then
      warn "$TODAY_INITRD, which boots today, lacks $(in_words "$late"): it is left alone, and the conversion rebuilds it on the copy."
      [ -n "$GENERATOR" ] || want generator "A program that makes an initramfs, by which the conversion rebuilds $TODAY_INITRD."
    else
      want initramfs "$(in_words "$late") in $(kernel_field "$image" 3)." "$image"
    fi
  done
}

# in_words LIST - `a, b and c`.
in_words() {
  printf '%s\n' "$1" | awk '{ for (i = 1; i <= NF; i++) text = text (i == 1 ? "" : i == NF ? " and " : ", ") $i } END { print text }'
}
