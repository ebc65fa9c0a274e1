/** docs/first-migration.md as somebody follows it who has no account: each command as the page's own table has it. */
import { strict as assert } from "node:assert";
import { parse, stringify } from "yaml";
import { type Block, blocksOf, isShell, read } from "../docs/documents";

export const PAGE = "docs/first-migration.md";
const TABLE_HEADING = "## The same on the local cloud";
/** The migration that the page is about. */
const NAME = "web";

/** Runs a command line in the checkout, and gives all that it has said. Rejects where it fails. */
export type Shell = (command: string) => Promise<string>;

export interface StackFile {
  read(): string;
  write(text: string): void;
}

/** What is done on the page before a heading, in its order: commands run, the stack's file written, what is shown compared. */
export async function followPage(
  shell: Shell,
  file: StackFile,
  part: { from?: string; to: string },
): Promise<void> {
  const page = read(PAGE);
  const local = onLocalCloud(page);
  const [start, end] = [part.from ? page.indexOf(`## ${part.from}`) : 0, page.indexOf(`## ${part.to}`)];
  assert.ok(start >= 0 && end > start, `${PAGE}: no headings ${part.from ?? ""} and ${part.to}`);
  let said = "";
  for (const block of blocksOf(page.slice(start, end))) {
    if (block.language === "yaml") file.write(configured(file.read(), local(block.text)));
    else if (isShell(block)) said = await runAll(shell, local(block.text));
    // What a mistake would say: a test of its own makes that mistake.
    else if (!block.text.includes("one problem")) assertShown(block, said);
  }
}

async function runAll(shell: Shell, text: string): Promise<string> {
  let said = "";
  for (const command of text
    .replace(/\\\n */g, "")
    .split("\n")
    .filter(Boolean))
    said = await shell(command);
  return said;
}

/** The text of a block with what the page's table puts in place of it. */
export function onLocalCloud(page = read(PAGE)): (text: string) => string {
  const rows = rowsOf(page.slice(page.indexOf(TABLE_HEADING)));
  assert.ok(rows.length >= 5, `${PAGE}: no table below ${TABLE_HEADING}`);
  return (text) => rows.reduce((changed, row) => replaced(changed, row), text);
}

function rowsOf(section: string): [from: string, to: string][] {
  const cells = [...section.matchAll(/^\| `([^`]+)` +\| (`([^`]+)`|nothing)/gm)];
  return cells.map(([, from, , to = ""]) => [from, to]);
}

/** `a …` becomes `b …` with what stands behind it, or `b` alone; what becomes nothing goes with its line. */
function replaced(text: string, [from, to]: [string, string]): string {
  const [begin, goesOn] = [from.replace(/ …$/, ""), to.endsWith(" …")];
  const escaped = begin.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  if (to === "") return text.replace(new RegExp(`^ *${escaped}\\b.*\n`, "gm"), "");
  if (goesOn) return text.replace(new RegExp(`^${escaped}(?= )`, "gm"), to.replace(/ …$/, ""));
  if (from.endsWith(" …")) return text.replace(new RegExp(`^${escaped}(?:.*\\\\\n)*.*$`, "gm"), to);
  return text.replaceAll(begin, to);
}

/** A whole file is put in place; a part of an entry into the entry: `until` is left out where the part does not name it. */
function configured(before: string, text: string): string {
  const { encryptionsalt } = parse(before) as { encryptionsalt?: string };
  const given = parse(text) as Record<string, unknown>;
  if ("config" in given) return stringify({ ...given, encryptionsalt });
  const whole = parse(before) as { config: Record<string, Record<string, object>> };
  const { [NAME]: entry } = whole.config["pv-to-hvm:migrations"];
  whole.config["pv-to-hvm:migrations"][NAME] = { ...entry, until: undefined, ...given };
  return stringify(whole);
}

/**
 * Each line that the page shows was seen, but for versions, sizes, seconds, how many checks a version has, and spaces; `…` and
 * `⋮` stand for more.
 */
export function assertShown({ text, line }: Block, said: string): void {
  const seen = said.split("\n").map(plain);
  for (const shown of text
    .split("\n")
    .filter((one) => one.trim() && !one.includes("⋮"))
    .flatMap(pairsOf)) {
    const pattern = new RegExp(plain(stepOf(shown)).split("…").map(escape).join(".*"));
    assert.ok(
      seen.some((one) => pattern.test(one)),
      `${PAGE}:${line}: not seen: ${shown}\n${said}`,
    );
  }
}

/** A line of JSON is judged by its pairs: their order is nobody's. */
function pairsOf(shown: string): string[] {
  return shown.match(/"\w+": ("[^"]*"|\[.*?\]|\w+)/g) ?? [shown];
}

/** A step's line has its resource before it; a row of the boot proof is an output. */
function stepOf(shown: string): string {
  const step = shown.replace(/^([\w-]+) +(?=[A-Z]+: )/, `${NAME}-$1 …`);
  const [, name, value] = /^([a-z][a-z ]*?) {2,}(\S.*)$/.exec(step) ?? [];
  if (name === undefined) return step;
  const key = name.replace(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
  return `${key}: "${value.replace(/ \(.*\)$/, "")}"`;
}

function plain(text: string): string {
  return text
    .replace(/\s+/g, "")
    .replace(/,?$/, "")
    .replace(/(?<=in)\d+(\.\d+)?s/g, "#s")
    .replace(/\d+checks,/, "#checks,")
    .replace(/\d+(\.\d+)+(-\d+)?/g, "#")
    .replace(/\d+(MiB|KiB|GiB)/g, "#$1")
    .replace(/\+deb\d+u\d+|-\d+\+deb\d+u\d+/g, "")
    .replace(/created\(\d+s\)/g, "created(#s)");
}

const escape = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
