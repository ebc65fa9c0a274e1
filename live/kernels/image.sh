# --- kernels as files

# is_bzimage FILE - whether it has the boot sector and setup code that real hardware needs (kernel documentation,
# arch/x86/boot.rst).
is_bzimage() {
  [ "$(text_at "$1" 514 4)" = HdrS ]
}

# bzimage_version FILE - the version that it carries, for a name without one (Gentoo's /boot/bzImage).
bzimage_version() {
  bzimage_text "$1" | sed -n 's/^\([0-9][A-Za-z0-9_.+~-]*\).*/\1/p'
}

# bzimage_text FILE - the text in the place of its version; nothing where the header names none.
bzimage_text() {
  local start
  # shellcheck disable=SC2046 # two numbers
  set -- "$1" $(bytes_at "$1" 526 2)
  start=$((${2:-0} + ${3:-0} * 256))
  [ "$start" -eq 0 ] || text_at "$1" $((512 + start)) 200
}

# kernel_version PATH - from the name, as packages give it, else from the image, else the name.
kernel_version() {
  local name="${1##*/}" version
  version=$(printf '%s\n' "$name" | sed -n -e 's/^vmlinuz-\([0-9].*\)$/\1/p' -e 's/^kernel-\([0-9].*\)$/\1/p' \
    -e 's/^bzImage-\([0-9].*\)$/\1/p' -e 's/^linux-\([0-9].*\)$/\1/p')
  if [ -z "$version" ] && is_bzimage "$ROOT$1"; then version=$(bzimage_version "$ROOT$1"); fi
  printf '%s\n' "${version:-$name}"
}

# initrd_of VERSION - the initramfs beside a kernel that the menu gives none: by Debian's name, Red Hat's, SUSE's, genkernel's.
initrd_of() {
  local name
  for name in "initrd.img-$1" "initramfs-$1.img" "initrd-$1.img" "initrd-$1" \
    "initramfs-genkernel-x86_64-$1" "initramfs-genkernel-x86-$1"; do
    has_file "/boot/$name" && printf '%s\n' "/boot/$name" && return
  done
  :
}
