/**
 * Programs of a made-up guest that make an initramfs, made by hand: no distribution's script is in them. Each takes its
 * arguments as the option parser of the version named beside it does, ends with an error where that one would, and puts in the
 * modules that it is told, by its words and by its configuration, and no other.
 */
import * as fs from "node:fs";
import * as path from "node:path";
import type { InitramfsTool } from "../../../converter/guest/initramfs/generators";
import { copyPrograms } from "../guest/programs";

/**
 * `make OUTPUT VERSION MODULES`: an image with those of the modules that the kernel has, and lvm where it was there. `told`: the
 * real one ends where a module is not to be found.
 */
const MAKE = `make() {
  output=$1 version=$2; shift 2
  folder=$(mktemp -d) || exit 1
  mkdir -p "$folder/lib/modules/$version/kernel/drivers"
  : > "$folder/init"
  for module; do
    skip=; case "$module" in -*) skip=1 module=\${module#-} ;; esac
    file=/lib/modules/$version/kernel/drivers/$module.ko
    [ -f "$file" ] || file=/lib/modules/$version/kernel/drivers/$(echo "$module" | tr _ -).ko
    [ -f "$file" ] || { [ -z "$strict" ] || [ -n "$skip" ] || { echo "No module $module found for kernel $version, aborting." >&2; exit 1; }; continue; }
    : > "$folder$file"
  done
  [ -z "$lvm" ] || { mkdir "$folder/sbin"; : > "$folder/sbin/lvm"; }
  (cd "$folder" && find . | cpio --quiet -o -H newc) | gzip > "$output"
}
need() { [ -d "/lib/modules/$1" ] || { echo "No modules available for kernel \\"$1\\"." >&2; exit 1; }; }
`;

/** The filesystem of / by fstab, as the real ones look it up. */
const ROOT_TYPE = `root_type=$(awk '!/^#/ && $2 == "/" { print $3 }' /etc/fstab)\n`;

/** Everything that the kernel has as a module: what \`most\`, and dracut without restriction, put in. */
const ALL = `all() { ls "/lib/modules/$1/kernel/drivers" | sed 's/\\.ko$//'; }\n`;

interface StandIn {
  file: string;
  script: string;
}

const UPDATE_INITRAMFS: StandIn = {
  file: "/usr/sbin/update-initramfs",
  // initramfs-tools 0.99 (Debian 6) to 0.142.
  script: `${ALL}
while getopts "k:cudv:tb:" option; do case "$option" in
  k) version=$OPTARG ;; u) update=1 ;; t) ;; *) exit 1 ;;
esac; done
[ -n "$update" ] || exit 1
need "$version"
for file in /etc/initramfs-tools/initramfs.conf /etc/initramfs-tools/conf.d/*; do [ ! -f "$file" ] || . "$file"; done
case "\${MODULES:-most}" in
  dep) echo "mkinitramfs: failed to determine device for /" >&2; exit 1 ;;
  list) seen= ;;
  *) seen=$(all "$version") ;;
esac
lvm=1
make "/boot/initrd.img-$version" "$version" $seen $(sed 's/#.*//' /etc/initramfs-tools/modules)
`,
};

const DRACUT: StandIn = {
  file: "/sbin/dracut",
  // dracut 005 to 007: --add-drivers takes the place of add_drivers, and there is no --no-hostonly.
  script: `${ALL}
while [ $# -gt 0 ]; do case "$1" in
  -f|--force) ;; --add-drivers) add_drivers_l=$2; shift ;; -H|--hostonly) hostonly=yes ;;
  -*) echo "Unknown option: $1" >&2; exit 1 ;;
  *) if [ -z "$output" ]; then output=$1; else version=$1; fi ;;
esac; shift; done
need "$version"
for file in /etc/dracut.conf /etc/dracut.conf.d/*.conf; do [ ! -f "$file" ] || eval "$(sed 's/^\\([a-z_]*\\)+=\\(.\\)/\\1=\\2$\\1 /' "$file")"; done
[ -z "$add_drivers_l" ] || add_drivers=$add_drivers_l
[ "$hostonly" != yes ] || drivers=loop
# Whatever the root lies on, without hostonly.
[ -n "$drivers$filesystems" ] || drivers=$(all "$version")
lvm=1
make "$output" "$version" $drivers $filesystems $add_drivers
`,
};

