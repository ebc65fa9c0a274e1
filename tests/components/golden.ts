import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Compares a text with the whole file `fixtures/<name>`. `UPDATE_GOLDEN=1` writes it anew, to be read before it is kept. */
export function assertGolden(name: string, actual: string): void {
  const file = join(__dirname, "fixtures", name);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  assert.equal(actual, readFileSync(file, "utf8"));
}

/** An object without some of its keys. */
export function without(values: Record<string, unknown>, ...keys: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([key]) => !keys.includes(key)));
}
