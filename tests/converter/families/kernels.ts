/** Kernels of a made-up guest, each with what belongs to it: configuration, modules, initramfs. */
import * as fs from "node:fs";
import * as path from "node:path";
import zlib from "node:zlib";
import {
  bzImage,
  cpioArchive,
  elfWithNotes,
  elfWithSections,
  pvOpsKernel,
  XEN_NOTES,
} from "../guest/phonyKernel";

export interface PhonyKernel {
  version: string;
  /** Default `/boot/vmlinuz-V`. */
  file?: string;
  /** Absent: it has no initramfs. */
  initrd?: string;
  /**
   * `pv-ops`: boots as PV and as HVM. `xen`: an ELF image without a boot sector, as kernel-xen of Red Hat 5 and SLES.
   * `ec2`: a bzImage of Xen's own tree, as Ubuntu's. `hvm`: has no Xen notes. Default `pv-ops`.
   */
  kind?: "pv-ops" | "pv-ops-i386" | "xen" | "ec2" | "hvm";
  /** Configuration symbols that are `y`, without `CONFIG_`. */
  builtIn?: string[];
  /** Modules in `/lib/modules/V`. */
  modules?: string[];
  /** What its initramfs holds: modules, and files by their path. */
  early?: string[];
}

const KINDS: Record<NonNullable<PhonyKernel["kind"]>, (version: string) => Buffer> = {
  "pv-ops": pvOpsKernel,
  "pv-ops-i386": (version) => bzImage(zlib.gzipSync(elfWithNotes(32, XEN_NOTES)), { version }),
  xen: () => zlib.gzipSync(elfWithSections(["__xen_guest"])),
  ec2: pvOpsKernel,
  hvm: (version) => bzImage(zlib.gzipSync(elfWithNotes(64, Buffer.alloc(0))), { version }),
};

/** Symbols that make a kernel PV only. */
const XEN_ONLY = ["X86_64_XEN", "XEN"];

/** Writes a kernel into a guest. `modules.dep` is there, as after an installation by its package. */
export function writeKernel(root: string, kernel: PhonyKernel): void {
  const { version, kind = "pv-ops", builtIn = [], modules = [], initrd, early = [] } = kernel;
  const put = (name: string, bytes: string | Buffer) => {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, bytes);
  };
  const symbols = [...builtIn, ...(kind === "xen" || kind === "ec2" ? XEN_ONLY : [])];
  put(kernel.file ?? `/boot/vmlinuz-${version}`, KINDS[kind](version));
  put(`/boot/config-${version}`, symbols.map((name) => `CONFIG_${name}=y\n`).join(""));
  put(`/lib/modules/${version}/modules.dep`, "");
  for (const name of modules) put(`/lib/modules/${version}/kernel/drivers/${name}.ko`, "");
  if (initrd !== undefined) put(initrd, initramfs(version, early));
}

/** An initramfs with these modules, and these files. */
export function initramfs(version: string, content: string[]): Buffer {
  const inside = content.map((name) =>
    name.includes("/") ? name : `lib/modules/${version}/kernel/drivers/${name}.ko`,
  );
  return zlib.gzipSync(cpioArchive(["init", ...inside]));
}