/** Made by hand after the options of 7.0.15; the real one runs nash, and looks for the root's driver on the helper, where it finds none. */
const redHat = (configuration: string): StandIn => ({
  file: "/sbin/mkinitrd",
  script: `${ROOT_TYPE}
strict=1 PROBE=yes
${configuration}
told=$MODULES
while [ $# -gt 0 ]; do case "$1" in
  -f) force=1 ;; --preload=*) first="$first \${1#*=}" ;; --with=*) with="$with \${1#*=}" ;;
  -*) usage=1 ;;
  *) if [ -z "$output" ]; then output=$1; elif [ -z "$version" ]; then version=$1; else usage=1; fi ;;
esac; shift; done
[ -z "$usage" ] && [ -n "$version" ] || { echo "usage: mkinitrd [-f] [--preload=<module>] [--with=<module>] <initrd-image> <kernel-version>" >&2; exit 1; }
[ -n "$force" ] || [ ! -f "$output" ] || { echo "$output already exists." >&2; exit 1; }
need "$version"
[ "$PROBE" != yes ] || seen=-$root_type
make "$output" "$version" $first $seen $with $told
`,
});

/** mkinitrd 5.1.19.6 (Red Hat 5): the executable files of the folder. The guests' shell here has no +=. */
const MKINITRD = redHat(`for conf in /etc/sysconfig/mkinitrd/*; do
  [ ! -x "$conf" ] || eval "$(sed 's/^MODULES+=\\(.\\)/MODULES=\\1$MODULES /' "$conf")"
done`);

/** mkinitrd 6.0.93 (Mandriva 2010, Fedora 11): a file of that name. */
const MKINITRD_6 = redHat(`[ -e /etc/sysconfig/mkinitrd ] && . /etc/sysconfig/mkinitrd`);

const MKINITRD_SUSE: StandIn = {
  file: "/sbin/mkinitrd",
  // mkinitrd 2.6 (SLES 11 SP1) and its kin, whose words for -B is param_B.
  script: `no_bootloader_update=$param_B
[ -n "$no_bootloader_update" ] || refresh="/sbin/update-bootloader --refresh"
while getopts "ABD:I:LM:SV:a:b:d:f:hi:j:k:l:m:t:u:v" option; do case "$option" in
  b) boot=$OPTARG ;; k) kernels=$OPTARG ;; i) images=$OPTARG ;; m) modules=$OPTARG; told=1 ;; d) root=$OPTARG ;; B) ;;
  *) exit 1 ;;
esac; done
. /etc/sysconfig/kernel
[ -n "$told" ] || modules=$INITRD_MODULES
[ -n "$root" ] || { echo "Root device (/dev/loop3) not found" >&2; exit 1; }
case "$root" in /dev/*) echo "Root device ($root) not found" >&2; exit 1 ;; esac
type=$(awk -v name="$root" '$1 == name { print $3 }' /etc/fstab)
[ -n "$type" ] || { echo "Could not find the filesystem type for root device $root" >&2; exit 1; }
version=\${kernels#vmlinuz-}
need "$version"
make "$boot/$images" "$version" $type $modules
`,
};

const MKINITCPIO: StandIn = {
  file: "/usr/bin/mkinitcpio",
  // mkinitcpio 0.8.0 (Arch Linux of 2011): letters alone.
  script: `while getopts ':c:k:sb:g:p:m:nvH:LMhS:t:z:' option; do case "$option" in
  k) version=$OPTARG ;; g) output=$OPTARG ;; S) ;; *) echo "invalid option -- '$OPTARG' (use -h for help)" >&2; exit 1 ;;
esac; done
[ "$1" ] && need "$version"
eval "$(sed 's/^MODULES=(\\(.*\\))/MODULES="\\1"/; s/^HOOKS=(\\(.*\\))/HOOKS="\\1"/' /etc/mkinitcpio.conf)"
case " $HOOKS " in *" filesystems "*) seen="ext2 ext3 ext4 xfs" ;; esac
make "$output" "$version" $seen $MODULES
`,
};

/** Which program, and where two versions of one differ, which of them. */
export type StandInName = InitramfsTool | "mkinitrd 6";

const PROGRAMS: Record<StandInName, StandIn> = {
  "update-initramfs": UPDATE_INITRAMFS,
  dracut: DRACUT,
  mkinitrd: MKINITRD,
  "mkinitrd 6": MKINITRD_6,
  "mkinitrd-suse": MKINITRD_SUSE,
  mkinitcpio: MKINITCPIO,
};

const TOOLS = [
  ...["/bin/sh", "/bin/cat", "/bin/date", "/bin/mkdir", "/bin/ls", "/bin/sed", "/usr/bin/tr"],
  ...["/usr/bin/awk", "/usr/bin/find", "/usr/bin/cpio", "/bin/gzip", "/bin/mktemp"],
];

/** Puts the program into the guest, with a shell and what else it needs to run there. */
export function writeGenerator(root: string, tool: StandInName): void {
  const { file, script } = PROGRAMS[tool];
  writeProgram(root, file, MAKE + script);
}

/** A shell script of the guest, and the shell. */
export function writeProgram(root: string, file: string, script: string): void {
  copyPrograms(root, TOOLS);
  fs.mkdirSync(root + path.dirname(file), { recursive: true });
  fs.writeFileSync(root + file, `#!/bin/sh\n${script}`, { mode: 0o755 });
}
