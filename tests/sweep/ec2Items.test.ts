import { strict as assert } from "node:assert";
import type { Image, Tag } from "@aws-sdk/client-ec2";
import { TAG } from "../../components/tags";
import {
  imageItem,
  imagesBySnapshot,
  instanceItem,
  isTagged,
  snapshotItem,
  volumeItem,
} from "../../sweep/ec2Items";

const tagged = (role?: string): Tag[] => [
  { Key: TAG.stack, Value: "images/prod" },
  { Key: TAG.migration, Value: "web" },
  ...(role === undefined ? [] : [{ Key: TAG.role, Value: role }]),
];

describe("EC2's answers in the sweep's words", () => {
  it("tell what an image was copied from, and nothing where it was registered", () => {
    const image: Image = { ImageId: "ami-1", State: "available", Tags: tagged("image") };
    assert.equal(imageItem({ ...image, SourceImageId: "ami-9" }).copyOf, "ami-9");
    assert.equal(imageItem(image).copyOf, undefined);
    assert.equal(imageItem(image).createdAt, undefined);
    assert.deepEqual(
      imageItem({ ...image, CreationDate: "2026-11-22T12:00:00.000Z" }).createdAt,
      new Date("2026-11-22T12:00:00Z"),
    );
  });

  it("tell that a snapshot was copied by the volume that EC2 gives for a copy's", () => {
    const snapshot = { SnapshotId: "snap-1", Tags: tagged("snapshot") };
    assert.equal(snapshotItem({ ...snapshot, VolumeId: "vol-ffffffff" }).copyOf, "another snapshot");
    assert.equal(snapshotItem({ ...snapshot, VolumeId: "vol-1" }).copyOf, undefined);
  });

  it("leave a role out that is not there, and make no other tag of it", () => {
    const item = volumeItem({ VolumeId: "vol-1", State: "in-use", Size: 8, Tags: tagged() });
    assert.equal(item.role, undefined);
    assert.deepEqual([item.stack, item.migration, item.conversion], ["images/prod", "web", ""]);
    assert.equal(item.attachment, undefined);
  });

  it("keep which volumes would go with an instance", () => {
    const mapping = (VolumeId: string, DeleteOnTermination?: boolean) => ({
      Ebs: { VolumeId, DeleteOnTermination },
    });
    const BlockDeviceMappings = [mapping("vol-1", true), mapping("vol-2", false), mapping("vol-3")];
    assert.deepEqual(instanceItem({ InstanceId: "i-1", BlockDeviceMappings }).volumes, [
      { volumeId: "vol-1", deleteOnTermination: true },
      { volumeId: "vol-2", deleteOnTermination: false },
      { volumeId: "vol-3", deleteOnTermination: false },
    ]);
  });

  it("name all images that start from a snapshot, tagged or not, and pass over instance-store disks", () => {
    const image = (ImageId: string, ...snapshots: string[]): Image => ({
      ImageId,
      BlockDeviceMappings: [
        ...snapshots.map((SnapshotId) => ({ Ebs: { SnapshotId } })),
        { VirtualName: "ephemeral0" },
      ],
    });
    const users = imagesBySnapshot([image("ami-1", "snap-1", "snap-2"), image("ami-2", "snap-1"), {}]);
    assert.deepEqual(Object.fromEntries(users), { "snap-1": ["ami-1", "ami-2"], "snap-2": ["ami-1"] });
  });

  it("are a migration's where they carry the stack's tag", () => {
    assert.equal(isTagged({ Tags: tagged() }), true);
    assert.equal(isTagged({ Tags: [{ Key: "Name", Value: "web" }] }), false);
    assert.equal(isTagged({}), false);
  });
});
