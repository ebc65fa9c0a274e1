import { visibleError } from "../checks/problems";
import { shown } from "../visible";

/** Evidence from the launched instance that it runs as HVM, from the converted root filesystem. */
export interface BootProof {
  /** `hvm`: the machine has firmware tables, which paravirtual machines do not have. */
  virtualization: string;
  /** Vendor of those tables: `Xen` on Xen types, `Amazon EC2` on Nitro ones. */
  vendor: string;
  /** `uname -r` */
  kernel: string;
  /** The device that holds the root filesystem, e.g. `/dev/nvme0n1p1`. */
  rootDevice: string;
  /** UUID of the root filesystem: the one that was converted. */
  rootUuid: string;
  /** Addresses of its network cards, in CIDR notation. */
  addresses: string[];
  /** Its uptime when it was asked, in whole seconds. */
  uptimeSeconds: number;
}

/**
 * What the launched instance is asked, for a shell of 2010 and a user without privileges. Its root filesystem is known
 * by device number, since old systems call it /dev/root in /proc/mounts. Throws where the UUID is none: it becomes part
 * of a script.
 */
export function bootProofScript(filesystemUuid: string): string {
  if (!/^[0-9A-Fa-f-]{4,36}$/.test(filesystemUuid)) {
    throw visibleError(
      `boot-proof: the plan names no UUID of the root filesystem, found ${JSON.stringify(filesystemUuid)}. ` +
        "Set a new revision to convert again, or remove launch.connection to launch without a proof.",
    );
  }
  return [
    `uuid=${filesystemUuid}`,
    "echo 'boot-proof: logged in, asking what it runs from' >&2",
    'fail() { echo "FAILED: $*" >&2; exit 1; }',
    "vendor=$(cat /sys/class/dmi/id/sys_vendor 2>/dev/null) || fail 'no firmware tables (/sys/class/dmi): this is no HVM machine. Look at its virtualization type.'",
    "link=/dev/disk/by-uuid/$uuid",
    '[ -e "$link" ] || fail "no disk carries the root filesystem $uuid: the instance booted from another image. Look at its AMI."',
    "wanted=$(stat -L -c '%t:%T' \"$link\")",
    "wanted=$((0x${wanted%:*} * 256 + 0x${wanted#*:}))",
    '[ "$(stat -c %d /)" = "$wanted" ] || fail "/ is not the filesystem $uuid on $(readlink -f "$link"). Look at root= in its menu.lst."',
    "echo virtualization=hvm",
    'echo "vendor=$vendor"',
    'echo "kernel=$(uname -r)"',
    'echo "rootDevice=$(readlink -f "$link")"',
    'echo "rootUuid=$uuid"',
    "PATH=$PATH:/sbin:/usr/sbin",
    'addresses=$(ip -o addr show 2>/dev/null | awk \'$3 ~ /^inet/ && $2 != "lo" {printf "%s ", $4}\')',
    'echo "addresses=$addresses"',
    "read -r uptime rest < /proc/uptime",
    'echo "uptimeSeconds=${uptime%.*}"',
    "",
  ].join("\n");
}

/** Reads what the script printed. Throws where a line is missing. */
export function parseBootProof(stdout: string): BootProof {
  const entries = stdout.split("\n").flatMap((line) => {
    const [, name, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, shown(value.trim())] as const];
  });
  const found = new Map(entries);
  const value = (name: string): string => {
    const text = found.get(name);
    if (text === undefined)
      throw visibleError(`boot-proof: no line ${name}=… in its output. Replace the command to ask again.`);
    return text;
  };
  return {
    virtualization: value("virtualization"),
    vendor: value("vendor"),
    kernel: value("kernel"),
    rootDevice: value("rootDevice"),
    rootUuid: value("rootUuid"),
    addresses: value("addresses").split(" ").filter(Boolean),
    uptimeSeconds: Number(value("uptimeSeconds")),
  };
}
