import assert from "node:assert/strict";
import * as path from "node:path";
import { RefusedError } from "../../converter/errors";
import { refuseScratch } from "../../converter/scratch";
import { isRoot, removeFolders, scratchFolder } from "./disk/images";
import { sh } from "../matrix/shell";

describe("the folder for temporary files", () => {
  after(removeFolders);

  it("is good where it can be written to and has room", () =>
    assert.doesNotThrow(() => refuseScratch([scratchFolder()])));

  it("is refused by its name where there is none", () => {
    const folder = path.join(scratchFolder(), "gone");
    const expected = new RegExp(
      `^folder for temporary files ${folder}: cannot be used .*Make it a folder that .*set TMPDIR`,
    );
    assert.throws(
      () => refuseScratch([folder]),
      (error) => error instanceof RefusedError && expected.test(error.message),
    );
  });

  it("is refused where it is full", function () {
    if (!isRoot) this.skip();
    const folder = scratchFolder();
    sh("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder);
    try {
      assert.throws(
        () => refuseScratch([folder]),
        /has 1024 KiB free, 4096 KiB are needed|has 1 MiB free, 4 MiB are needed/,
      );
    } finally {
      sh("umount", folder);
    }
  });
});
