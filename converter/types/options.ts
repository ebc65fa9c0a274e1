/** What the user may choose. Every choice shapes the result, so each is part of a conversion's key. */
export interface Options {
  /** Instance families that the result must boot on. Default: both. */
  for: Family[];
  /** Partition table of the destination. Default `mbr`. */
  layout: Layout;
  /** Grow the root filesystem to the end of the destination. Default false: it keeps the source's size. */
  grow: boolean;
  /**
   * The result will be rehearsed. Default true: a guest without a driver for any disk that QEMU has is refused, since its
   * boot cannot be proven. False for those who take that upon themselves.
   */
  rehearse?: boolean;
}

/** `xen`: HVM on Xen types (T2, M3, M4 …; disks are xvd*). `nitro`: disks are NVMe, the network card is ENA. */
export type Family = "xen" | "nitro";
export type Layout = "mbr" | "gpt";
export type Architecture = "x86_64" | "i386";
