import type { GuestTree } from "../../tree";
import { programPath } from "./detect";

/** SUSE's mkinitrd has its options in these scripts. */
const SUSE_SETUP = "/lib/mkinitrd/setup";

/**
 * Options of a call that the program's own option parser does not know, as far as its script tells. None for a program that
 * is not there, for one that is no script, and for a script that names none of them: that one hands them to another program, or
 * reads them by means that are not understood here. Runs nothing.
 */
export function unknownOptions(tree: GuestTree, [program, ...words]: string[]): string[] {
  const path = programPath(tree, program);
  const script = path === undefined ? undefined : tree.read(path);
  if (!script?.startsWith("#!")) return [];
  const parts = tree.list(SUSE_SETUP).map((name) => tree.read(`${SUSE_SETUP}/${name}`) ?? "");
  const parser = [script, ...parts].join("\n");
  const options = optionsOf(words);
  const unknown = options.filter((option) => !knows(parser, option));
  return unknown.length === options.length ? [] : unknown;
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
