/** The letters of a menu: line ends, white space, comments, characters that are no text. */
import { AT_ONCE, entry, type Row, TWO } from "./row";

const PLAIN = `default 1\n${AT_ONCE}${TWO}`;
const second = (what: string, menu: string): Row => ({ what, menu, starts: "K2" });
const first = (what: string, menu: string): Row => ({ what, menu, starts: "K1" });

export const SYNTAX: Row[] = [
  second("line ends of DOS", PLAIN.replaceAll("\n", "\r\n")),
  second("a carriage return inside a word", `defa\rult 1\n${AT_ONCE}${TWO}`),
  { what: "line ends of old Macs", menu: PLAIN.replaceAll("\n", "\r"), starts: "nothing" },
  second("no line end at the end", PLAIN.trimEnd()),
  second("white space before every line", PLAIN.replace(/^/gm, " \t ")),
  second(
    "white space behind every line",
    PLAIN.replaceAll("default 1", "default 1 \t").replaceAll("\n\t", " \t\n\t"),
  ),
  second("tabs between words", PLAIN.replaceAll(" ", "\t")),
  second("= after every command", PLAIN.replace(/^(\s*\w+) /gm, "$1=")),
  first("a byte order mark", `\uFEFFdefault 1\n${AT_ONCE}${TWO}`),
  first("a blank that does not break before a command", `\u00a0default 1\n${AT_ONCE}${TWO}`),
  first("a blank that does not break behind a command", `default\u00a01\n${AT_ONCE}${TWO}`),
  first("a form feed before a command", `\fdefault 1\n${AT_ONCE}${TWO}`),
  first("a vertical tab behind a command", `default\v1\n${AT_ONCE}${TWO}`),
  second(
    "letters that are not ASCII",
    `# Menü für Grüße\ndefault 1\n${AT_ONCE}${TWO.replace("Linux 1", "Système d’exploitation")}`,
  ),
  second(
    "bytes that are no UTF-8 in a title",
    `default 1\n${AT_ONCE}${entry(1, { title: "\xe9\xff" })}${entry(2)}`,
  ),
  second("a zero byte behind the default", `default 1\0\n${AT_ONCE}${TWO}`),
  second("a comment behind blanks", `default 1\n   # default 0\n\t#default 0\n${AT_ONCE}${TWO}`),
  first(
    "# behind a kernel's line, where it is no comment",
    `${AT_ONCE}${entry(1).replace("console=hvc0", "# console=hvc0")}`,
  ),
  second("a continued line", `default \\\n1\n${AT_ONCE}${TWO}`),
  first("a continued comment, which swallows the next line", `# this \\\ndefault 1\n${AT_ONCE}${TWO}`),
  first(
    "a kernel's line that is continued",
    `${AT_ONCE}${entry(1).replaceAll(" root=LABEL", " \\\n root=LABEL")}`,
  ),
  first(
    "a continued line with an end of DOS",
    `${AT_ONCE}${entry(1).replaceAll(" root=LABEL", " \\\r\n root=LABEL")}`,
  ),
  second("a backslash in mid-line", `default 1\n${AT_ONCE}${entry(1, { title: "a\\b" })}${entry(2)}`),
  second("a comment of 5000 characters", `# ${"x".repeat(5000)}\ndefault 1\n${AT_ONCE}${TWO}`),
  first(
    "a kernel's line of 1600 characters",
    `${AT_ONCE}${entry(1).replace("console=hvc0", "x=yyyyyyy ".repeat(160))}`,
  ),
  second("commands in capitals", `default 1\n${AT_ONCE}TITLE x\nROOT (hd0)\n${TWO}`),
  second(
    "words that begin as a command does",
    `default 1\n${AT_ONCE}titles x\ndefaults 0\nroots (hd0)\n${TWO}`,
  ),
  second("an unknown command before the titles", `default 1\nnonsense x\nquiet\n${AT_ONCE}${TWO}`),
  first(
    "an unknown command in an entry",
    `${AT_ONCE}${entry(1).replace("\tkernel", "\tnonsense x\n\tquiet\n\tkernel")}`,
  ),
  second("empty lines everywhere", PLAIN.replaceAll("\n", "\n\n\t\n")),
  { what: "an empty file", menu: "", starts: "nothing" },
  { what: "comments alone", menu: "# default 0\n# title Linux\n", starts: "nothing" },
];
