import type { GuestTree } from "../../tree";
import { programPath } from "./detect";

/** What the guest's own files say of a call, before it is made. */
export interface Probed {
  /** Where the program lies. Absent: it is not there. */
  path?: string;
  /** What runs it, by its first line. Absent: it is no script. */
  interpreter?: string;
  /** Options of the call that its own option parser does not know. */
  unknown: string[];
}

/** SUSE's mkinitrd has its options in these scripts. */
const SUSE_SETUP = "/lib/mkinitrd/setup";

/** Looks at the program of a call, and at what reads its options. Runs nothing. */
export function probeCommand(tree: GuestTree, [program, ...words]: string[]): Probed {
  const path = programPath(tree, program);
  if (path === undefined) return { unknown: [] };
  const script = tree.read(path) ?? "";
  const interpreter = /^#![ \t]*(\S+)/.exec(script)?.[1];
  if (interpreter === undefined) return { path, unknown: [] };
  const parts = tree.list(SUSE_SETUP).map((name) => tree.read(`${SUSE_SETUP}/${name}`) ?? "");
  const parser = [script, ...parts].join("\n");
  return { path, interpreter, unknown: optionsOf(words).filter((option) => !knows(parser, option)) };
}

/** `-f`, `--add-drivers`, `--preload` of `--preload=nvme`; each once. */
function optionsOf(words: string[]): string[] {
  return [...new Set(words.flatMap((word) => /^--?[A-Za-z][\w-]*/.exec(word)?.[0] ?? []))];
}

/** A long option is written out. A letter is a case of its own, among those of getopts, or one of SUSE's parameters. */
function knows(parser: string, option: string): boolean {
  if (option.startsWith("--")) return parser.includes(option);
  const letter = option.slice(1);
  return new RegExp(
    `(?:^|[\\s(|'"])-${letter}\\s*[|)*]|\\bgetopts?\\s+["']?[^\\s"']*${letter}|^\\s*${letter}\\)|%param_${letter}\\b`,
    "m",
  ).test(parser);
}
