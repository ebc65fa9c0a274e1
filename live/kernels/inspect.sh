# --- every kernel, judged

# kernel_paths - `PATH US INITRD`: the menu's kernels first, then every /boot/vmlinuz-*, each once.
kernel_paths() {
  local number kernel initrd rest file
  {
    while IFS=$US read -r number kernel initrd rest; do
      [ -n "$kernel" ] && is_linux_file "$kernel" && [ -f "$ROOT$kernel" ] && printf '%s\n' "$kernel$US$initrd"
    done <"$WORK/entries"
    for file in "$ROOT"/boot/vmlinuz-*; do
      file=$(resolve "$ROOT" "${file#"$ROOT"}") && [ -f "$ROOT$file" ] && printf '%s\n' "$file$US"
    done
  } | awk 'BEGIN { FS = "\037" } !($1 in seen) { seen[$1] = 1; print }'
}

# inspect_kernels - notes each kernel and its drivers.
inspect_kernels() {
  local image initrd
  kernel_paths >"$WORK/kernels"
  while IFS=$US read -r image initrd; do
    inspect_kernel "$image" "$initrd" </dev/null
  done <"$WORK/kernels"
}

# inspect_kernel IMAGE INITRD
inspect_kernel() {
  local image="$1" initrd="$2" version driver where module
  version=$(kernel_version "$image")
  [ -n "$initrd" ] || initrd=$(initrd_of "$version")
  read_configuration "$version"
  judge_hvm "$image"
  read_initramfs "$initrd"
  note kernel "$version" "$image" "$initrd" "$HVM" "$HVM_WHY" "$INITRAMFS_PROBLEM"
  judge_drivers "$version" >"$WORK/judged"
  while read -r driver where module; do
    note driver "$image" "$driver" "$where" "$module"
  done <"$WORK/judged"
  [ -z "$INITRAMFS_PROBLEM" ] || warn "kernel $version: $initrd cannot be read: $INITRAMFS_PROBLEM. Its drivers are taken for missing."
}

# read_initramfs PATH - as list_initramfs, for a file that may be missing or not be named at all.
read_initramfs() {
  INITRAMFS_PROBLEM=
  : >"$WORK/initramfs"
  [ -n "$1" ] || return 0
  if [ -f "$ROOT$1" ]; then list_initramfs "$(host_path "$1")"; else INITRAMFS_PROBLEM="the menu names it, and it is not there"; fi
}
