/** A source device's read-only mark: set while a run works, and taken back by the last one. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { describeDisk, type Disk } from "../../../converter/disk/disk";
import { forgetHold, holdsOn, startOf } from "../../../converter/disk/leftovers";
import { holdName, withReadOnly } from "../../../converter/disk/readOnly";
import { run } from "../../../converter/run";
import { blankDisk, command, isRoot, removeFolders, scratchFolder } from "./images";

(isRoot ? describe : describe.skip)("a source device", function () {
  this.timeout(30_000);
  let loop: string;
  let disk: Disk;
  const getro = () => command("blockdev", "--getro", loop).trim();
  const during = () => withReadOnly(disk, run, () => Promise.resolve(getro()));

  before(async () => {
    const image = blankDisk(8);
    command("mke2fs", "-q", "-F", image);
    loop = command("losetup", "--find", "--show", image).trim();
    disk = await describeDisk(loop, run);
  });
  beforeEach(() => command("blockdev", "--setrw", loop));
  afterEach(() => holdsOn(holdName(disk)).forEach(forgetHold));
  after(() => {
    command("blockdev", "--setrw", loop);
    command("losetup", "--detach", loop);
    removeFolders();
  });

  /** The note of another process that found the device writable, as it lies in the temporary folder. */
  async function noteOf(pid: number, start: string): Promise<string> {
    let mine = "";
    await withReadOnly(disk, run, async () => void ([{ note: mine }] = holdsOn(holdName(disk))));
    const theirs = mine.replace(/-\d+-\d+-note$/, `-${pid}-${start}-note`);
    fs.writeFileSync(theirs, "was writable");
    command("blockdev", "--setro", loop);
    return theirs;
  }

  it("is read-only while the work goes on, and writable again after it", async () => {
    assert.equal(await during(), "1");
    assert.equal(getro(), "0");
    assert.deepEqual(holdsOn(holdName(disk)), []);
  });

  it("is writable again after work that failed", async () => {
    await assert.rejects(
      withReadOnly(disk, run, () => Promise.reject(new Error("failed"))),
      /^Error: failed$/,
    );
    assert.equal(getro(), "0");
  });

  it("stays read-only until the outermost work of a run is over", async () => {
    const between = await withReadOnly(disk, run, async () => [await during(), getro()]);
    assert.deepEqual(between, ["1", "1"]);
    assert.equal(getro(), "0");
  });

  it("stays read-only where its owner had set it so", async () => {
    command("blockdev", "--setro", loop);
    assert.equal(await during(), "1");
    assert.equal(getro(), "1");
  });

  it("is not taken back under another run that still works", async () => {
    const theirs = await noteOf(process.ppid, startOf(process.ppid) as string);
    assert.equal(await during(), "1");
    assert.equal(getro(), "1");
    assert.deepEqual(
      holdsOn(holdName(disk)).map(({ note }) => note),
      [theirs],
    );
  });

  it("is taken back for a run that was killed, by the next one", async () => {
    await noteOf(999_999_999, "17");
    assert.equal(await during(), "1");
    assert.equal(getro(), "0");
    assert.deepEqual(holdsOn(holdName(disk)), []);
  });

  it("is left alone where something is mounted that may write to it", async () => {
    const folder = scratchFolder();
    command("mount", loop, folder);
    try {
      assert.equal(await during(), "0");
    } finally {
      command("umount", folder);
    }
  });
});
