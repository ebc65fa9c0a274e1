/**
 * QEMU out of the helper's image: the same version on every host, and none needed on the host itself. A command runs
 * in a mount namespace of its own, whose root has `usr` and `etc` of the image and every other folder of the host, so
 * that a path means the same inside as outside. The namespace, and with it the image's loop device, lasts as long as
 * the last process in it: a QEMU that went to the background keeps it.
 */
import * as fs from "node:fs";
import { FailedError } from "../../converter/errors";
import { ROOT_OFFSET } from "./rootOffset";

/** Where the helper's image is looked for. */
export const TOOLBOX_VARIABLE = "PV_TO_HVM_TOOLBOX";

/**
 * The helper's image file, as the environment names it.
 * @throws FailedError if it names none, or one that is not there.
 */
export function toolboxImage(env: NodeJS.ProcessEnv = process.env): string {
  const file = env[TOOLBOX_VARIABLE];
  if (file && fs.existsSync(file)) return file;
  throw new FailedError(
    `${TOOLBOX_VARIABLE}: ${file ? `${file} is not there` : "not set"}, but it must name the helper's image, ` +
      "out of which QEMU runs. `npm run cloud` builds the image and sets it.",
  );
}

/**
 * The command line that runs a command in the toolbox, in the folder `folder`. Needs root.
 * @param visible files and folders that the command must be able to reach, on whatever filesystem they lie.
 */
export function toolboxCommand(
  image: string,
  folder: string,
  command: string[],
  visible: string[] = [],
): string[] {
  const seen = [folder, ...visible];
  const arguments_ = [image, folder, String(seen.length), ...seen, ...command];
  return ["unshare", "--mount", "--propagation", "private", "sh", "-euc", ENTER, "toolbox", ...arguments_];
}

/**
 * The host's mounts are left behind by pivot_root: a copy of one, kept by a QEMU for as long as it runs, would keep
 * the host from ever freeing what it has unmounted. So folders are bound without what is mounted in them, and
 * filesystems further down only where something visible lies on them.
 */
const ENTER = `
image=$1 folder=$2 count=$3; shift 3
root=/run/pv-to-hvm-toolbox
mkdir -p "$root"
mount -t tmpfs -o mode=0755 toolbox "$root"
mkdir "$root/.image" "$root/.host"
${ROOT_OFFSET}
mount -o "ro,loop,offset=$(root_offset "$image")" "$image" "$root/.image"
for name in bin sbin lib lib64; do ln -s "usr/$name" "$root/$name"; done
for name in usr etc; do mkdir "$root/$name"; mount --bind "$root/.image/$name" "$root/$name"; done
for host in /*; do
  case $host in /usr|/etc|/bin|/sbin|/lib*|/boot|/lost+found) continue ;; esac
  if [ -d "$host" ] && [ ! -L "$host" ]; then mkdir "$root$host"; mount --bind "$host" "$root$host"; fi
done
show() {
  case $1 in /) return ;; esac
  show "$(stat -c %m "$(dirname "$1")")"
  mountpoint -q "$root$1" || mount --bind "$1" "$root$1"
}
while [ "$count" -gt 0 ]; do show "$(stat -c %m "$1")"; shift; count=$((count - 1)); done
cd "$root"
pivot_root . .host
umount -l /.host
cd "$folder"
exec "$@"
`;
