/** What is started where the default cannot be. */
import { AT_ONCE, brokenEntry, entry, type Row } from "./row";

const GONE = brokenEntry();
const kernelGone = (fallback: string, rest: string) => `${fallback}${AT_ONCE}${GONE}${rest}`;
const without = (lines: string) => `title A\n${lines}`;

export const FALLBACKS: Row[] = [
  { what: "a kernel that is gone", menu: kernelGone("", entry(2)), starts: "nothing" },
  { what: "a kernel that is gone, and a fallback", menu: kernelGone("fallback 1\n", entry(2)), starts: "K2" },
  {
    what: "an initrd that is gone, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nkernel K1\ninitrd /gone\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "an initrd that is gone",
    menu: `${AT_ONCE}${without("root (hd0)\nkernel K1\ninitrd /gone\n")}${entry(2)}`,
    starts: "nothing",
  },
  {
    what: "an initrd that is gone, and a fallback to the same kernel with another",
    menu: `fallback 2\n${AT_ONCE}${without("root (hd0)\nkernel K1\ninitrd /gone\n")}${entry(2)}${entry(1)}`,
    starts: "K1",
  },
  {
    what: "fallbacks one after the other",
    menu: kernelGone("fallback 1 2\n", GONE + entry(3)),
    starts: "K3",
  },
  {
    what: "a fallback that is itself among them",
    menu: kernelGone("fallback 0 1\n", entry(2)),
    starts: "K2",
  },
  {
    what: "a fallback past the last entry among them",
    menu: kernelGone("fallback 1 9 2\n", GONE + entry(3)),
    starts: "K3",
  },
  { what: "fallbacks with a comma", menu: kernelGone("fallback 1,2\n", GONE + entry(3)), starts: "nothing" },
  {
    what: "fallbacks one of which is no number",
    menu: kernelGone("fallback 1 x\n", entry(2)),
    starts: "nothing",
  },
  {
    what: "a fallback in hexadecimal",
    menu: kernelGone("fallback=0x2\n", entry(2) + entry(3)),
    starts: "K3",
  },
  { what: "fallback twice", menu: kernelGone("fallback 1\nfallback 2\n", entry(2) + entry(3)), starts: "K3" },
  {
    what: "a fallback behind the first title",
    menu: `${AT_ONCE}${GONE}fallback 1\n${entry(2)}`,
    starts: "nothing",
  },
  { what: "all kernels gone", menu: kernelGone("fallback 1\n", GONE + entry(3)), starts: "nothing" },
  {
    what: "a fallback that chains to a further one",
    menu: kernelGone("fallback 2 1\n", entry(2) + GONE),
    starts: "K2",
  },
  {
    what: "a file that is no kernel",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nkernel /etc/fstab\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "a folder for a kernel",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nkernel /boot\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "another disk",
    menu: `fallback 1\n${AT_ONCE}${entry(1, { root: "(hd1)" })}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "another disk, and no fallback",
    menu: `${AT_ONCE}${entry(1, { root: "(hd1)" })}${entry(2)}`,
    starts: "nothing",
  },
  {
    what: "a partition of a bare disk",
    menu: `fallback 1\n${AT_ONCE}${entry(1, { root: "(hd0,0)" })}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "initrd before kernel",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\ninitrd I1\nkernel K1\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "a path without a slash",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nkernel boot/vmlinuz\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "a kernel in quotes",
    menu: `fallback 1\n${AT_ONCE}${without('root (hd0)\nkernel "K1" root=LABEL=root\n')}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "chainloader as the default, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nchainloader (hd0)+1\n")}${entry(2)}`,
    starts: "K2",
    then: "refused",
  },
  {
    what: "configfile to a menu that is gone, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${without("root (hd0)\nconfigfile /gone\n")}${entry(2)}`,
    starts: "K2",
    then: "refused",
  },
  {
    what: "savedefault without its file, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${entry(1, { more: "savedefault\n" })}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "an entry of savedefault alone, and a fallback",
    menu: `fallback 1\n${AT_ONCE}${without("savedefault\n")}${entry(2)}`,
    starts: "K2",
  },
  {
    what: "a locked entry, a password and a fallback",
    menu: `fallback 1\npassword secret\n${AT_ONCE}${without("lock\n")}root (hd0)\nkernel K1\n${entry(2)}`,
    starts: "K2",
  },
];
