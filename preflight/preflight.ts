import { explained } from "../cli/aws/errors";
import { regionOf } from "../cli/aws/region";
import { isComponent } from "../cli/preview/migrations";
import { type Preview, stackName } from "../cli/preview/preview";
import { RefusedError } from "../converter/errors";
import { askAccount } from "./account";
import { type Clients, credentialsOf, openClients, takeProfile } from "./clients";
import { askDryRuns } from "./dryRun";
import { askZones } from "./machines";
import { askNetwork } from "./network";
import { type Plan, plansOf } from "./plan";
import { askQuotas } from "./quotas";
import { merged, type Row } from "./row";
import { askSources } from "./sources";

/**
 * Asks EC2 about everything that a preview would make or delete. `region`: where neither the resources nor the stack name
 * one. Throws `RefusedError` where there is nothing to ask about, `UsageError` where no region is known, `FailedError` where EC2
 * cannot be asked.
 */
export async function preflight(preview: Preview, region?: string): Promise<Row[]> {
  if (!preview.steps.some(isComponent) && !preview.steps.some(({ type }) => type.startsWith("aws:"))) {
    throw new RefusedError([nothingToAsk(preview)]);
  }
  // Before the region, which may be the profile's.
  takeProfile(preview);
  const named = await regionOf(region ?? preview.config["aws:region"], "set aws:region in the stack");
  try {
    const credentials = await credentialsOf(preview, named);
    const plans = [...plansOf(preview, named)];
    const rows = await Promise.all(plans.map(([name, plan]) => ask(plan, openClients(name, credentials))));
    return merged(rows.flat());
  } catch (error) {
    throw explained(error as Error, named);
  }
}

function nothingToAsk(preview: Preview) {
  return {
    subject: stackName(preview) ?? "the preview",
    found: "has no migration in it.",
    advice: "Name a stack of a program that makes a PvToHvmMigration.",
  };
}

async function ask(plan: Plan, clients: Clients): Promise<Row[]> {
  // First: who cannot be told apart gets the same refusal of every question.
  const account = await askAccount(plan, clients);
  const questions = [askSources, askZones, askNetwork, askQuotas, askDryRuns];
  const rows = await Promise.all(questions.map((question) => question(plan, clients)));
  return [...account, ...rows.flat()];
}
