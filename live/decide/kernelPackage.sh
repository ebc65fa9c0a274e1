# --- the package that brings a kernel for HVM

# kernel_packages - the names to ask the package manager for, the best first; empty where the release has none. Each is the name that a
# release always gives its newest kernel, so that a later update renews it.
kernel_packages() {
  case "$OS_ID" in
    debian) debian_kernels ;;
    ubuntu) ubuntu_kernels ;;
    centos | rhel | red | scientific | oracle | ol | amzn | amazon | fedora | rocky | almalinux) red_hat_kernels ;;
    sles* | suse* | opensuse*) suse_kernels ;;
  esac
}

# Debian's kernels are pv_ops from 6 on; its -xen flavours are for PV as well. For i386 the one with PAE: Xen needs it.
debian_kernels() {
  if [ "$ARCHITECTURE" = i386 ]; then printf 'linux-image-686-pae linux-image-2.6-686-bigmem linux-image-686-bigmem\n'
  else printf 'linux-image-amd64 linux-image-2.6-amd64\n'; fi
}

# 8.04 to 9.10 know Xen as PV alone, so their kernels would find no disk. 10.04's way out is a later release's kernel. ENA and NVMe
# came to 14.04 and 16.04 with the kernel that Ubuntu makes for EC2.
ubuntu_kernels() {
  case "$OS_VERSION" in
    8.* | 9.*) ;;
    10.*) printf 'linux-image-virtual-lts-backport-maverick linux-image-virtual-lts-backport-natty linux-image-virtual-lts-backport-oneiric\n' ;;
    *)
      if wants nitro && [ "$ARCHITECTURE" = x86_64 ]; then printf 'linux-aws linux-image-virtual linux-image-generic\n'
      else printf 'linux-image-virtual linux-image-generic\n'; fi
      ;;
  esac
}

# kernel-xen is 5's kernel for PV; `kernel` runs on hardware. 5's for i386 needs PAE above 4 GiB, and Xen has it anyway.
red_hat_kernels() {
  case "$OS_VERSION/$ARCHITECTURE" in 5*/i386) printf 'kernel-PAE kernel\n' ;; *) printf 'kernel\n' ;; esac
}

# SLES 11's kernel-xen and kernel-ec2 are for PV; Xen's drivers for HVM are in a package of their own (xen-kmp-default), which its
# kernel-default does not ask for. From 12 on they are in the kernel.
suse_kernels() {
  case "$OS_VERSION/$ARCHITECTURE" in
    11*/i386) printf 'kernel-pae+xen-kmp-pae\n' ;;
    11*) printf 'kernel-default+xen-kmp-default\n' ;;
    *) printf 'kernel-default\n' ;;
  esac
}

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
