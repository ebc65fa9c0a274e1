/** A fleet: each region of each account asked, and put together. */
import type { Log } from "../converter/progress";
import { VERSION } from "../converter/version";
import { regionOf } from "../cli/aws/region";
import { inTurns } from "../cli/inTurns";
import { type Account, closeClients, openClients } from "./aws";
import { askPlace } from "./ask";
import { linked, madeIn } from "./conversions";
import { placeOf } from "./place";
import { findAccounts } from "./accounts";
import { regionsOf } from "./regions";
import type { Fleet, Unasked } from "./types";

export interface Wanted {
  regions?: string[] | "all";
  roleName?: string;
  accounts?: string[];
}

/** The record without what inspections and earlier records say, and the accounts as they were asked. */
export interface Discovered {
  fleet: Fleet;
  accounts: Account[];
}

/** Regions that are asked at the same time. Each of them asks several questions at once. */
const PLACES_AT_ONCE = 4;

export async function discover(wanted: Wanted, log: Log, now = new Date()): Promise<Discovered> {
  const home = await homeOf(wanted);
  const asked = await findAccounts(wanted, home);
  const { targets, unasked } = await targetsOf(asked.accounts, wanted.regions, home);
  log(`asking ${counted(targets.length, "region")} of ${counted(asked.accounts.length, "account")}`);
  let done = 0;
  const ask = async ({ account, region }: Target) => {
    const clients = openClients(account, region);
    const answered = await askPlace(clients).finally(() => closeClients(clients));
    const place = placeOf(account.id, region, answered);
    const found = `${counted(place.images.length, "image")}, ${counted(place.instances.length, "instance")}`;
    log(`${++done} of ${targets.length}: ${account.id} ${region}: ${found}`);
    return { place, made: madeIn(account.id, region, answered), unasked: answered.unasked };
  };
  const answers = await inTurns(targets, ask, PLACES_AT_ONCE);
  const places = answers.map(({ place }) => place).sort(byPlace);
  const made = answers.flatMap((each) => each.made);
  const fleet: Fleet = {
    ...{ format: 1, version: VERSION, at: now.toISOString(), places: linked(places, made) },
    unasked: [...asked.unasked, ...unasked, ...answers.flatMap((each) => each.unasked)],
  };
  return { fleet, accounts: asked.accounts };
}

/** Where accounts and regions are asked for: that of the environment, since one that is named may not be switched on. */
async function homeOf({ regions }: Wanted): Promise<string> {
  const [named] = Array.isArray(regions) ? regions : [];
  return regionOf(undefined).catch((error: Error) => named ?? Promise.reject(error));
}

interface Target {
  account: Account;
  region: string;
}

async function targetsOf(
  accounts: Account[],
  wanted: Wanted["regions"],
  home: string,
): Promise<{ targets: Target[]; unasked: Unasked[] }> {
  const ask = async (account: Account) => {
    const { regions, unasked } = await regionsOf(account, wanted, home);
    return { targets: regions.map((region) => ({ account, region })), unasked };
  };
  const all = await inTurns(accounts, ask, PLACES_AT_ONCE);
  return { targets: all.flatMap(({ targets }) => targets), unasked: all.flatMap(({ unasked }) => unasked) };
}

function byPlace(one: { accountId: string; region: string }, other: typeof one): number {
  return one.accountId.localeCompare(other.accountId) || one.region.localeCompare(other.region);
}

export function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}
