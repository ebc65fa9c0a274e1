/** Which entry is the default. */
import { AT_ONCE, entry, type Row, TWO } from "./row";

const TWELVE = [1, 1, 1, 1, 1, 1, 1, 1, 2, 1, 3, 1].map((kernel) => entry(kernel)).join("");
const saved = (text: string) => ({ "/boot/grub/default": text });
/** As grub-set-default leaves it: as long as GRUB writes it. */
const SAVED_FILE = `1\n${"#\n".repeat(9)}# WARNING: If you want to edit this file directly, do not remove any line\n`;

export const DEFAULTS: Row[] = [
  { what: "no default", menu: AT_ONCE + TWO, starts: "K1" },
  { what: "default 1", menu: `default 1\n${AT_ONCE}${TWO}`, starts: "K2" },
  { what: "default=1", menu: `default=1\ntimeout=0\n${TWO}`, starts: "K2" },
  { what: "default with blanks and =", menu: `\tdefault \t=\t 1 \n${AT_ONCE}${TWO}`, starts: "K2" },
  { what: "default in hexadecimal", menu: `default=0x1\n${AT_ONCE}${TWO}`, starts: "K2" },
  {
    what: "default with a leading zero, which is no octal",
    menu: `default 010\n${AT_ONCE}${TWELVE}`,
    starts: "K3",
  },
  { what: "default with letters behind the number", menu: `default 1x\n${AT_ONCE}${TWO}`, starts: "K2" },
  {
    what: "default with a comment behind it",
    menu: `default 1 # the second\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  { what: "default that is no number", menu: `default Linux 2\n${AT_ONCE}${TWO}`, starts: "K1" },
  { what: "default below zero", menu: `default -1\n${AT_ONCE}${TWO}`, starts: "K1" },
  { what: "default with nothing behind it", menu: `default\n${AT_ONCE}${TWO}`, starts: "K1" },
  { what: "default past the last entry", menu: `default 7\n${AT_ONCE}${TWO}`, starts: "K1" },
  {
    what: "default past the last entry, and a fallback",
    menu: `default 7\nfallback 1\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  {
    what: "default and fallback past the last entry",
    menu: `default 7\nfallback 9\n${AT_ONCE}${TWO}`,
    starts: "K1",
  },
  { what: "a default too large for a number", menu: `default 99999999999\n${AT_ONCE}${TWO}`, starts: "K1" },
  { what: "default twice", menu: `default 0\ndefault 1\n${AT_ONCE}${TWO}`, starts: "K2" },
  {
    what: "default twice, the second one no number",
    menu: `default 1\ndefault x\n${AT_ONCE}${TWO}`,
    starts: "K2",
  },
  { what: "default saved without a file", menu: `default saved\n${AT_ONCE}${TWO}`, starts: "K1" },
  { what: "default saved", menu: `default saved\n${AT_ONCE}${TWO}`, files: saved(SAVED_FILE), starts: "K2" },
  {
    what: "default saved in hexadecimal",
    menu: `default saved\n${AT_ONCE}${TWO}`,
    files: saved("0x1\n"),
    starts: "K2",
  },
  {
    what: "default saved in an empty file",
    menu: `default saved\n${AT_ONCE}${TWO}`,
    files: saved(""),
    starts: "K1",
  },
  {
    what: "default saved behind a blank",
    menu: `default saved\n${AT_ONCE}${TWO}`,
    files: saved(" 1\n"),
    starts: "K1",
  },
  {
    what: "default saved past the last entry",
    menu: `default saved\n${AT_ONCE}${TWO}`,
    files: saved("7\n"),
    starts: "K1",
  },
  {
    what: "default saved past the last entry, and a fallback",
    menu: `default saved\nfallback 1\n${AT_ONCE}${TWO}`,
    files: saved("7\n"),
    starts: "K2",
  },
  {
    what: "default saved and a blank",
    menu: `default saved \n${AT_ONCE}${TWO}`,
    files: saved("1\n"),
    starts: "K1",
  },
  { what: "default saved2", menu: `default saved2\n${AT_ONCE}${TWO}`, files: saved("1\n"), starts: "K1" },
  {
    what: "default saved, then a number",
    menu: `default saved\ndefault 0\n${AT_ONCE}${TWO}`,
    files: saved("1\n"),
    starts: "K1",
  },
  { what: "DEFAULT in capitals", menu: `DEFAULT 1\n${AT_ONCE}${TWO}`, starts: "K1" },
  {
    what: "default behind the first title",
    menu: `${AT_ONCE}${entry(1)}default 1\n${entry(2)}`,
    starts: "nothing",
  },
  { what: "no timeout", menu: `default 1\n${TWO}`, starts: "K2" },
  { what: "timeout below zero", menu: `default 1\ntimeout -1\n${TWO}`, starts: "K2" },
  { what: "timeout in hexadecimal", menu: `default 1\ntimeout=0x1\n${TWO}`, starts: "K2" },
  {
    what: "timeout behind the first title",
    menu: `default 1\n${entry(1)}timeout 0\n${entry(2)}`,
    starts: "K2",
  },
  { what: "hiddenmenu", menu: `default 1\nhiddenmenu\ntimeout 1\n${TWO}`, starts: "K2" },
  { what: "hiddenmenu without a timeout", menu: `default 1\nhiddenmenu\n${TWO}`, starts: "K2" },
  {
    what: "the default of 200 entries",
    menu: `default 151\n${AT_ONCE}${Array.from({ length: 200 }, (_, index) => entry((index % 5) + 1)).join("")}`,
    starts: "K2",
  },
];
