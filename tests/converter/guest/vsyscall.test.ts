import assert from "node:assert/strict";
import { hasVsyscall, readGlibc, refusePrograms } from "../../../converter/guest/vsyscall";
import type { InitramfsPlan } from "../../../converter/types";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "./phonyGuest";
import { elfWithNotes } from "./phonyKernel";

const LIBRARY = { 64: elfWithNotes(64, Buffer.alloc(0)), 32: elfWithNotes(32, Buffer.alloc(0)) };

describe("the version of the guest's C library", () => {
  after(removePhonyGuests);

  const GUESTS: [system: string, files: Record<string, PhonyFile>, version: string | undefined][] = [
    ["Debian 6", { "/lib/libc-2.11.3.so": LIBRARY[64] }, "2.11.3"],
    ["CentOS 6", { "/lib64/libc-2.12.so": LIBRARY[64], "/lib/libc-2.12.so": LIBRARY[32] }, "2.12"],
    ["Debian 12", { "/lib/x86_64-linux-gnu/libc.so.6": LIBRARY[64] }, undefined],
    // Its 32-bit programs call the kernel in another way.
    ["Debian 6 on i386", { "/lib/libc-2.11.3.so": LIBRARY[32] }, undefined],
    ["a guest with a text of that name", { "/lib/libc-2.11.3.so": "text" }, undefined],
  ];
  for (const [system, files, version] of GUESTS) {
    it(`of ${system} is ${version ?? "not known"}`, () =>
      assert.equal(readGlibc(phonyGuest(files)), version));
  }
});

describe("the vsyscall page", () => {
  it("is seen in the kernel's list of a process's memory", () => {
    assert.equal(hasVsyscall("7ffc1-7ffc2 r-xp 00000000 00:00 0   [vdso]\n"), false);
    assert.equal(hasVsyscall("ffffffffff600000-ffffffffff601000 --xp 0 00:00 0  [vsyscall]\n"), true);
  });
});

describe("the guest's own programs", () => {
  const rebuild: InitramfsPlan = {
    ...{ kernel: "2.6.32-5-xen-amd64", path: "/boot/initrd.img", action: "rebuild" },
    ...{ tool: "update-initramfs", missing: ["ata_piix"] },
  };
  const keep: InitramfsPlan = { ...rebuild, action: "keep", missing: [] };

  const CASES: [string, string | undefined, boolean | undefined, InitramfsPlan[], boolean][] = [
    ["an old library and no page", "2.11.3", false, [rebuild], true],
    ["the last library that needs the page", "2.14.1", false, [rebuild], true],
    ["the first library that does not", "2.15", false, [rebuild], false],
    ["a library of two digits more", "2.100", false, [rebuild], false],
    ["a page", "2.11.3", true, [rebuild], false],
    ["nothing to rebuild", "2.11.3", false, [keep], false],
    ["no version to go by", undefined, false, [rebuild], false],
    ["a helper that was not asked", "2.11.3", undefined, [rebuild], false],
  ];
  for (const [what, glibc, vsyscall, initramfs, refused] of CASES) {
    it(`${refused ? "are refused" : "may run"} with ${what}`, () => {
      const helper = vsyscall === undefined ? undefined : { vsyscall };
      assert.equal(refusePrograms({ glibc }, helper, initramfs).length, refused ? 1 : 0);
    });
  }

  it("are refused with what was found, and what to do", () => {
    assert.deepEqual(refusePrograms({ glibc: "2.11.3" }, { vsyscall: false }, [rebuild]), [
      {
        subject: "helper",
        found:
          "its kernel has no vsyscall page, without which the guest's update-initramfs (glibc 2.11.3, before 2.15) " +
          "ends at once: no initramfs can get ata_piix.",
        advice:
          "Boot the helper with vsyscall=emulate on its kernel's command line (an image of your own; with Pulumi, " +
          "helper.imageId), or rebuild the initramfs in the source.",
      },
    ]);
  });
});
