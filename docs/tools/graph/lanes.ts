/** The seven steps as lanes of the drawing: what each is called, what it does in words, where its resources stand. */

/** Resources that stand side by side, from this x on, in that row of their lane. */
export interface Group {
  x: number;
  row: number;
  roles: string[];
}

export interface Lane {
  title: string;
  /** What happens, in a line or two for somebody who sees it for the first time. */
  words: string[];
  groups: Group[];
}

/** The drawing's width, and where the resources begin: to the left of it stand the words. */
export const WIDTH = 880;
export const NODES_FROM = 240;

/** In their order. A resource of the graph that is in none of them cannot be drawn. */
export const LANES: Lane[] = [
  {
    title: "1  GRUB for the source",
    words: ["on a machine that still runs, if", "asked for; else on the copy"],
    groups: [
      { x: NODES_FROM, row: 0, roles: ["source-program", "source-inspection", "source-preparation"] },
      { x: NODES_FROM, row: 1, roles: ["source-stop", "source-snapshot", "source-start"] },
    ],
  },
  {
    title: "2  Helper instance",
    words: ["a machine for this work alone"],
    groups: [{ x: NODES_FROM, row: 0, roles: ["client-key", "host-key", "access", "helper"] }],
  },
  {
    title: "3  Volumes, attached",
    words: ["one of the source's snapshot,", "and an empty one"],
    groups: [
      { x: NODES_FROM, row: 0, roles: ["source", "destination"] },
      { x: 548, row: 0, roles: ["source-attachment", "destination-attachment"] },
    ],
  },
  {
    title: "4  Partition and duplicate",
    words: ["looks first, and refuses before", "anything is written"],
    groups: [{ x: 490, row: 0, roles: ["converter", "inspect", "partition", "copy"] }],
  },
  {
    title: "5  Configuration and GRUB",
    words: ["menu, fstab, initramfs mended;", "then the copy has to boot"],
    groups: [{ x: NODES_FROM, row: 0, roles: ["configure", "install-grub", "verify", "rehearse"] }],
  },
  {
    title: "6  Snapshot and AMI",
    words: ["of a disk that has booted"],
    groups: [{ x: 540, row: 0, roles: ["workbench", "snapshot", "image"] }],
  },
  {
    title: "7  Launch",
    words: ["the machine says what it runs from"],
    groups: [{ x: 690, row: 0, roles: ["instance", "boot-proof"] }],
  },
];
