# --- every kernel, judged

# kernel_paths - `PATH US INITRD`: the menu's kernels first, then every /boot/vmlinuz-*, each once.
kernel_paths() {
  local kernel initrd file
  {
    menu_kernels | while IFS=$US read -r kernel initrd; do
      is_linux_file "$kernel" && [ -f "$ROOT$kernel" ] && printf '%s\n' "$kernel$US$initrd"
    done
    for file in "$ROOT"/boot/vmlinuz-*; do
      file=$(resolve "$ROOT" "${file#"$ROOT"}") && [ -f "$ROOT$file" ] &&
        printf '%s\n' "$file$US$(initrd_of "$(kernel_version "$file")")"
    done
  } | awk 'BEGIN { FS = "\037" } !($1 in seen) { seen[$1] = 1; print }'
}

# menu_kernels - `PATH US INITRD` of each kernel of the menu, with the initrd that it boots with, if it has any. Several entries may
# start one kernel, each with another: what boots is today's entry, and after it one whose files are there.
menu_kernels() {
  awk -v today="$TODAY_ENTRY" '
    BEGIN { FS = OFS = "\037" }
    $2 == "" { next }
    { rank = $1 == today ? 3 : $4 == "" ? 2 : 1 }
    !($2 in best) { kernel[++count] = $2 }
    rank > best[$2] { best[$2] = rank; initrd[$2] = $3 }
    END { for (i = 1; i <= count; i++) print kernel[i], initrd[kernel[i]] }' "$WORK/entries"
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
