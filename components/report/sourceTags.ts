/**
 * What the snapshot of a source tells of the source in its tags, and is read from them again: instances are started,
 * stopped and ended after a migration, and what its report says of them stays.
 */
import type { OtherVolume } from "./reportedSource";
import { LONGEST_VALUE, MOST_VOLUME_TAGS, SOURCE_TAG, type Tags, volumesTag } from "../tags";

/** Whether anything could write to a volume while its snapshot was taken. */
export const CONSISTENCY = { running: "crash-consistent", atRest: "stopped" } as const;

/** What a snapshot's tags tell of its source. */
export interface TaggedSource {
  architecture?: string;
  rootDeviceName?: string;
  consistency?: string;
  otherVolumes: OtherVolume[];
}

/** What is told of a source whose snapshot is about to be taken. */
export function sourceTags({ architecture, rootDeviceName, consistency, otherVolumes }: TaggedSource): Tags {
  const told = {
    [SOURCE_TAG.architecture]: architecture,
    [SOURCE_TAG.rootDevice]: rootDeviceName,
    [SOURCE_TAG.consistency]: consistency,
    ...Object.fromEntries(volumeTexts(otherVolumes).map((text, index) => [volumesTag(index), text])),
  };
  return Object.fromEntries(Object.entries(told).filter((tag): tag is [string, string] => !!tag[1]));
}

/** What was told. */
export function taggedSource(tags: Tags): TaggedSource {
  const texts = Object.entries(tags).filter(([name]) => name.startsWith(SOURCE_TAG.otherVolumes));
  const volumes = texts.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, text]) => text.split(" "));
  return {
    architecture: tags[SOURCE_TAG.architecture],
    rootDeviceName: tags[SOURCE_TAG.rootDevice],
    consistency: tags[SOURCE_TAG.consistency],
    otherVolumes: volumes.map(readVolume),
  };
}

/** `/dev/sdf=vol-…=100`, as many to a text as a tag's value holds. */
function volumeTexts(volumes: OtherVolume[]): string[] {
  const texts: string[] = [];
  for (const { deviceName, volumeId, sizeGb } of volumes) {
    const text = `${deviceName}=${volumeId}=${sizeGb}`;
    const longer = `${texts[texts.length - 1] ?? ""} ${text}`.trim();
    if (longer.length <= LONGEST_VALUE && texts.length > 0) texts[texts.length - 1] = longer;
    else texts.push(text);
  }
  return texts.slice(0, MOST_VOLUME_TAGS);
}

function readVolume(text: string): OtherVolume {
  const [deviceName, volumeId, sizeGb] = text.split("=");
  return { deviceName, volumeId, sizeGb: Number(sizeGb) };
}
