import assert from "node:assert/strict";
import { DEBIAN_IMAGE, IDS } from "../ec2";
import { ANSWERS, ARGS, child, register, said } from "../mockEngine";
import { DATA_DISKS, INSTANCE_STORE, mapped, ROOT_DISK, source } from "./mappedImages";

const GET_AMI = "aws:ec2/getAmi:getAmi";

describe("the disks that an image maps", () => {
  const ROOTS: [title: string, image: object, snapshotId: string][] = [
    ["of its very name", { blockDeviceMappings: [ROOT_DISK, INSTANCE_STORE] }, IDS.snapshot],
    [
      "that is the only one with a snapshot",
      {
        ...{ rootSnapshotId: "", rootDeviceName: "/dev/sda1" },
        blockDeviceMappings: [mapped("/dev/xvda", { snapshot_id: IDS.snapshot, volume_size: "8" })],
      },
      IDS.snapshot,
    ],
    [
      "whose name begins the root device's",
      {
        ...{ rootSnapshotId: "", rootDeviceName: "/dev/sda1" },
        blockDeviceMappings: [
          mapped("/dev/sdb", { snapshot_id: "snap-0dddddddddddddddd", volume_size: "100" }),
          mapped("/dev/sda", { snapshot_id: IDS.snapshot, volume_size: "8" }),
        ],
      },
      IDS.snapshot,
    ],
  ];
  for (const [title, image, snapshotId] of ROOTS) {
    it(`takes for an image's root the disk ${title}`, async () => {
      const args = { ...ARGS, source: { imageId: IDS.image, otherVolumes: "ignore" as const } };
      const { registered } = await register(args, source(image));
      assert.equal(child(registered, "source").inputs.snapshotId, snapshotId);
    });
  }

  it("tells which volumes are left behind, and which instance stores", async () => {
    const args = { ...ARGS, source: { imageId: IDS.image, otherVolumes: "ignore" as const } };
    assert.deepEqual(
      await said(args, source({ blockDeviceMappings: [ROOT_DISK, ...DATA_DISKS, INSTANCE_STORE] })),
      [
        `warn: ${IDS.image} maps volumes beside its root, which are left behind: /dev/sdb snap-0dddddddddddddddd (100 GiB), ` +
          "/dev/sdc a blank volume (50 GiB).",
        `info: ${IDS.image} maps instance stores, which the new image does not: /dev/sdd ephemeral0. A launch can map them.`,
      ],
    );
  });

  const GROWN: [title: string, sizeGb: string, volumeSize: number][] = [
    ["Debian's small disk is grown", "8", 20],
    ["a larger one keeps its size", "64", 64],
  ];
  for (const [title, sizeGb, volumeSize] of GROWN) {
    it(`gives a helper of one's own image room for packages and a rehearsal: ${title}`, async () => {
      const own = { ...DEBIAN_IMAGE, blockDeviceMappings: [mapped("/dev/xvda", { volume_size: sizeGb })] };
      const calls = {
        [GET_AMI]: (args: Record<string, unknown>) =>
          JSON.stringify(args).includes("ami-0eee") ? own : ANSWERS[GET_AMI](args),
      };
      const args = { ...ARGS, helper: { ...ARGS.helper, imageId: "ami-0eeeeeeeeeeeeeeee" } };
      const { rootBlockDevice } = child((await register(args, { calls })).registered, "helper").inputs;
      assert.equal((rootBlockDevice as { volumeSize: number }).volumeSize, volumeSize);
    });
  }
});
