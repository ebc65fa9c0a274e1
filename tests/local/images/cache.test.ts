import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cachedImage, imageFileName } from "../../../local/images/cache";

describe("the cache of images", () => {
  let cache: string;
  beforeEach(() => (cache = fs.mkdtempSync(path.join(os.tmpdir(), "image-cache-"))));
  afterEach(() => fs.rmSync(cache, { recursive: true }));

  const names = () => fs.readdirSync(path.join(cache, "images")).sort();
  const image = (
    inputs: unknown,
    build = async (file: string) => fs.writeFileSync(file, JSON.stringify(inputs)),
  ) => cachedImage({ name: "disk", inputs, build }, { cache, log: () => undefined });

  it("builds an image once and gives it again while its inputs are the same", async () => {
    const first = await image({ packages: ["a"] });
    const again = await image({ packages: ["a"] }, () => assert.fail("built again"));
    assert.equal(again, first);
    assert.equal(fs.readFileSync(first, "utf8"), '{"packages":["a"]}');
  });

  it("builds another one for other inputs, and removes the old one", async () => {
    await image({ packages: ["a"] });
    const second = await image({ packages: ["b"] });
    assert.deepEqual(names(), [path.basename(second)]);
  });

  it("leaves images of other names alone", async () => {
    await cachedImage(
      { name: "disk-two", inputs: 1, build: async (file) => fs.writeFileSync(file, "") },
      { cache, log: () => undefined },
    );
    await image(1);
    await image(2);
    assert.deepEqual(names(), [imageFileName("disk", 2), imageFileName("disk-two", 1)].sort());
  });

  it("keeps nothing of a build that fails", async () => {
    await assert.rejects(
      image(1, async (file) => {
        fs.writeFileSync(file, "half");
        throw new Error("interrupted");
      }),
      /interrupted/,
    );
    assert.deepEqual(names(), []);
  });

  it("removes what a build left whose process is gone, and not what one is working on", async () => {
    // No process has this pid: the kernel's highest is 4194304.
    for (const pid of [4194305, process.ppid])
      fs.mkdirSync(path.join(cache, "images", `.partial-disk-${pid}`), { recursive: true });
    const file = await image(1);
    assert.deepEqual(names(), [`.partial-disk-${process.ppid}`, path.basename(file)]);
  });
});
