# --- packages, by what they give. Those with a kernel are made of a table that the converter goes by as well
# (converter/guest/kernel/kernelPackages.json, by live/assemble.mjs): kernel_packages prints the names to ask the package manager for, the
# best first, `a+b` for two that belong together, and nothing where the release has none.

# other_packages KIND - for GRUB and for the program that makes an initramfs. Each only puts files there: what writes to a disk
# or a menu when it is installed (Debian's grub-pc, grub2-common) is left out.
other_packages() {
  case "$1/$PACKAGE_MANAGER" in
    grub/apt-get) printf 'grub-pc-bin+grub-common\n' ;;
    grub/zypper) case "$OS_VERSION" in 11*) printf 'grub\n' ;; *) printf 'grub2-i386-pc grub2\n' ;; esac ;;
    grub/*) printf 'grub2-pc grub2 grub\n' ;;
    generator/apt-get) printf 'initramfs-tools\n' ;;
    generator/zypper) case "$OS_VERSION" in 11*) printf 'mkinitrd\n' ;; *) printf 'dracut\n' ;; esac ;;
    generator/*) printf 'dracut mkinitrd\n' ;;
  esac
}
