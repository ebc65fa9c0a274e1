import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { refuseForGrub, unreadByGrub } from "../../../converter/boot/grubFilesystems";
import { withDisk } from "../../../converter/disk/bytes";
import { readFilesystem } from "../../../converter/disk/filesystem/filesystem";
import { readerOf } from "../../../converter/disk/extents";
import type { FilesystemFacts } from "../../../converter/types";
import { filesystemWith, removeFolders } from "../disk/images";
import { FILESYSTEM, rootOn } from "../disk/phonyDisks";

/** Of the package grub-common, which the converter needs as well. */
const FSTEST = "grub-fstest";

async function factsOf(image: string): Promise<FilesystemFacts> {
  const extents = [{ startBytes: 0, sizeBytes: fs.statSync(image).size }];
  const found = await withDisk(image, "read", (disk) => readFilesystem(readerOf(disk, extents)));
  assert.ok(found);
  return { ...found, health: "clean" };
}

describe("a filesystem that GRUB is to read", () => {
  after(removeFolders);

  for (const options of [
    ["-O", "64bit,metadata_csum"],
    ["-O", "metadata_csum,metadata_csum_seed"],
    ["-O", "large_dir"],
    ["-O", "mmp"],
    ["-O", "encrypt"],
    ["-O", "sparse_super2,meta_bg,^resize_inode"],
    ["-O", "bigalloc", "-b", "4096"],
    ["-O", "bigalloc", "-b", "1024"],
    ["-O", "inline_data"],
    ["-O", "ea_inode"],
    ["-O", "casefold"],
  ]) {
    it(`is judged as GRUB itself judges it: ${options.join(" ")}`, async () => {
      const image = filesystemWith({ "boot/file": "read" }, 64, ["-t", "ext4", ...options]);
      const { stdout, error } = spawnSync(FSTEST, [image, "cat", "(loop0)/boot/file"], { encoding: "utf8" });
      assert.equal(error, undefined);
      assert.equal(unreadByGrub(await factsOf(image)).length === 0, stdout === "read");
    });
  }

  it("is refused where the menu lies on it, and not where another does", () => {
    const filesystem = { ...FILESYSTEM, features: ["extent", "inline_data"] };
    const mounts = [
      { ...rootOn(3), filesystem },
      { ...rootOn(1), point: "/boot" },
    ];
    assert.deepEqual(refuseForGrub(mounts, { part: 1 }), []);
    const [{ subject, found }] = refuseForGrub(mounts, { part: 3 });
    assert.match(
      `${subject}: ${found}`,
      /^\/: its ext4 filesystem .*has inline_data, for which GRUB does not/,
    );
  });
});
