/** Runs one scenario, from its beginning to an empty cloud. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { copyBase } from "./base";
import { checkAfterwards } from "./checks";
import { clearEnvironment } from "./clear";
import { Environment, type Notes } from "./environment";
import type { Built } from "./packages";
import type { Scenario } from "./scenario";

export interface Result {
  scenario: Scenario;
  /** Undefined if all checks passed. */
  failure?: string;
  notes: Notes;
  /** Of the whole scenario. */
  seconds: number;
}

export interface RunContext {
  /** The folder for environments and the base. */
  cache: string;
  built: Built;
}

/** An error makes the scenario fail. The cloud is emptied in any case. */
export async function runScenario(scenario: Scenario, { cache, built }: RunContext): Promise<Result> {
  const began = Date.now();
  const folder = join(cache, scenario.name.replace(/[^a-zA-Z0-9]+/g, "-"));
  await clearEnvironment(folder);
  let environment: Environment | undefined;
  let failure: string | undefined;
  try {
    if (scenario.from === "published") await copyBase(cache, folder, built);
    else mkdirSync(folder, { recursive: true });
    environment = await Environment.open(folder, built);
    await scenario.run(environment);
    await checkAfterwards(environment);
  } catch (error) {
    failure = (error as Error).stack ?? String(error);
  }
  await clearEnvironment(folder);
  const seconds = Math.round((Date.now() - began) / 1000);
  return { scenario, failure, notes: environment?.notes ?? {}, seconds };
}
