/** The images of a place as entries of a stack's `migrations`: which of them, under which names, with what to tell of each. Pure. */
import { formatAdvice } from "../../converter/errors";
import { dayOf, marksOf, sizeOf, usersInWords } from "../output/summary";
import type { FoundImage, Place } from "../types";

/** One entry, switched off. */
export interface StackEntry {
  name: string;
  imageId: string;
  /** What was found of the image: lines of a comment. */
  comment: string[];
  /** The converter found that Nitro types will not do. */
  xenAlone: boolean;
}

/** An image that gets no entry, and why: a few words. */
export interface LeftOut {
  imageId: string;
  why: string;
}

/** What a stack has already. */
export interface Existing {
  /** The names of its entries. */
  names: string[];
  /** Every image that one of them has as its source, and every snapshot. */
  sources: string[];
}

export interface Chosen {
  entries: StackEntry[];
  leftOut: LeftOut[];
  /** Images that an entry of the stack names already. */
  known: number;
}

/** What is to be added to a stack that has `existing`. */
export function chooseEntries({ images }: Pick<Place, "images">, existing: Existing): Chosen {
  const isKnown = ({ imageId, root }: FoundImage) =>
    existing.sources.includes(imageId) || (root.kind === "ebs" && existing.sources.includes(root.snapshotId));
  const left = images.filter((image) => !isKnown(image));
  const reasons = left.map((image) => ({ imageId: image.imageId, why: whyLeftOut(image) }));
  const leftOut = reasons.filter((each): each is LeftOut => each.why !== undefined);
  const chosen = left.filter((_image, index) => reasons[index].why === undefined);
  const names = namesOf(chosen, existing.names);
  const named = chosen.map((image, index) => ({ image, name: names[index] }));
  const taken = named.filter(({ name }) => existing.names.includes(name));
  return {
    entries: named.filter((each) => !taken.includes(each)).map(({ image, name }) => entryOf(name, image)),
    leftOut: [...leftOut, ...taken.map(nameTaken)],
    known: images.length - left.length,
  };
}

/** Why no migration can begin with it as it is. A refusal of the converter's is no such reason: it has a remedy. */
function whyLeftOut({ state, root, conversions, imageId }: FoundImage): string | undefined {
  if (!/^ami-[0-9a-f]+$/.test(imageId)) return "this is no image's id";
  if (state === "gone")
    return "EC2 does not show it any more. A machine that still runs can be source.instanceId";
  if (root.kind === "instance-store")
    return "its root is on an instance store. Copy the root to a volume first (docs/sources.md)";
  if (root.kind === "unknown") return "EC2 names no snapshot of its root";
  const [made] = conversions;
  return made && `${made.imageId} was made of it already`;
}

function nameTaken({ image, name }: { image: FoundImage; name: string }): LeftOut {
  return {
    imageId: image.imageId,
    why: `an entry of another source is called ${name}. Rename that entry (formerName says its old name)`,
  };
}

/**
 * The image's name if that is its alone, else the name and the id; the id, if it has no name. A name that another entry has is not
 * taken: what that entry made would be somebody else's.
 */
function namesOf(images: FoundImage[], taken: string[]): string[] {
  const words = images.map(({ name }) => wordsOf(name ?? ""));
  return images.map(({ imageId }, index) => {
    const word = words[index];
    if (word === "") return imageId;
    const isAlone = words.filter((each) => each === word).length === 1 && !taken.includes(word);
    return isAlone ? word : `${word}-${imageId}`;
  });
}

const LONGEST_WORDS = 60;

/** Letters, digits and hyphens, which every place that a migration's name gets to takes. EC2 refuses `sg-` at the beginning. */
function wordsOf(name: string): string {
  const words = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return words
    .slice(0, LONGEST_WORDS)
    .replace(/^(?:-|sg-)+/, "")
    .replace(/-+$/, "");
}

function entryOf(name: string, image: FoundImage): StackEntry {
  const { inspection, imageId } = image;
  return {
    ...{ name, imageId, comment: commentOf(image) },
    xenAlone: inspection.verdict === "convertible for Xen types alone",
  };
}

function commentOf(image: FoundImage): string[] {
  const { name = "without a name", architecture, createdAt, lastLaunchedAt, root, referrers } = image;
  const snapshot = root.kind === "ebs" ? [root.snapshotId] : [];
  const facts = [
    ...[name, architecture, `${sizeOf(image) ?? "-"} GiB`, ...snapshot],
    ...[`made ${dayOf(createdAt)}`, `launched ${dayOf(lastLaunchedAt)}`, ...marksOf(image)],
  ];
  return [
    facts.filter((fact) => fact !== undefined).join(", "),
    `used by: ${usersInWords(referrers) || "nobody"}`,
    ...verdictOf(image),
  ].map(onOneLine);
}

function verdictOf({ inspection }: FoundImage): string[] {
  const { verdict } = inspection;
  const system = "system" in inspection && inspection.system ? ` (${inspection.system})` : "";
  const reasons = "reasons" in inspection ? inspection.reasons.map(formatAdvice) : [];
  return [`verdict: ${verdict}${system}`, ...reasons];
}

/** No name, and no word of a guest's, ends the line of a comment: YAML 1.1 knows more ends of lines than a newline. */
function onOneLine(text: string): string {
  return text.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
}
