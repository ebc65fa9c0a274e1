import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findLocks, folderOf } from "../../sweep/locks";

describe("the locks of a backend", () => {
  const FOLDERS: [string, string | undefined][] = [
    ["file:///var/state", "/var/state"],
    ["file://~", "/home/me"],
    ["file://~/state", "/home/me/state"],
    ["file:///var/state?no_tmp_dir=true", "/var/state"],
    ["s3://bucket", undefined],
    ["https://app.pulumi.com/me", undefined],
  ];
  for (const [url, folder] of FOLDERS) {
    it(`lie in ${folder ?? "no folder"}: ${url}`, () => assert.equal(folderOf(url, "/home/me"), folder));
  }

  describe("in a folder", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), "locks-test-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("are found with their stacks, those of before projects as well", async () => {
      const put = (...names: string[]) => {
        const file = path.join(folder, ".pulumi", "locks", ...names);
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, "{}");
        return file;
      };
      const files = [put("organization", "images", "prod", "1.json"), put("dev", "2.json")];
      put("organization", "images", "prod", "1.json.attrs");
      const locks = await findLocks(folder);
      assert.deepEqual(
        locks.sort((a, b) => b.stack.localeCompare(a.stack)),
        [
          { stack: "images/prod", file: files[0] },
          { stack: "dev", file: files[1] },
        ],
      );
    });

    it("are none where nothing was ever locked", async () => assert.deepEqual(await findLocks(folder), []));
  });

  it("are not passed over where they cannot be read", async () => {
    await assert.rejects(findLocks("/dev/null"), /ENOTDIR/);
  });
});
