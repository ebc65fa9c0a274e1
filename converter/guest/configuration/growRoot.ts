import type { Advice, Facts } from "../../types";
import type { Read } from "../planEdits";

const CLOUD_CONFIG = "/etc/cloud/cloud.cfg";
const GROWPART = ["/usr/bin/growpart", "/usr/sbin/growpart", "/bin/growpart"];
/** cloud-initramfs-growroot on Debian and Ubuntu, dracut's module on Red Hat 6 and Fedora. */
const GROWROOT_HOOKS = [
  "/usr/share/initramfs-tools/scripts/local-bottom/growroot",
  "/usr/share/dracut/modules.d/50growroot/growroot.sh",
  "/usr/lib/dracut/modules.d/50growroot/growroot.sh",
];

/** Files that tell how a guest makes its root as large as its disk. */
export const GROWING_FILES = [
  CLOUD_CONFIG,
  "/etc/rc.local",
  "/etc/rc.d/rc.local",
  ...GROWPART,
  ...GROWROOT_HOOKS,
];

/**
 * A filesystem on the bare disk grew with its volume at the first boot, by resize2fs alone. On a partition that needs
 * the partition grown first, which kernels before 3.8 cannot do while it is mounted.
 */
export function warnGrowth({ source, guest }: Facts, read: Read): Advice[] {
  const hook = GROWROOT_HOOKS.find((path) => read(path) !== undefined);
  const grower = source.table === "none" ? resizer(read) : undefined;
  const kernel = guest.bootFile.entries[guest.bootFile.defaultEntry]?.kernel;
  const version = guest.kernels.find(({ path }) => path === kernel)?.version ?? "";
  const growsPartitions = GROWPART.some((path) => read(path) !== undefined) && !isBefore38(version);
  return [
    ...(grower === undefined || growsPartitions ? [] : [adviceOnVolume(grower)]),
    ...(hook === undefined ? [] : [adviceOnHook(hook)]),
  ];
}

function resizer(read: Read): string | undefined {
  const scripts = ["/etc/rc.local", "/etc/rc.d/rc.local"].filter((path) =>
    /^[^#\n]*\b(?:resize2fs|xfs_growfs)\b/m.test(read(path) ?? ""),
  );
  const cloudInit = /^[^#\n]*\bresizefs\b/m.test(read(CLOUD_CONFIG) ?? "");
  return cloudInit ? CLOUD_CONFIG : scripts[0];
}

function isBefore38(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  return major === undefined || Number(major) < 3 || (Number(major) === 3 && Number(minor) < 8);
}

function adviceOnVolume(subject: string): Advice {
  return {
    subject,
    found:
      "the guest made its filesystem as large as its volume at boot, which will not reach beyond the partition.",
    advice: "A larger volume will not grow by itself any more: choose the size now and convert with --grow.",
  };
}

/** growpart of that time cuts nvme0n1p1 into disk and number at the wrong place (`partition-number must be a number`). */
function adviceOnHook(subject: string): Advice {
  return {
    subject,
    found:
      "a hook of the initramfs grows the root's partition, and does not know the names of NVMe partitions.",
    advice: "On Nitro types it says so and goes on; choose the size now and convert with --grow.",
  };
}
