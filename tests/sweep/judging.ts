/** Cases of the deciding, told as lines. */
import { strict as assert } from "node:assert";
import type { Backend } from "../../sweep/backend";
import type { Inventory, Item } from "../../sweep/item";
import { judge, type JudgeOptions } from "../../sweep/judge";
import { backend, deployment, id, inventory, NOW, WITNESS } from "./made";

export const OPTIONS: JudgeOptions = { now: NOW, olderThanSeconds: 3600, images: false, gone: [] };
export const VOUCHING = deployment(["ami-77"]);

/** The verdicts on all but the witness, as `short-id fate: reason`. */
function told(
  items: Item[] | Inventory,
  options: Partial<JudgeOptions> = {},
  known: Backend = backend(VOUCHING),
): string[] {
  const seen = Array.isArray(items) ? inventory(items) : items;
  const verdicts = judge({ ...seen, items: [...seen.items, WITNESS] }, known, { ...OPTIONS, ...options });
  const short = (text: string) => text.replace(/-0+(\d+)/g, "-$1");
  return verdicts
    .filter((verdict) => verdict.item !== WITNESS)
    .map(({ item: judged, fate, reason }) => short(`${judged.id} ${fate}: ${reason}`));
}

export const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
export const on = (short: string, deleteOnTermination = false) => ({
  instanceId: id(short),
  deleteOnTermination,
});

export interface Case {
  what: string;
  items: Item[] | Inventory;
  options?: Partial<JudgeOptions>;
  backend?: Backend;
  expected: string[];
}

/** A test for each case. */
export function judges(cases: Case[]): void {
  for (const { what, items, options, backend: known, expected } of cases) {
    it(what, () => assert.deepEqual(told(items, options, known), expected));
  }
}
