/** The table of kernel arguments that HVM does not bear, or may not (`converter/guest/commandLine/argumentTable.json`), for the shell. */
import { readFileSync } from "node:fs";

const read = (file) =>
  JSON.parse(readFileSync(new URL(`../converter/guest/${file}`, import.meta.url), "utf8"));

/**
 * `argument_rules`: prints a line for each row. Its fields: `goes` for what is taken out and `stays` for the rest; the names;
 * `word` or `item`; the test, of `matches`, `lacks` and `below`, and what it is asked with; what the argument does on HVM.
 */
export function argumentRulesFunction() {
  const { pvOnly, harmful } = read("commandLine/argumentTable.json");
  const lines = [...pvOnly.map((row) => lineOf("goes", row)), ...harmful.map((row) => lineOf("stays", row))];
  const quoted = lines.join("\n").replaceAll("'", "'\\''");
  return `argument_rules() {\n  printf '%s\\n' '${quoted}' | tr '\\t' '\\037'\n}\n`;
}

function lineOf(kind, { names, per = "word", harm, ...test }) {
  return [kind, names.join(" "), per, ...testOf(test), harm].join("\t");
}

function testOf({ matches = "", lacks, belowMiB, isNeededModule }) {
  if (isNeededModule) return ["matches", patternOf(read("configuration/neededModules.json"))];
  if (belowMiB !== undefined) return ["below", belowMiB * 2 ** 20];
  return lacks === undefined ? ["matches", matches] : ["lacks", lacks];
}

/** Dashes and underscores in a module's name are alike. */
function patternOf(modules) {
  return `^(${modules.map((name) => name.replaceAll("-", "[-_]")).join("|")})$`;
}
