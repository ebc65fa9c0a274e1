/** Plays one row from its beginning to an empty cloud. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyBase } from "./base";
import { checkAfterwards } from "./checks";
import { clearStage } from "./clear";
import type { Built } from "./packages";
import type { Row } from "./row";
import { type Notes, Stage } from "./stage";

export interface Result {
  row: Row;
  /** Undefined where all held. */
  failure?: string;
  notes: Notes;
  /** Of the whole row. */
  seconds: number;
}

export interface Theatre {
  /** For stages and the base. */
  cache: string;
  built: Built;
}

/** An error on the way is the row's failure; the cloud is emptied whatever happens. */
export async function play(row: Row, { cache, built }: Theatre): Promise<Result> {
  const began = Date.now();
  const folder = join(cache, row.name.replace(/[^a-zA-Z0-9]+/g, "-"));
  await clearStage(folder);
  let stage: Stage | undefined;
  let failure: string | undefined;
  try {
    if (row.from === "published") await copyBase(cache, folder, built);
    else mkdirSync(folder, { recursive: true });
    stage = await Stage.open(folder, built);
    await row.run(stage);
    await checkAfterwards(stage);
  } catch (error) {
    failure = (error as Error).stack ?? String(error);
  }
  await clearStage(folder);
  const seconds = Math.round((Date.now() - began) / 1000);
  return { row, failure, notes: stage?.notes ?? {}, seconds };
}
