import assert from "node:assert/strict";
import fc from "fast-check";
import { sourceTags, type TaggedSource, taggedSource } from "../../../components/report/sourceTags";
import { SOURCE_TAG_NAMES } from "../../../components/tags";
import { IDS } from "../ec2";

const FOUND: TaggedSource = {
  architecture: "x86_64",
  rootDeviceName: "/dev/sda1",
  consistency: "crash-consistent",
  otherVolumes: [{ deviceName: "/dev/sdf", volumeId: IDS.data, sizeGb: 100 }],
};

const letter = fc.constantFrom(..."fghijklmnop");
const volume = fc
  .tuple(letter, fc.stringMatching(/^vol-([0-9a-f]{8}|[0-9a-f]{17})$/), fc.integer({ min: 1, max: 65536 }))
  .map(([last, volumeId, sizeGb]) => ({ deviceName: `/dev/xvd${last}`, volumeId, sizeGb }));

describe("what a source snapshot's tags tell of the source", () => {
  it("is its architecture, root device, consistency and other volumes", () => {
    assert.deepEqual(sourceTags(FOUND), {
      "pv-to-hvm:source-architecture": "x86_64",
      "pv-to-hvm:source-root-device": "/dev/sda1",
      "pv-to-hvm:source-consistency": "crash-consistent",
      "pv-to-hvm:source-other-volumes": `/dev/sdf=${IDS.data}=100`,
    });
  });

  it("is only what is known", () => {
    assert.deepEqual(sourceTags({ consistency: "stopped", otherVolumes: [] }), {
      "pv-to-hvm:source-consistency": "stopped",
    });
  });

  it("is read again as it was told, of as many volumes as an instance can have, in tags that EC2 takes", () => {
    fc.assert(
      fc.property(fc.array(volume, { maxLength: 39 }), (otherVolumes) => {
        const tags = sourceTags({ ...FOUND, otherVolumes });
        const { consistency, architecture, rootDeviceName } = FOUND;
        assert.deepEqual(taggedSource({ ...tags, Name: "web" }), {
          ...{ architecture, rootDeviceName, consistency, otherVolumes },
        });
        for (const [name, value] of Object.entries(tags)) {
          assert.ok(SOURCE_TAG_NAMES.includes(name), `${name} would not be frozen`);
          assert.match(value, /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u);
        }
      }),
    );
  });

  it("has room for the most volumes, with the longest names, ids and sizes", () => {
    const otherVolumes = Array.from({ length: 39 }, (_, index) => ({
      deviceName: "/dev/xvdz",
      volumeId: `vol-${String(index).padStart(17, "0")}`,
      sizeGb: 65536,
    }));
    assert.deepEqual(taggedSource(sourceTags({ ...FOUND, otherVolumes })).otherVolumes, otherVolumes);
  });

  it("is nothing, where the snapshot has no such tags", () => {
    const { otherVolumes, ...rest } = taggedSource({ Name: "web" });
    assert.deepEqual(otherVolumes, []);
    assert.ok(Object.values(rest).every((value) => value === undefined));
  });
});
