#!/usr/bin/env bash
# Installs what is missing, and says what and why: Debian packages through apt-get, npm packages from the lock file,
# and the programs bundled into dist/. Safe to interrupt and to run again; does nothing where nothing is missing.
# usage: local/setup.sh --for demo|test|cloud|bench
set -euo pipefail
# An ordinary user's PATH lacks them on Debian, and so does root's after `su`: dpkg's scripts look there.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
cd "$(dirname "$0")/.."

say() { printf '\033[2m[set-up]\033[0m %s\n' "$*"; }
stop() { printf '%s\n' "$*" >&2; exit 1; }

check_node() {
  local version
  version=$(node --version 2>/dev/null) || stop "Node is not installed. Node 20 or newer is needed: install it from https://nodejs.org and try again."
  local major=${version#v}; major=${major%%.*}
  [ "$major" -ge 20 ] || stop "Node $version found, 20 or newer needed. Install it from https://nodejs.org (or with nvm: nvm install 20) and try again."
}

check_machine() {
  [ "$(uname -sm)" = "Linux x86_64" ] || stop "This is $(uname -sm); the local cloud needs Linux on x86_64 (old PV guests are x86). On AWS the component runs from any machine."
  check_root
}

# Everything here is made as the user who calls, but for packages; the local cloud works as root. Asked for once, by name, before any work.
check_root() {
  [ "$(id -u)" != 0 ] || return 0
  command -v sudo >/dev/null || stop "Neither root nor sudo: the local cloud mounts file systems and starts machines, which needs root. Run it as root, or install sudo."
  sudo -n true 2>/dev/null && return 0
  say "root is needed to mount file systems, to start machines with networks of their own, and for apt-get where a package is missing: sudo asks for your password"
  sudo true || stop "sudo did not let $(id -un) become root. As root, add the user to the group sudo (usermod -aG sudo $(id -un)) and log in again; or run this as root."
}

# package : a file that it brings : what it is for
packages() {
  cat <<'LIST'
mmdebstrap:/usr/bin/mmdebstrap:builds the sample PV image and the helper's image
debian-archive-keyring:/usr/share/keyrings/debian-archive-keyring.gpg:checks Debian's signatures on what goes into the images
e2fsprogs:/sbin/mke2fs:makes, checks and reads ext2, ext3 and ext4
xfsprogs:/usr/sbin/xfs_db:makes, checks and reads XFS
dosfstools:/sbin/mkfs.vfat:makes EFI system partitions
attr:/usr/bin/setfattr:gives rewritten files their SELinux labels
qemu-utils:/usr/bin/qemu-img:makes the overlays on which journals are replayed
qemu-system-common:/usr/bin/qemu-storage-daemon:shows those overlays
fdisk:/sbin/sfdisk:writes partition tables
mount:/usr/bin/mount:mounts volumes through loop devices
util-linux:/usr/bin/unshare:gives every machine of the local cloud its own namespaces
bubblewrap:/usr/bin/bwrap:keeps the programs of a guest inside that guest
grub-pc-bin:/usr/lib/grub/i386-pc/boot.img:GRUB's images for PC BIOS machines
grub-common:/usr/bin/grub-mkimage:puts GRUB's core image together
zstd:/usr/bin/zstd:reads initramfs images
lz4:/usr/bin/lz4:reads initramfs images
xz-utils:/usr/bin/xz:reads initramfs images
cpio:/usr/bin/cpio:makes initramfs images for the tests
openssh-client:/usr/bin/ssh-keygen:reaches the machines, makes keys
iproute2:/sbin/ip:gives every machine of the local cloud a network address of its own
nftables:/usr/sbin/nft:lets machines of the local cloud reach what their security groups allow
curl:/usr/bin/curl:fetches the Pulumi CLI where the network allows it
ca-certificates:/etc/ssl/certs/ca-certificates.crt:checks the servers that packages come from
LIST
}

# What only the tests, or only the benchmarks, need.
packages_for() {
  case $1 in
  test) cat <<'LIST' ;;
lvm2:/usr/sbin/lvm:makes the volume groups that the tests read
btrfs-progs:/sbin/mkfs.btrfs:makes a filesystem that is refused
gdisk:/usr/sbin/sgdisk:makes partition tables by another hand than ours
ucf:/usr/bin/ucf:asks about changed boot menus, as it would in the guest
lzop:/usr/bin/lzop:packs kernels and initramfs images for the tests
bzip2:/usr/bin/bzip2:packs kernels and initramfs images for the tests
qemu-system-x86:/usr/bin/qemu-system-x86_64:boots the small guests of the rehearsal's tests
seabios:/usr/share/seabios/bios.bin:the firmware of these guests
zip:/usr/bin/zip:packs a disk, which is then refused by its name
unzip:/usr/bin/unzip:unpacks it as the refusal says
squashfs-tools:/usr/bin/mksquashfs:makes a filesystem that is refused
busybox:/usr/bin/busybox:the smallest shell and tools that the program for live sources has to do with (busybox-static will do as well)
libc-bin:/usr/bin/ldd:tells which libraries a program of a guest in the tests needs
sudo:/usr/bin/sudo:makes root of the user that a test makes, who has no other right
passwd:/usr/sbin/useradd:makes that user, and takes it away again
shellcheck:/usr/bin/shellcheck:checks that program
dnf:/usr/bin/dnf:installs in a guest of the tests as Fedora's own does
zypper:/usr/bin/zypper:installs in a guest of the tests as SUSE's own does
rpm:/usr/bin/rpmbuild:makes the packages that these two install
createrepo-c:/usr/bin/createrepo_c:makes the repositories that they are in
dpkg-dev:/usr/bin/dpkg-scanpackages:makes the repository that apt-get installs from
genisoimage:/usr/bin/genisoimage:makes the CD from which GRUB 0.97 reads menus (its own package is unpacked, never installed), and a CD that is refused
chromium-headless-shell:/usr/bin/chromium-headless-shell:opens the page that discover writes (100 MB)
augeas-tools:/usr/bin/augtool:reads menus and fstab by another hand than ours
LIST
  bench) cat <<'LIST' ;;
