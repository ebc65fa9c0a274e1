/**
 * What a container does from its start to its end, in two parts: `ENTER`, on the host's side, makes the root of the
 * new namespaces; `INIT` is process 1 inside.
 */
import { SEED_FOLDER } from "./cloudInitSeed";
import { ROOT_OFFSET } from "./rootOffset";

/** In the machine's directory: the pid of the container's process 1, as the host sees it. Empty until it can be used. */
export const INIT_PID_FILE = "init.pid";
/** In the machine's directory: a mount point, seen from inside the namespace only. */
export const ROOT_FOLDER = "root";
export const SEED_COPY = "seed";

export interface ContainerOptions {
  directory: string;
  rootFile: string;
  /** The name below /dev/disk/by-id of the root volume. */
  rootLink: string;
}

/** The command line that is the container; it ends when its process 1 does, and takes all others with it. */
export function containerCommand({ directory, rootFile, rootLink }: ContainerOptions): string[] {
  const namespaces = [
    "--mount",
    "--pid",
    "--uts",
    "--ipc",
    "--propagation",
    "private",
    "--fork",
    "--kill-child",
  ];
  return ["unshare", ...namespaces, "sh", "-euc", ENTER, "container", directory, rootFile, rootLink, INIT];
}

/**
 * The filesystem is grown to its volume's size from outside, since not every host lets a mounted one be grown. Its loop
 * device is detached as soon as it is mounted, which frees it with the last mount. Nodes are made for 64 loop devices:
 * what runs inside (mount, losetup) finds a free one by number alone. At last the host's mounts are left behind: a copy
 * of one, kept for as long as the container runs, would keep the host from ever freeing what it has unmounted.
 */
const ENTER = `
directory=$1 file=$2 link=$3 init=$4
root=$directory/${ROOT_FOLDER}
mkdir -p "$root"
${ROOT_OFFSET}
device=$(losetup --find --show --offset "$(root_offset "$file")" "$file")
blockdev --setrw "$device"
grow() { resize2fs "$device" || { { e2fsck -fp "$device" || [ $? -eq 1 ]; } && resize2fs "$device"; }; }
{ grow && mount "$device" "$root"; } || { losetup --detach "$device"; exit 1; }
losetup --detach "$device"

mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"
# As a machine has it: the converter limits there what programs of a guest take.
mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup" || true
mount -t tmpfs -o mode=0755 run "$root/run"
mount -t tmpfs -o mode=0755,nosuid dev "$root/dev"
mkdir -p "$root/dev/pts" "$root/dev/shm" "$root/dev/disk/by-id" "$root/run/lock"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev shm "$root/dev/shm"

node() { mknod -m "$2" "$root/dev/$1" "$3" "$4" "$5"; }
node null 666 c 1 3; node zero 666 c 1 5; node full 666 c 1 7
node random 666 c 1 8; node urandom 666 c 1 9; node tty 666 c 5 0
node fuse 666 c 10 229; node loop-control 660 c 10 237
if [ -e /dev/kvm ]; then node kvm 660 c 10 232; fi
number=0
while [ $number -lt 64 ]; do node "loop$number" 660 b 7 $number; number=$((number + 1)); done
node nvme0n1 660 b 7 "\${device#/dev/loop}"
ln -s ../../nvme0n1 "$root/dev/disk/by-id/$link"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# There is no way out of the network: the host's name servers would only be waited for.
rm -f "$root/etc/resolv.conf"
mkdir -p "$root${SEED_FOLDER}"
cp "$directory/${SEED_COPY}/"* "$root${SEED_FOLDER}/"

# Its filesystem has grown already, and it has no metadata service to wait for.
printf '%s\\n' 'datasource_list: [NoCloud, None]' 'growpart: {mode: "off"}' 'resize_rootfs: false' > "$root/etc/cloud/cloud.cfg.d/95_container.cfg"

# In a file, since cloud-init restarts sshd where user data says something of passwords.
echo "UsePAM no" > "$root/etc/ssh/sshd_config.d/00-local-cloud.conf"
hostname=$(sed -n 's/.*"local-hostname": "\\(.*\\)".*/\\1/p' "$directory/${SEED_COPY}/meta-data")
echo "$hostname" > /proc/sys/kernel/hostname

# The host's /proc still says which process this is out there; the namespace's own would say 1.
read -r pid rest < /proc/self/stat
exec 9> "$directory/${INIT_PID_FILE}"
cd "$root"
pivot_root . mnt
umount -l /mnt
echo "$pid" >&9
exec 9>&-
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 \\
  /bin/sh -c "$init" init
`;

/**
 * cloud-init's stages in the order of its units. sshd comes after the second, in which the host key and the authorized
 * keys are put in place: the first connection already sees the right key. Process 1 has to take in every orphan, which
 * `wait` does, and gets no signal that it does not ask for.
 */
const INIT = `
end() { trap '' TERM; kill -TERM -1; sleep 1; exit 0; }
trap end TERM

cloud-init init --local & wait $!
cloud-init init & wait $!
mkdir -p /run/sshd
/usr/sbin/sshd -D -e &
(cloud-init modules --mode=config; cloud-init modules --mode=final) &
while :; do wait; sleep 1 & wait $!; done
`;
