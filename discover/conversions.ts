/** Which images of this project were made of which old one, and how far each has come. Pure. */
import type { Image } from "@aws-sdk/client-ec2";
import { TAG, taggedInputs, type Tags } from "../components/tags";
import type { Answers } from "./ask";
import { referrersIn } from "./referrers";
import type { Conversion, FoundImage, Place, Stage } from "./types";

/** A conversion, and what it names as its source. */
interface Made {
  conversion: Conversion;
  /** Ids: an image, a snapshot. */
  sources: string[];
}

/** The images of this project that one place has. */
export function madeIn(accountId: string, region: string, answers: Answers): Made[] {
  const referrers = referrersIn(answers);
  return answers.ourImages
    .filter((image) => image.VirtualizationType === "hvm")
    .map((image) => madeOf(image, accountId, region, referrers.get(image.ImageId ?? "") ?? []));
}

function madeOf(image: Image, accountId: string, region: string, referrers: Conversion["referrers"]): Made {
  const tags: Tags = Object.fromEntries((image.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const inputs = taggedInputs(tags) ?? {};
  const sources = [tags[TAG.source], inputs["source.imageId"], inputs["source.snapshotId"]];
  return {
    sources: sources.filter((id) => id !== undefined && id !== ""),
    conversion: {
      ...{ imageId: image.ImageId ?? "", accountId, region, name: image.Name },
      createdAt: image.CreationDate,
      lastLaunchedAt: image.LastLaunchedTime,
      migration: tags[TAG.migration],
      stack: tags[TAG.stack],
      isUnproven: TAG.rehearsal in tags,
      referrers,
    },
  };
}

/** The places with the conversions of each image, and its stage. */
export function linked(places: Place[], made: Made[]): Place[] {
  const bySource = new Map<string, Conversion[]>();
  for (const { conversion, sources } of made)
    for (const id of new Set(sources)) bySource.set(id, [...(bySource.get(id) ?? []), conversion]);
  return places.map((place) => ({
    ...place,
    images: place.images.map((image) => withStage({ ...image, conversions: conversionsOf(image, bySource) })),
  }));
}

function conversionsOf({ imageId, root }: FoundImage, bySource: Map<string, Conversion[]>): Conversion[] {
  const ids = [imageId, ...(root.kind === "ebs" ? [root.snapshotId] : [])];
  const all = [...new Set(ids.flatMap((id) => bySource.get(id) ?? []))];
  return all.sort((one, other) => (other.createdAt ?? "").localeCompare(one.createdAt ?? ""));
}

/** The same image, with its stage by all that is known. */
export function withStage(image: FoundImage): FoundImage {
  return { ...image, stage: stageOf(image) };
}

function stageOf({ conversions, referrers, inspection }: FoundImage): Stage {
  const isUsed = conversions.some((each) => each.referrers.length > 0);
  if (isUsed) return referrers.length > 0 ? "in use" : "done";
  if (conversions.some(({ lastLaunchedAt }) => lastLaunchedAt !== undefined)) return "launched";
  if (conversions.length > 0) return "converted";
  return "converter" in inspection ? "inspected" : "found";
}
