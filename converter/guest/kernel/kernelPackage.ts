import type { GuestFacts } from "../../types";

type System = Pick<GuestFacts, "os" | "architecture">;

/** The package with a kernel for HVM, by system and release: the first row that fits. */
const KERNEL_PACKAGES: { id: RegExp; version?: RegExp; amd64: string; i386?: string }[] = [
  {
    id: /^(?:centos|rhel|red|scientific|oracle|ol)/,
    version: /^4/,
    amd64: "`kernel-smp` (not `kernel-xenU`)",
  },
  {
    id: /^(?:centos|rhel|red|scientific|oracle|ol)/,
    version: /^5/,
    amd64: "`kernel` (not `kernel-xen`)",
    i386: "`kernel-PAE` or `kernel` (not `kernel-xen`)",
  },
  { id: /^(?:centos|rhel|red|scientific|oracle|ol|amzn|fedora)/, amd64: "`kernel` (not `kernel-xen`)" },
  // 8.04 has no later kernel with Xen's drivers for HVM; the image lists of 10.04's time name this way out for it.
  {
    id: /^ubuntu/,
    version: /^(?:8|9)\./,
    amd64: "`linux-image-virtual` (of 10.04 or later: the release's own knows Xen as PV alone)",
  },
  {
    id: /^ubuntu/,
    version: /^10\.04/,
    amd64: "`linux-image-virtual-lts-backport-maverick` with `grub-legacy-ec2` (not `linux-image-ec2`)",
  },
  { id: /^ubuntu/, amd64: "`linux-image-virtual` with `grub-legacy-ec2`" },
  {
    id: /^debian/,
    version: /^6/,
    amd64: "`linux-image-2.6-amd64` (3.2 of squeeze-backports to have Xen's drivers as HVM)",
    i386: "`linux-image-2.6-686-bigmem` (3.2 of squeeze-backports to have Xen's drivers as HVM)",
  },
  { id: /^debian/, amd64: "`linux-image-amd64`", i386: "`linux-image-686-pae`" },
  {
    id: /^(?:sles|suse|opensuse)/,
    amd64: "`kernel-default` with `xen-kmp-default` (not `kernel-xen` or `kernel-ec2`)",
    i386: "`kernel-pae` with `xen-kmp-pae` (not `kernel-xen` or `kernel-ec2`)",
  },
  { id: /^gentoo/, amd64: "a kernel of `gentoo-sources` with CONFIG_XEN_PVHVM=y" },
  { id: /^arch/, amd64: "`linux`" },
];

/** The package that brings a guest a kernel for HVM, in words. */
export function kernelPackage({ os, architecture }: System): string {
  const row = KERNEL_PACKAGES.find(
    ({ id, version }) => id.test(os.id) && (version === undefined || version.test(os.version)),
  );
  if (!row) return "a kernel that is not for Xen PV alone";
  return (architecture === "i386" ? row.i386 : undefined) ?? row.amd64;
}
