/** A guest's files as they will be: every reader gives the new content, and the guest itself stays. */
import assert from "node:assert/strict";
import { ForeseenTree } from "../../../../converter/guest/foreseen/foreseenTree";
import { fileEdit } from "../../../../converter/guest/edit";
import type { GuestTree } from "../../../../converter/guest/tree";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";

describe("a tree as it will be", () => {
  after(removePhonyGuests);

  const READERS: [name: string, read: (tree: GuestTree, file: string) => string | undefined][] = [
    ["read", (tree, file) => tree.read(file)],
    ["readBytes", (tree, file) => tree.readBytes(file)?.toString()],
    ["readStart", (tree, file) => tree.readStart(file, 100)?.toString()],
  ];
  for (const [name, read] of READERS) {
    it(`has the new content for ${name}, by a file's other name too, and nothing for a removed one`, () => {
      const tree = phonyGuest({
        "/etc/fstab": "old\n",
        "/etc/link": { link: "fstab" },
        "/etc/gone": "gone\n",
        "/etc/kept": "kept\n",
      });
      const edited = fileEdit("/etc/fstab", "old\n", { text: "new\n", why: [] });
      const made = fileEdit("/etc/made", undefined, { text: "made\n", why: [] });
      assert.ok(edited && made);
      const gone = { path: "/etc/gone", action: "remove", why: [], diff: [] } as const;
      const foreseen = new ForeseenTree(tree, [edited, made, { ...gone, why: [], diff: [] }]);
      const seen = ["fstab", "link", "gone", "kept", "made"].map((file) => read(foreseen, `/etc/${file}`));
      assert.deepEqual(seen, ["new\n", "new\n", undefined, "kept\n", "made\n"]);
      assert.equal(read(tree, "/etc/fstab"), "old\n");
    });
  }
});
