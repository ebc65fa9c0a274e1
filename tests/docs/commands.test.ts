/** Every command line that the documents give to `pv-to-hvm` is one that it understands. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { parseCommandLine } from "../../converter/commandLine";
import { parseDiscover } from "../../discover/commandLine";
import { parsePreflight } from "../../preflight/commandLine";
import { parsePreviewReport } from "../../previewReport/commandLine";
import { parseInspect } from "../../snapshots/commandLine";
import { parseReport } from "../../stackReport/commandLine";
import { parseSweep } from "../../sweep/commandLine";
import { blocksOf, DOCUMENTS, isShell, read, ROOT } from "./documents";

/** What the program on a live source makes of its words. Folders are a reader's own: any that is there will do. */
function parseLive(words: string[]): void {
  const options = join(ROOT, "live/program/options.sh");
  const here = words.map((word) => (/^[./]/.test(word) ? "/" : word));
  execFileSync("sh", ["-c", `. "${options}"; read_options "$@"`, "sh", ...here], { stdio: "pipe" });
}

/** What each of the programs behind the command makes of its words: throws where it would refuse them. */
const PARSERS: Record<string, (words: string[]) => unknown> = {
  sweep: ([, ...words]) => parseSweep(words),
  discover: ([, ...words]) => parseDiscover(words),
  preflight: ([, ...words]) => parsePreflight(words),
  "preview-report": ([, ...words]) => parsePreviewReport(words),
  report: ([, ...words]) => parseReport(words),
  prepare: parseLive,
};

function parse(words: string[]): unknown {
  const isLive = words[0] === "inspect" && words.some((word) => word.endsWith("/"));
  if (words[0] === "inspect" && words.some((word) => /^(snap|ami)-/.test(word))) return parseInspect(words);
  return isLive ? parseLive(words) : (PARSERS[words[0]] ?? parseCommandLine)(words);
}

/** The words behind `pv-to-hvm` wherever a block runs it, in pipes and lists of commands as well. */
function commandLines(text: string): string[][] {
  const commands = text
    .replace(/\\\n */g, "")
    .replace(/(^| )#.*$/gm, "")
    .split(/[|;&>\n]+/);
  return commands.flatMap((command) => {
    const [, words] =
      /^ *(?:\$ |sudo (?:-E )?|npx --no |sh )*(?:\S*\/)?pv-to-hvm(?:\.sh)?( .*)?$/.exec(command) ?? [];
    return words === undefined ? [] : [words.trim().split(/ +/)];
  });
}

for (const file of DOCUMENTS) {
  const blocks = blocksOf(read(file)).filter(isShell);
  if (blocks.length === 0) continue;
  describe(`${file}, in its shell blocks,`, () => {
    it("is understood by bash", () => {
      for (const { text, line } of blocks) {
        try {
          execFileSync("bash", ["-n"], { input: text, stdio: ["pipe", "pipe", "pipe"] });
        } catch (error) {
          assert.fail(`${file}:${line}: ${String((error as { stderr: Buffer }).stderr)}`);
        }
      }
    });

    it("gives pv-to-hvm words that it takes", () => {
      for (const words of blocks.flatMap(({ text }) => commandLines(text))) {
        assert.doesNotThrow(() => parse(words), `pv-to-hvm ${words.join(" ")}`);
      }
    });
  });
}

describe("the package's command", () => {
  it("is nowhere to be run by an npx that would get one of its name from npm", () => {
    for (const file of DOCUMENTS) assert.doesNotMatch(read(file), /npx (?:-\S+ )*(?<!--no )pv-to-hvm/, file);
  });
});

describe("the command lines of the documents", () => {
  const FOUND: [text: string, words: string[][]][] = [
    ["npx --no pv-to-hvm inspect old.img   # writes nothing\n", [["inspect", "old.img"]]],
    ["pulumi preview --json | npx --no pv-to-hvm preview-report > report.md", [["preview-report"]]],
    ["sudo sh ./pv-to-hvm.sh prepare / --json", [["prepare", "/", "--json"]]],
    ["sudo -E npx --no pv-to-hvm inspect snap-1", [["inspect", "snap-1"]]],
    ["pv-to-hvm sweep \\\n  --remove && echo done", [["sweep", "--remove"]]],
    ["npm pack pv-to-hvm-0.1.0.tgz", []],
  ];
  for (const [text, words] of FOUND) {
    it(`are found in ${JSON.stringify(text)}`, () => assert.deepEqual(commandLines(text), words));
  }

  for (const wrong of [
    ["sweep", "--removed"],
    ["convert", "a"],
    ["preview-report", "--size"],
    ["report", "--stacks"],
    ["prepare", "/", "--all"],
  ]) {
    it(`would be refused if one were pv-to-hvm ${wrong.join(" ")}`, () => assert.throws(() => parse(wrong)));
  }
});
