/** Whether the guest's generator can be started, told from its files alone. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { refuseFullTemporary } from "../../../converter/guest/rootSpace";
import { refuseGenerator, whyNotRunnable } from "../../../converter/guest/runnable";
import type { GuestFacts, InitramfsPlan } from "../../../converter/types";
import { phonyGuest, type PhonyFile, removePhonyGuests } from "./phonyGuest";

const REBUILD: InitramfsPlan = {
  ...{ kernel: "1", path: "/boot/initrd-1", action: "rebuild", tool: "dracut", missing: ["nvme"] },
  command: ["dracut", "-f"],
};
const LOADER = "/lib64/ld-linux-x86-64.so.2";

/** A program of 64 bits with a loader, or none. */
function program(loader?: string, machine = 62, bits = 2): Buffer {
  const bytes = Buffer.alloc(0x40 + 0x38 + 64);
  bytes.write("\x7fELF", "latin1");
  bytes[4] = bits;
  bytes.writeUInt16LE(machine, 0x12);
  if (loader === undefined || bits === 1) return bytes;
  bytes.writeBigUInt64LE(0x40n, 0x20);
  bytes.writeUInt16LE(0x38, 0x36);
  bytes.writeUInt16LE(1, 0x38);
  bytes.writeUInt32LE(3, 0x40);
  bytes.writeBigUInt64LE(BigInt(0x40 + 0x38), 0x48);
  bytes.writeBigUInt64LE(BigInt(loader.length + 1), 0x60);
  bytes.write(loader, 0x78, "latin1");
  return bytes;
}

const GOOD: Record<string, PhonyFile> = {
  "/sbin/dracut": "#!/bin/bash --norc\ncase $1 in -f) ;; esac\n",
  "/bin/bash": program(LOADER),
  [LOADER]: "",
};

function guest(
  files: Record<string, PhonyFile>,
  notExecutable: string[] = [],
): ReturnType<typeof phonyGuest> {
  const tree = phonyGuest(files);
  for (const name of ["/sbin/dracut", "/bin/bash", "/bin/sh"])
    if (tree.exists(name) && !notExecutable.includes(name)) fs.chmodSync(tree.hostPath(name), 0o755);
  for (const folder of ["proc", "sys", "dev", "tmp"])
    fs.mkdirSync(`${tree.root}/${folder}`, { recursive: true });
  return tree;
}

describe("a generator that is to be run", () => {
  after(removePhonyGuests);

  it("is no reason for anything where it can be started", () =>
    assert.deepEqual(refuseGenerator(guest(GOOD), { initramfs: [REBUILD] }), []));
  it("is refused where its script does not know an option that it is to be called with", () => {
    const call = { ...REBUILD, command: ["dracut", "-f", "--no-hostonly"] };
    const [{ subject, found }] = refuseGenerator(guest(GOOD), { initramfs: [call] });
    assert.equal(subject, "dracut");
    assert.match(found, /does not know --no-hostonly/);
  });
  it("is not looked at where nothing is rebuilt", () =>
    assert.deepEqual(
      refuseGenerator(guest({}), { initramfs: [{ ...REBUILD, action: "keep", command: undefined }] }),
      [],
    ));

  const BROKEN: [why: string, files: Record<string, PhonyFile>, notExecutable?: string[]][] = [
    ["there is no dracut", {}],
    ["/sbin/dracut may not be executed", GOOD, ["/sbin/dracut"]],
    ["there is no /bin/bash", { "/sbin/dracut": GOOD["/sbin/dracut"] }],
    ["/bin/bash may not be executed", GOOD, ["/bin/bash"]],
    [`there is no ${LOADER}, which loads /bin/bash`, { ...GOOD, [LOADER]: { link: "/nowhere" } }],
    ["/bin/bash is no program for x86", { ...GOOD, "/bin/bash": program(LOADER, 183) }],
    ["/bin/bash is no file", { "/sbin/dracut": GOOD["/sbin/dracut"], "/bin/bash/x": "" }],
  ];
  for (const [why, files, notExecutable] of BROKEN) {
    it(`is refused before anything is written: ${why}`, () => {
      const [said] = refuseGenerator(guest(files, notExecutable), { initramfs: [REBUILD] });
      assert.equal(said.subject, "dracut");
      assert.ok(said.found.endsWith(`: ${why}.`), said.found);
    });
  }

  it("is refused for a 32-bit guest where the kernel runs no such programs", () => {
    const tree = guest({ ...GOOD, "/bin/bash": program(undefined, 3, 1) });
    assert.match(whyNotRunnable(tree, "dracut", false) ?? "", /^\/bin\/bash is a 32-bit program/);
    assert.equal(whyNotRunnable(tree, "dracut", true), undefined);
  });

  it("is refused without a folder that it needs, and depmod is looked at too", () => {
    const tree = guest(GOOD);
    fs.rmdirSync(`${tree.root}/sys`);
    const said = refuseGenerator(tree, { initramfs: [{ ...REBUILD, depmod: true }] });
    assert.deepEqual(
      said.map(({ subject }) => subject),
      ["depmod", "/sys"],
    );
  });
});

describe("the room that Red Hat's mkinitrd works in", () => {
  const facts = (bytes: number) =>
    ({
      rootFree: { bytes, inodes: 1000 },
      kernels: [{ initrd: REBUILD.path, initrdBytes: 10_000_000 }],
    }) as unknown as GuestFacts;
  const mkinitrd: InitramfsPlan = { ...REBUILD, tool: "mkinitrd" };

  it("is four times the image, in /var/tmp", () => {
    assert.match(
      refuseFullTemporary(facts(39_000_000), { grow: false }, [mkinitrd])[0].found,
      /no room for mkinitrd to work in/,
    );
    assert.deepEqual(refuseFullTemporary(facts(41_000_000), { grow: false }, [mkinitrd]), []);
  });
  it("is not asked for by others, nor where the root grows before", () => {
    assert.deepEqual(refuseFullTemporary(facts(0), { grow: false }, [REBUILD]), []);
    assert.deepEqual(refuseFullTemporary(facts(0), { grow: true }, [mkinitrd]), []);
  });
});
