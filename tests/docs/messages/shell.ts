/** Messages of shell programs: the one for live sources, and the scripts that the component's steps run. */
import { read } from "../documents";
import type { Message } from "./collect";
import { filesBelow } from "./sources";
import { hasWords, VARIES } from "./texts";

/** The functions of `live/` that say what was found, and as which of their words; what is needed and what to do come behind. */
const SAYING: { [command: string]: number } = {
  problem: 0,
  mendable: 1,
  finish: 1,
  finish_failed: 0,
  usage_error: 0,
};

/** What the program on a live source may say. */
export function shellMessages(): Message[] {
  return filesBelow("live", ".sh").flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => shellSays(line).map((text) => ({ at: `${file}:${index + 1}`, text }))),
  );
}

/** What one line of a shell program says where it refuses or fails. */
export function shellSays(line: string): string[] {
  if (/^\s*#|\(\) \{/.test(line)) return [];
  const calls = [
    ...line.matchAll(/(?:^|[\s;&|{(])(problem|mendable|finish|finish_failed|usage_error) (?=["$\w])/g),
  ];
  const said = calls.flatMap((call) => {
    const words = wordsOf(line.slice(call.index + call[0].length));
    return call[1] === "finish" && !/^(?:REFUSED|FAILED)$/.test(words[0])
      ? []
      : saidBy(words.slice(SAYING[call[1]]));
  });
  const ends = [...line.matchAll(/say "FAILED: (.*?)"/g)].map(([, text]) => plain(text));
  return [...said, ...ends];
}

/** Where what was found varies altogether, what is needed is what it is known by. */
function saidBy([found = "", ...rest]: string[]): string[] {
  return [hasWords(found) ? found : [found, ...rest].join(" ")];
}

/** The words of a command, each without its quotes; `…` for what a variable or another command gives. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let rest = text;
  for (;;) {
    const [whole, quoted] =
      /^\s*(?:"((?:[^"\\$]|\\.|\$\((?:[^()]|\([^()]*\))*\)|\$)*)"|[^\s"';&|\\]+)/.exec(rest) ?? [];
    if (whole === undefined) return words;
    words.push(plain(quoted ?? whole.trim()));
    rest = rest.slice(whole.length);
  }
}

function plain(text: string): string {
  return text.replace(/\$\((?:[^()]|\([^()]*\))*\)|\$\{[^}]*\}|\$\w+/g, VARIES).replace(/\\(.)/g, "$1");
}

/** What a script that is a text says where it fails. */
export function scriptMessages(script: string): string[] {
  const said = script.matchAll(/(?:\bfail |\|\| echo |\becho (?=["']FAILED: ))(["'])(?:FAILED: )?(.+?)\1/g);
  return [...said].map(([, , text]) => plain(text));
}
