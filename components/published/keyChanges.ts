import { digest } from "../key";
import type { PublishedImage } from "./publishedImage";
import { tagValue } from "../tags";

/** An input of the key as it is now. */
export interface PresentInput {
  name: string;
  /** Absent while nobody knows it: before the update. */
  value?: string;
}

/** Why the inputs of today make another conversion than the published one, in sentences; undefined where they do not. */
export function reasonToConvert(image: PublishedImage, now: PresentInput[]): string | undefined {
  const stays = `${image.imageId} stays until the new image has been proven.`;
  const changed = changedInputs(image, now);
  const unknown = unknownInputs(image, now);
  if (changed.length > 0) {
    const besides = unknown.map(({ name }) => `${name} is not known before the update.`);
    return [`converts anew: ${changed.join("; ")}.`, stays, ...besides].join(" ");
  }
  if (unknown.length === 0) return undefined;
  const conditions = unknown.map(
    ({ name, was }) => `${name} is not known before the update; if it is no longer ${was}, it converts anew.`,
  );
  return [...conditions, stays].join(" ");
}

/** `destination.sizeGb was the default, is now 8`: the inputs of the key that are others than the published image's. */
export function changedInputs(
  { imageId, inputs: before, conversion }: PublishedImage,
  now: PresentInput[],
): string[] {
  if (!before) return isOther(conversion, now) ? [`what ${imageId} was made with is not recorded`] : [];
  const added = now.filter(({ name }) => before[name] === undefined);
  const removed = Object.entries(before).filter(([name]) => !now.some((input) => input.name === name));
  const others = now.filter(({ name, value }) => {
    const was = before[name];
    return was !== undefined && value !== undefined && was !== tagValue(value);
  });
  return [
    ...others.map(({ name, value }) => `${name} was ${before[name]}, is now ${value}`),
    ...added.map(({ name, value }) => `${name} was ${absent(name)}, is now ${value ?? "given"}`),
    ...removed.map(([name, was]) => `${name} was ${was}, is now ${absent(name)}`),
  ];
}

/** Inputs that were given before and have no value yet: nobody can say whether they change. */
function unknownInputs({ inputs: before }: PublishedImage, now: PresentInput[]) {
  return now.flatMap(({ name, value }) => {
    const was = before?.[name];
    return value === undefined && was !== undefined ? [{ name, was }] : [];
  });
}

function isOther(conversion: string, now: PresentInput[]): boolean {
  return (
    now.every(({ value }) => value !== undefined) &&
    digest(now.map(({ name, value }) => `${name}=${value}`)) !== conversion
  );
}

/** The rest of the key has defaults. */
function absent(name: string): string {
  return name.startsWith("source.") || name === "revision" ? "not given" : "the default";
}
