/** Who may read what a local cloud keeps: keys, and user data with keys in it. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "../../local/cloud/store";
import { writeSeed } from "../../local/machines/cloudInitSeed";
import { writeMetadata } from "../../local/machines/metadata";
import { makePrivateFolder, writePrivateFile } from "../../local/privateFiles";

describe("what a local cloud keeps of keys and user data", () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), "pv-to-hvm-private-"))));
  after(() => rmSync(folder, { recursive: true }));

  const userData = "#cloud-config\nssh_keys: {}\n";
  const KINDS: [what: string, write: (at: string) => unknown][] = [
    ["records", (at) => new Store(at).collection("instances").put("i-1", { userData })],
    [
      "the seed of a container",
      (at) => writeSeed(join(at, "seed"), { instanceId: "i-1", metadata: {}, userData }),
    ],
    ["a virtual machine's metadata", (at) => writeMetadata(at, { "meta-data/hostname": "a" }, userData)],
  ];
  for (const [what, write] of KINDS) {
    it(`is read by its owner alone: ${what}`, async () => {
      const at = join(folder, what);
      makePrivateFolder(at);
      await write(at);
      const entries = readdirSync(at, { recursive: true, withFileTypes: true });
      assert.ok(entries.some((entry) => entry.isFile()));
      const open = entries
        .filter(({ name }) => name !== "metadata-responder")
        .filter((entry) => {
          const { mode } = statSync(join(entry.parentPath, entry.name));
          return (mode & 0o777) !== (entry.isDirectory() ? 0o700 : 0o600);
        });
      assert.deepEqual(
        open.map(({ name }) => name),
        [],
      );
    });
  }

  it("is closed where an earlier version has left it open", async () => {
    const at = join(folder, "earlier");
    mkdirSync(join(at, "state", "instances"), { recursive: true, mode: 0o755 });
    const file = join(at, "state", "instances", "i-1.json");
    writeFileSync(file, "{}", { mode: 0o644 });
    chmodSync(join(at, "state"), 0o755);
    await new Store(at).collection("instances").put("i-1", { userData });
    writePrivateFile(file, "{}");
    const modes = [join(at, "state"), join(at, "state", "instances"), file];
    assert.deepEqual(
      modes.map((each) => statSync(each).mode & 0o777),
      [0o700, 0o700, 0o600],
    );
  });
});
