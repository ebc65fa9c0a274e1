/** Whether a kernel has its root disk's driver before the root is mounted: built in, or in its initramfs. */
import * as fs from "node:fs";
import * as path from "node:path";
import { type Finding, none } from "./finding";
import { initramfsNames } from "./initramfs";

/** By instance family: the module's names (Red Hat 5 and SLES 11 have another), and the symbol that builds it in. */
const DISK_DRIVERS: Record<string, { modules: string[]; symbol: string }> = {
  xen: { modules: ["xen-blkfront", "xen-vbd"], symbol: "CONFIG_XEN_BLKDEV_FRONTEND" },
  nitro: { modules: ["nvme"], symbol: "CONFIG_BLK_DEV_NVME" },
};

/** @param initrd where it lies on this machine; absent where the entry names none */
export function checkDrivers(
  root: string,
  kernel: string,
  initrd: string | undefined,
  families: string[],
): Finding {
  const names = initrd !== undefined && fs.existsSync(initrd) ? initramfsNames(initrd) : [];
  const symbols = configurationOf(root, kernel);
  const lacking = families
    .map((family) => DISK_DRIVERS[family])
    .filter(
      ({ modules, symbol }) =>
        !symbols.includes(`${symbol}=y`) && !modules.some((one) => hasModule(names, one)),
    );
  return none(
    "the default kernel has the disk drivers of the families early",
    lacking.map(({ modules }) => `no ${modules[0]}`),
  );
}

function hasModule(names: string[], module: string): boolean {
  return names.some((name) => new RegExp(`(?:^|/)${module}\\.ko(?:\\.(?:xz|gz|zst))?$`).test(name));
}

/** The lines of `/boot/config-V`. A kernel without a version in its name (Gentoo, Arch) is the only one there is. */
function configurationOf(root: string, kernel: string): string[] {
  const folder = path.join(root, "boot");
  const all = fs.readdirSync(folder).filter((name) => name.startsWith("config-"));
  const own = all.find((name) => kernel.endsWith(name.slice("config".length)));
  const file = own ?? (all.length === 1 ? all[0] : undefined);
  return file === undefined ? [] : fs.readFileSync(path.join(folder, file), "utf8").split("\n");
}
