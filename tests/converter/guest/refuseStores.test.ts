import assert from "node:assert/strict";
import { refuseStores } from "../../../converter/guest/refuseStores";
import type { FileEdit } from "../../../converter/types";

const edit = (path: string): FileEdit => ({ path, action: "edit", why: [], diff: [] });

describe("a file in a store", () => {
  it("is never written, be it behind links", () => {
    const resolve = (path: string) => (path === "/etc/fstab" ? "/nix/store/abc-etc/fstab" : path);
    const [refusal, ...others] = refuseStores(
      [edit("/etc/fstab"), edit("/boot/grub/menu.lst"), edit("/etc/nix/store/x")],
      resolve,
    );
    assert.deepEqual(others, []);
    assert.equal(refusal.subject, "/etc/fstab");
    assert.match(refusal.found, /lies in a store, at \/nix\/store\/abc-etc\/fstab/);
  });

  it("is refused in Guix' store too", () => {
    assert.equal(refuseStores([edit("/gnu/store/abc-grub.cfg")], String).length, 1);
  });
});
