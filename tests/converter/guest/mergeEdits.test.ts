import assert from "node:assert/strict";
import { applyPatch } from "diff";
import { editIfThere, fileRemoval } from "../../../converter/guest/edit";
import { composeEdits } from "../../../converter/guest/mergeEdits";
import type { Read } from "../../../converter/guest/planEdits";

const files: Record<string, string> = { "/a": "one\ntwo\r\n", "/b": "b\n" };
const read: Read = (path) => files[path];
const replace = (path: string, from: string, to: string) => (now: Read) =>
  editIfThere(path, now, (text) => ({ text: text.replace(from, to), why: [`${from} → ${to}`] }));

describe("edits of several planners", () => {
  it("become one a file, from its original to its last text", () => {
    const edits = composeEdits(read, [
      replace("/a", "one", "1"),
      replace("/b", "b", "c"),
      replace("/a", "two", "2"),
    ]);
    assert.deepEqual(
      edits.map(({ path }) => path),
      ["/a", "/b"],
    );
    assert.deepEqual(edits[0].why, ["one → 1", "two → 2"]);
    const patched = applyPatch(files["/a"], `${edits[0].diff.join("\n")}\n`, {
      autoConvertLineEndings: false,
    });
    assert.equal(patched, "1\n2\r\n");
  });

  it("vanish where the second takes the first back", () => {
    assert.deepEqual(composeEdits(read, [replace("/a", "one", "1"), replace("/a", "1", "one")]), []);
  });

  it("end in a removal where the second removes", () => {
    const remove = (now: Read) => [fileRemoval("/a", "gone", now("/a"))];
    const [edit] = composeEdits(read, [replace("/a", "one", "1"), remove]);
    assert.deepEqual([edit.action, edit.diff[3]], ["remove", "-one"]);
  });
});
