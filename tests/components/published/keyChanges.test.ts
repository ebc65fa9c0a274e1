import assert from "node:assert/strict";
import { type PresentInput, reasonToConvert } from "../../../components/published/keyChanges";
import { readPublished } from "../../../components/published/publishedImage";
import { tagValue } from "../../../components/tags";
import { IDS } from "../ec2";
import { PUBLISHED_ID, publishedImage } from "./publishedImages";

type Tags = Record<string, string>;

const SOURCE = { "source.imageId": IDS.image };
const LONG = `alias/${"k".repeat(300)}`;
const STAYS = `${PUBLISHED_ID} stays until the new image has been proven.`;
const OTHER = "ami-01111111111111111";

const present = (inputs: Record<string, string | undefined>): PresentInput[] =>
  Object.entries(inputs).map(([name, value]) => ({ name, value }));
const published = (inputs: Tags, changes: Tags = {}) =>
  readPublished(publishedImage(inputs, changes) as unknown as Parameters<typeof readPublished>[0]);

const ROWS: [title: string, before: Tags, now: Record<string, string | undefined>, reason?: string][] = [
  ["the same inputs", SOURCE, SOURCE, undefined],
  ["the same inputs in another order", { ...SOURCE, revision: "1" }, { revision: "1", ...SOURCE }, undefined],
  [
    "an input that had its default, and another value",
    { ...SOURCE, revision: "1" },
    { ...SOURCE, "destination.sizeGb": "8", revision: "2" },
    `converts anew: revision was 1, is now 2; destination.sizeGb was the default, is now 8. ${STAYS}`,
  ],
  [
    "an input that was taken back",
    { ...SOURCE, "guest.families": "xen", revision: "2" },
    SOURCE,
    `converts anew: guest.families was xen, is now the default; revision was 2, is now not given. ${STAYS}`,
  ],
  [
    "another kind of source",
    SOURCE,
    { "source.snapshotId": IDS.snapshot },
    `converts anew: source.snapshotId was not given, is now ${IDS.snapshot}; ` +
      `source.imageId was ${IDS.image}, is now not given. ${STAYS}`,
  ],
  [
    "a source that is not known yet",
    SOURCE,
    { "source.imageId": undefined },
    `source.imageId is not known before the update; if it is no longer ${IDS.image}, it converts anew. ${STAYS}`,
  ],
  [
    "a source that is not known yet beside a change",
    SOURCE,
    { "source.imageId": undefined, revision: "2" },
    `converts anew: revision was not given, is now 2. ${STAYS} source.imageId is not known before the update.`,
  ],
  [
    "a new input that is not known yet, which is a change whatever it will be",
    SOURCE,
    { ...SOURCE, "destination.sizeGb": undefined },
    `converts anew: destination.sizeGb was the default, is now given. ${STAYS}`,
  ],
  [
    "an input too long for a tag, unchanged",
    { ...SOURCE, "destination.kmsKeyId": tagValue(LONG) },
    { ...SOURCE, "destination.kmsKeyId": LONG },
    undefined,
  ],
];

describe("why a conversion is made anew:", () => {
  for (const [title, before, now, reason] of ROWS) {
    it(`${title} ${reason === undefined ? "says nothing" : "is said in words"}`, () => {
      assert.equal(reasonToConvert(published(before), present(now)), reason);
    });
  }

  it("another key than that of an image without recorded inputs is said, and the same is not", () => {
    const unrecorded = { ...published({ ...SOURCE }), inputs: undefined };
    assert.equal(reasonToConvert(unrecorded, present(SOURCE)), undefined);
    assert.equal(
      reasonToConvert(unrecorded, present({ "source.imageId": OTHER })),
      `converts anew: what ${PUBLISHED_ID} was made with is not recorded. ${STAYS}`,
    );
  });
});
