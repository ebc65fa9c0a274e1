/** `--write-stack`: the images of a fleet as entries of stacks' files, switched off. */
import * as fs from "node:fs/promises";
import * as path from "node:path";
import { parse } from "yaml";
import { FailedError, UsageError } from "../../converter/errors";
import { counted } from "../output/summary";
import type { Fleet, Place } from "../types";
import { chooseEntries, type Chosen } from "./entries";
import { readStackFile, withEntries } from "./stackFile";

const PROJECT = "pv-to-hvm";

/** The folder of the stacks' files. Asks nothing of AWS. @throws UsageError if no stack of that name can be written here */
export async function checkStack(stack: string, project = process.cwd()): Promise<string> {
  const folder = path.join(project, await configFolder(project));
  const files = await fs.readdir(folder).catch(() => []);
  const own = files.filter((file) => file === fileOf(stack) || file.startsWith(`Pulumi.${stack}-`));
  for (const file of own) readStackFile(file, await textOf(path.join(folder, file)));
  return folder;
}

async function configFolder(project: string): Promise<string> {
  const file = path.join(project, "Pulumi.yaml");
  const text = await fs.readFile(file, "utf8").catch(() => undefined);
  const here = "Run this in the folder of pv-to-hvm's own Pulumi.yaml, whose stacks have one entry an image.";
  if (text === undefined) throw new UsageError(`--write-stack: there is no ${file}. ${here}`);
  const { name, stackConfigDir = "." } = understood(text);
  if (name !== PROJECT)
    throw new UsageError(
      `--write-stack: ${file} is of another project (${name ?? "without a name"}). ${here}`,
    );
  return stackConfigDir;
}

function understood(text: string): { name?: string; stackConfigDir?: string } {
  try {
    return (parse(text) ?? {}) as { name?: string; stackConfigDir?: string };
  } catch {
    return {};
  }
}

function fileOf(stack: string): string {
  return `Pulumi.${stack}.yaml`;
}

/** An empty text for a file that is not there. */
async function textOf(file: string): Promise<string> {
  try {
    return await fs.readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new UsageError(
      `--write-stack: ${file} cannot be read (${(error as Error).message}). Make it readable, or name another stack.`,
    );
  }
}

/** A file as it will be. */
interface Written {
  file: string;
  before: string;
  after: string;
  chosen: Chosen;
}

/**
 * Writes the files of all places, after each of them was found to be in order. Gives what to tell, a line each.
 * @throws UsageError, FailedError
 */
export async function writeStacks(
  stack: string,
  folder: string,
  { places }: Pick<Fleet, "places">,
): Promise<string[]> {
  const withImages = places.filter(({ images }) => images.length > 0);
  if (withImages.length === 0)
    return ["--write-stack: no paravirtual image was found, so no stack was written"];
  const planned: Written[] = [];
  for (const place of withImages)
    planned.push(await plan(path.join(folder, fileOf(stackOf(stack, place, withImages))), place));
  for (const { file, before, after } of planned) if (after !== before) await write(file, after);
  return planned.flatMap(told);
}

/** `NAME` for one place; `NAME-REGION` for regions of one account; `NAME-ACCOUNT-REGION` for several accounts. */
function stackOf(stack: string, { accountId, region }: Place, places: Place[]): string {
  if (places.length === 1) return stack;
  const isOneAccount = places.every((place) => place.accountId === accountId);
  return isOneAccount ? `${stack}-${region}` : `${stack}-${accountId}-${region}`;
}

async function plan(file: string, place: Place): Promise<Written> {
  const before = await textOf(file);
  const name = path.basename(file);
  const { existing, region } = readStackFile(name, before);
  if (region !== undefined && region !== place.region) {
    throw new UsageError(
      `--write-stack: ${name} is of the region ${region}, and the images were found in ${place.region}. Name another stack for them. Nothing was written.`,
    );
  }
  const chosen = chooseEntries(place, existing);
  return { file, before, after: withEntries(name, before, place.region, chosen.entries), chosen };
}

/** Whole or not at all. */
async function write(file: string, text: string): Promise<void> {
  const temporary = `${file}.${process.pid}.new`;
  try {
    await fs.mkdir(path.dirname(file), { recursive: true });
    const mode = (await fs.stat(file).catch(() => undefined))?.mode ?? 0o644;
    await fs.writeFile(temporary, text, { mode });
    await fs.rename(temporary, file);
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => undefined);
    throw new FailedError(
      `--write-stack: ${file} could not be written (${(error as Error).message}). Give it a place with room that you may write to, and run the same command again.`,
    );
  }
}

function told({ file, before, after, chosen: { entries, leftOut, known } }: Written): string[] {
  const found = known === 0 ? "" : `; ${counted(known, "image")} had one before`;
  const what =
    after === before
      ? "nothing to add"
      : `${entries.length} ${entries.length === 1 ? "entry" : "entries"} added, switched off`;
  return [
    `${file}: ${what}${found}`,
    ...leftOut.map(({ imageId, why }) => `${imageId}: has no entry in it: ${why}`),
  ];
}
