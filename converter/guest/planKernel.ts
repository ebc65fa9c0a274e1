import type { Advice, BootEntryFacts, GuestFacts, KernelFacts } from "../types";

/** The entry that boots and its kernel. */
export interface DefaultBoot {
  entry: BootEntryFacts;
  kernel: KernelFacts;
}

/** The default entry with the kernel that it starts. `inspect` refuses a guest that has none. */
export function defaultBoot({ bootFile, kernels }: GuestFacts): DefaultBoot {
  const entry = bootFile.entries[bootFile.defaultEntry];
  return { entry, kernel: kernels.find(({ path }) => path === entry.kernel) ?? kernels[0] };
}

/** Why the default kernel cannot boot as HVM, with the way out: another installed one, or the package that brings one. */
export function refuseKernel(guest: GuestFacts, { entry, kernel }: DefaultBoot): Advice[] {
  if (!kernel.bootsHvm) {
    const found = `it is a PV-only kernel and cannot boot as HVM (${kernel.evidence}).`;
    return [{ subject: `kernel ${kernel.version}`, found, advice: wayOut(guest) }];
  }
  const named = entry.arguments.find((argument) => argument.startsWith("root=/dev/"));
  if (kernel.initrd === undefined && named !== undefined) {
    const found = `its entry has ${named} and no initrd: a kernel alone finds no root by UUID, and no one device name is right on every type.`;
    return [
      { subject: `kernel ${kernel.version}`, found, advice: "Give the entry an initrd in the source." },
    ];
  }
  return [];
}

function wayOut(guest: GuestFacts): string {
  const other = guest.kernels.find(({ bootsHvm }) => bootsHvm);
  if (!other) return `Install ${packageFor(guest)} in the source and make it the default.`;
  const index = guest.bootFile.entries.findIndex(({ kernel }) => kernel === other.path);
  const how =
    index < 0
      ? `add an entry for it to ${guest.bootFile.path}`
      : `set \`default ${index}\` in ${guest.bootFile.path}`;
  return `${other.path} is installed and boots as HVM: ${how} in the source.`;
}

/** The package with a kernel for HVM, by system. */
const KERNEL_PACKAGES: [system: RegExp, name: string][] = [
  [/^(?:centos|rhel|red|scientific|oracle|fedora|amzn)/, "the package `kernel` (not `kernel-xen`)"],
  // Its own lists name this way out for 10.04, whose `-ec2` flavour is PV only.
  [
    /^ubuntu/,
    "`linux-image-virtual` (on 10.04 `linux-image-virtual-lts-backport-maverick` with `grub-legacy-ec2`)",
  ],
  [/^debian/, "`linux-image-amd64` (`linux-image-686-pae` on i386)"],
  [/^(?:sles|suse|opensuse)/, "`kernel-default` (not `kernel-xen` or `kernel-ec2`)"],
];

function packageFor({ os }: GuestFacts): string {
  return (
    KERNEL_PACKAGES.find(([system]) => system.test(os.id))?.[1] ?? "a kernel that is not for Xen PV alone"
  );
}

/** Installed kernels that no entry starts although they are newer than the one that boots (a menu kept by hand is not regenerated: canonical/cloud-init#2444). */
export function warnNewerKernels(guest: GuestFacts, { kernel }: DefaultBoot): Advice[] {
  const inMenu = new Set(guest.bootFile.entries.map((entry) => entry.kernel));
  const newer = guest.kernels.filter(
    (other) => !inMenu.has(other.path) && compareVersions(other.version, kernel.version) > 0,
  );
  return newer.map(({ version }) => ({
    subject: guest.bootFile.path,
    found: `kernel ${version} is installed and has no entry; ${kernel.version} will boot.`,
    advice: "Where the newer one is wanted, update the menu in the source.",
  }));
}

/** As version numbers go: runs of digits by value, the rest by its characters. */
export function compareVersions(left: string, right: string): number {
  return new Intl.Collator("en", { numeric: true }).compare(left, right);
}
