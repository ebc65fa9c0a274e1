import { dyingWithThisProgram, type Runner, type RunOptions, type RunResult } from "../run";
import type { GuestTree } from "./tree";

/**
 * Run by a shell inside new mount, pid and network namespaces: gives the guest its own /proc, a read-only /sys, and a /dev
 * without any disk of the helper's, then becomes the command. Everything is unmounted with the namespace. Other guests
 * that are mounted just now leave it first: its copy of their mounts would keep them from being unmounted where they are.
 * A constant: paths and the command reach it as arguments, never as text.
 *   $1 root, $2 /proc, $3 /sys, $4 /dev, $5 /tmp of the guest, all as paths of this machine; then the command.
 */
const ENTER_GUEST = `
set -e
root=$1 proc=$2 sys=$3 dev=$4 tmp=$5
shift 5
while read -r device point rest; do
  case $point in
    "$root"|"$root"/*) ;;
    */pv-to-hvm-root-*) umount -l "$point" || true ;;
  esac
done < /proc/self/mounts
mount -t proc -o nosuid,nodev,noexec proc "$proc"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$sys"
mount -t tmpfs -o mode=755 tmpfs "$dev"
for node in null zero full random urandom tty; do
  touch "$dev/$node"
  mount --bind "/dev/$node" "$dev/$node"
done
ln -s /proc/self/fd "$dev/fd"
ln -s /proc/self/fd/0 "$dev/stdin"
ln -s /proc/self/fd/1 "$dev/stdout"
ln -s /proc/self/fd/2 "$dev/stderr"
mkdir "$dev/shm" "$dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$tmp"
exec chroot "$root" "$@"
`;

const NAMESPACES = dyingWithThisProgram([
  ...["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child"],
]);

/**
 * What a program of the guest finds in its environment: nothing of the helper's. `/tmp` is memory that goes with the program:
 * what dracut unpacks there needs no room in the guest, and an interruption leaves nothing of it.
 */
const ENVIRONMENT = {
  TMPDIR: "/tmp",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C",
  HOME: "/root",
  DEBIAN_FRONTEND: "noninteractive",
};

/**
 * Runs a program of the guest in its root, without network, without the helper's disks and processes. Needs root.
 * Throws as the runner does.
 */
export function runInGuest(
  tree: GuestTree,
  command: string[],
  runner: Runner,
  options: RunOptions,
): Promise<RunResult> {
  const places = ["/proc", "/sys", "/dev", "/tmp"].map((place) => tree.hostPath(place));
  const wrapped = [...NAMESPACES, "sh", "-c", ENTER_GUEST, "sh", tree.root, ...places, ...command];
  return runner(wrapped, { env: ENVIRONMENT, ...options });
}
