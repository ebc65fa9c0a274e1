/** What is kept of a fleet from one run to the next, in a folder of the user's: the last record of each account. */
import { randomUUID } from "node:crypto";
import * as fs from "node:fs/promises";
import { homedir } from "node:os";
import * as path from "node:path";
import { freeBytes, isFull } from "../converter/freeSpace";
import { formatBytes } from "../converter/disk/sizes";
import { FailedError } from "../converter/errors";
import type { Before } from "./changes";
import type { Fleet, Place, Unasked } from "./types";

/** A record of one account: its places, each with the time at which it was asked. */
interface KeptAccount {
  format: 1;
  places: Before[];
}

export function defaultCache(): string {
  const { XDG_CACHE_HOME: caches } = process.env;
  return path.join(caches || path.join(homedir(), ".cache"), "pv-to-hvm");
}

/** The last record of each place of these accounts. One that is damaged counts as none. */
export async function readBefore(cache: string, accountIds: string[]): Promise<Before[]> {
  const all = await Promise.all(accountIds.map((id) => readKept<KeptAccount>(accountFile(cache, id))));
  return all.flatMap((kept) => kept?.places ?? []);
}

/** Keeps the places that were wholly asked, in the place of their earlier records; the others' stay. */
export async function keepPlaces(cache: string, { at, places, unasked }: Fleet): Promise<void> {
  const whole = places.filter((place) => !unasked.some((each) => isOf(place, each)));
  for (const accountId of new Set(whole.map((place) => place.accountId))) {
    const now = whole
      .filter((place) => place.accountId === accountId)
      .map((place): Before => ({ at, place }));
    const before = (await readBefore(cache, [accountId])).filter(
      ({ place }) => !now.some((each) => each.place.region === place.region),
    );
    await writeKept(cache, accountFile(cache, accountId), { format: 1, places: [...before, ...now] });
  }
}

function isOf({ accountId, region }: Place, unasked: Unasked): boolean {
  return unasked.accountId === accountId && (unasked.region === undefined || unasked.region === region);
}

function accountFile(cache: string, accountId: string): string {
  return path.join(cache, "fleet", `${accountId}.json`);
}

/** Undefined, if there is none, or it is of another format or damaged. */
export async function readKept<T extends { format: 1 }>(file: string): Promise<T | undefined> {
  try {
    const kept = JSON.parse(await fs.readFile(file, "utf8")) as T;
    return kept.format === 1 ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Writes a file whole, or not at all. It tells of an account's disks, so only its owner can read it. */
export async function writeKept(cache: string, file: string, content: object): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  try {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(beside, JSON.stringify(content), { mode: 0o600 });
    await fs.rename(beside, file);
  } catch (error) {
    await fs.rm(beside, { force: true }).catch(() => undefined);
    throw await explained(cache, error as NodeJS.ErrnoException);
  }
}

async function explained(cache: string, error: NodeJS.ErrnoException): Promise<FailedError> {
  const what = isFull(error)
    ? `has no room left (${formatBytes(await freeBytes(cache))} free)`
    : `cannot be written to (${error.message})`;
  return new FailedError(
    `--cache: ${cache} ${what}. Make room there, or name another folder with --cache. What was found is printed all the same.`,
  );
}