nbdkit:/usr/bin/nbdkit:makes a disk that answers each read late, as a fresh EBS volume
libnbd-bin:/usr/bin/nbdfuse:shows that disk as a file
fuse3:/usr/bin/fusermount3:shows that disk as a file
partclone:/usr/sbin/partclone.ext4:another copier, to compare with
LIST
  esac
}

# A virtual environment needs ensurepip, which Debian keeps in a package of its own for each version of Python.
lacks_python() { { [ "$purpose" = test ] || [ "$purpose" = bench ]; } && ! python3 -c 'import ensurepip, venv' 2>/dev/null; }

# Ubuntu's Chromium is a snap, which a browser's driver cannot start: there the tests of the page are skipped.
is_packaged() { [ "$1" != chromium-headless-shell ] || ! grep -Eqs '^ID(_LIKE)?=.*ubuntu' /etc/os-release; }

install_packages() {
  local missing=() name file why
  while IFS=: read -r name file why; do
    is_packaged "$name" || continue
    # /sbin is /usr/sbin on newer systems, and the other way round on older ones.
    if [ ! -e "$file" ] && [ ! -e "/usr$file" ] && [ ! -e "${file#/usr}" ]; then
      say "missing: $name ($why)"; missing+=("$name")
    fi
  done < <(packages; packages_for "$purpose")
  if lacks_python; then say "missing: python3-venv (runs boto3 and AWS' command, which ask the local cloud as they ask EC2)"; missing+=(python3-venv); fi
  [ "${#missing[@]}" -gt 0 ] || return 0
  command -v apt-get >/dev/null || stop "apt-get is not here. Install these packages by your own means, then try again: ${missing[*]}"
  local as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
  say "installing with apt-get: ${missing[*]}"
  local log; log=$(mktemp)
  { "${as_root[@]}" apt-get update -q && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } > "$log" 2>&1 </dev/null \
    || { tail -n 20 "$log" >&2; stop "apt-get could not install: ${missing[*]}. Its last lines stand above."; }
  rm -f "$log"
}

install_modules() {
  local stamp=node_modules/.pv-to-hvm-lock want
  want=$(sha256sum package-lock.json | cut -d' ' -f1)
  [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && return 0
  say "npm packages, from package-lock.json (about a minute)"
  # Without scripts: that of @pulumi/command only downloads a plugin, which the engine does by itself.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
  printf '%s\n' "$want" > "$stamp"
}

# Clients of EC2's that nobody here wrote. In .cache, and only the tests use them.
install_clients() {
  [ "$purpose" = test ] || [ "$purpose" = bench ] || return 0
  local folder=.cache/ec2-clients list=tests/local/ec2Api/clients/requirements.txt want
  want=$(sha256sum "$list" | cut -d' ' -f1)
  [ "$(cat "$folder/.pv-to-hvm-list" 2>/dev/null)" = "$want" ] && return 0
  say "boto3, AWS' command and moto, from PyPI (a minute, 260 MB): the tests let two ask the local cloud as they ask EC2, and ask the third as EC2"
  rm -rf "$folder"
  python3 -m venv "$folder"
  "$folder/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$list" </dev/null \
    || stop "pip could not install what $list names. Its words stand above. Check the way to PyPI (pip config list), then try again."
  printf '%s\n' "$want" > "$folder/.pv-to-hvm-list"
}

purpose=${2:-demo}
main() {
  check_node; check_machine; install_packages; install_modules; install_clients
  node local/build.mjs
}
main
