import assert from "node:assert/strict";
import { mountKnowsNofail, optionalWord } from "../../../../converter/guest/configuration/optionalMounts";
import type { GuestFacts } from "../../../../converter/types";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";

describe("how a guest is told to go on without a disk", () => {
  after(removePhonyGuests);

  const MOUNTS: [what: string, files: Record<string, string>, knows: boolean | undefined][] = [
    ["Debian 6's, which has the word itself", { "/bin/mount": "\x7fELF\0nofail\0" }, true],
    [
      "Fedora's, whose library has it",
      { "/bin/mount": "\x7fELF", "/usr/lib64/libmount.so.1": "nofail\0" },
      true,
    ],
    ["Red Hat 5's, which has it nowhere", { "/bin/mount": "\x7fELF\0noauto\0" }, false],
    ["none", {}, undefined],
  ];
  for (const [what, files, knows] of MOUNTS) {
    it(`looks into mount(8): ${what}`, () => assert.equal(mountKnowsNofail(phonyGuest(files)), knows));
  }

  const WORDS: [what: string, guest: Partial<GuestFacts>, word: string | undefined][] = [
    ["Ubuntu with upstart", { init: "upstart", packageManager: "dpkg" }, "nobootwait"],
    ["Red Hat 6", { init: "upstart", packageManager: "rpm", mountKnowsNofail: true }, "nofail"],
    ["Red Hat 5", { init: "sysvinit", packageManager: "rpm", mountKnowsNofail: false }, undefined],
    ["systemd", { init: "systemd" }, "nofail"],
  ];
  for (const [what, guest, word] of WORDS) {
    it(`says ${word ?? "nothing"} on ${what}`, () => assert.equal(optionalWord(guest as GuestFacts), word));
  }
});
