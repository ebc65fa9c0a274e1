/**
 * Puts the program for live sources together: `program/head.sh`, the version, every other part in the order of its name, and
 * `program/main.sh` last. Parts are functions and constants alone, so their order is of no matter, and nothing runs before the
 * last line calls `main`: a program of which a broken connection has lost the end does nothing.
 */
import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";

import { argumentRulesFunction } from "./argumentRules.mjs";
import { kernelPackagesFunction } from "./kernelPackages.mjs";

const FIRST = "program/head.sh";
const LAST = "program/main.sh";

/** The text of `pv-to-hvm.sh`. */
export function assembleLiveProgram() {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const parts = readdirSync(new URL(".", import.meta.url), { recursive: true })
    .filter((file) => file.endsWith(".sh") && file !== FIRST && file !== LAST)
    .sort();
  const read = (file) => readFileSync(new URL(file, import.meta.url), "utf8");
  const tables = [kernelPackagesFunction(), argumentRulesFunction()];
  return [read(FIRST), `VERSION=${version}\n`, ...tables, ...[...parts, LAST].map(read)].join("\n");
}

/** Writes it, as a file that may be executed. */
export function writeLiveProgram(file) {
  writeFileSync(file, assembleLiveProgram());
  chmodSync(file, 0o755);
}
