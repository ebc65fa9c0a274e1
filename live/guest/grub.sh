# --- the guest's own GRUB

# has_grub - whether the files are there of which a boot loader for HVM is made: GRUB 2's, or GRUB legacy's as Debian, Red Hat
# and SUSE put them. Ubuntu's grub-legacy-ec2 has none: it only writes menus.
has_grub() {
  local file
  for file in "$ROOT"/usr/lib/grub/i386-pc/boot.img "$ROOT"/usr/lib/grub2/i386-pc/boot.img "$ROOT"/usr/share/grub2/i386-pc/boot.img \
    "$ROOT"/usr/lib/grub/*-pc/stage1 "$ROOT"/usr/lib/grub/stage1 "$ROOT"/usr/share/grub/*/stage1; do
    [ -f "$file" ] && return
  done
  return 1
}
