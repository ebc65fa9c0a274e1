/** The seven steps as lanes of the drawing: what each is called, what it does in words, where its resources stand. */
import { RESOURCES, type Role, ROLES } from "../../../components/resources";

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

/** Where a group begins, by its first resource. Those of its step that come after that in the table belong to it, too. */
interface Beginning {
  role: Role;
  x?: number;
  row?: number;
}

const STEPS: { title: string; words: string[]; begin: Beginning[] }[] = [
  {
    title: "1  GRUB for the source",
    words: ["on a machine that still runs, if", "asked for; else on the copy"],
    begin: [{ role: "source-program" }, { role: "source-stop", row: 1 }],
  },
  {
    title: "2  Helper instance",
    words: ["a machine for this work alone"],
    begin: [{ role: "client-key" }],
  },
  {
    title: "3  Volumes, attached",
    words: ["one of the source's snapshot,", "and an empty one"],
    begin: [{ role: "source" }, { role: "source-attachment", x: 548 }],
  },
  {
    title: "4  Partition and duplicate",
    words: ["looks first, and refuses before", "anything is written"],
    begin: [{ role: "converter", x: 490 }],
  },
  {
    title: "5  Configuration and GRUB",
    words: ["menu, fstab, initramfs mended;", "then the copy has to boot"],
    begin: [{ role: "configure" }],
  },
  {
    title: "6  Snapshot and AMI",
    words: ["of a disk that has booted"],
    begin: [{ role: "workbench", x: 540 }],
  },
  {
    title: "7  Launch",
    words: ["the machine says what it runs from"],
    begin: [{ role: "instance", x: 690 }],
  },
];

/** In their order. A resource of the graph that is in none of them cannot be drawn. */
export const LANES: Lane[] = STEPS.map(({ title, words, begin }, index) => {
  const roles = ROLES.filter((role) => RESOURCES[role].step === index + 1);
  const groups = begin.map(({ role, x = NODES_FROM, row = 0 }, group): Group => {
    const next = begin[group + 1];
    return { x, row, roles: roles.slice(roles.indexOf(role), next && roles.indexOf(next.role)) };
  });
  return { title, words, groups };
});
