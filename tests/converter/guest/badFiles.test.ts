/** Files of a guest that are none, or are not what their names say. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import zlib from "node:zlib";
import { FailedError, RefusedError } from "../../../converter/errors";
import { makeStateFolder } from "../../../converter/guest/backup";
import { MOST_RATIO, withUnpacked } from "../../../converter/guest/initramfs/compression";
import { otherSystem, systemIn } from "../../../converter/guest/kernel/whatFileIs";
import { noBootFile } from "../../../converter/guest/menu/bootFileRefusals";
import { whyUnreadable } from "../../../converter/guest/menu/unreadableMenu";
import { GuestTree } from "../../../converter/guest/tree";
import { refuseUnwritable } from "../../../converter/guest/writable";
import { run } from "../../../converter/run";
import { removeFolders, scratchFolder } from "../disk/images";
import { bzImage, elfNote, elfWithNotes, elfWithSections, XEN_NOTES } from "./phonyKernel";

const MENU = "/boot/grub/menu.lst";

function treeWith(make: (root: string) => void): GuestTree {
  const root = scratchFolder();
  fs.mkdirSync(path.join(root, "boot/grub"), { recursive: true });
  make(root);
  return new GuestTree(root);
}

after(removeFolders);

describe("a menu that cannot be read", () => {
  const CASES: [what: string, make: (menu: string) => void, RegExp][] = [
    ["a folder", (menu) => fs.mkdirSync(menu), /menu\.lst is a folder$/],
    ["a named pipe", (menu) => execFileSync("mkfifo", [menu]), /menu\.lst is a named pipe$/],
    ["empty", (menu) => fs.writeFileSync(menu, " \n"), /menu\.lst is empty$/],
    ["zeros", (menu) => fs.writeFileSync(menu, Buffer.alloc(600)), /menu\.lst is no text: it has zero bytes/],
    [
      "too large",
      (menu) => {
        fs.writeFileSync(menu, "");
        fs.truncateSync(menu, 2 ** 40);
      },
      /it has .*1 TiB.* at most .*16 MiB/,
    ],
    [
      "a circle of links",
      (menu) => fs.symlinkSync("menu.lst", menu),
      /its links run in a circle, at \/boot\/grub\/menu\.lst/,
    ],
    [
      "a link to nothing",
      (menu) => fs.symlinkSync("/nowhere", menu),
      /is a link that leads to no file \(it leads to \/nowhere\)/,
    ],
    [
      "below a file",
      (menu) => {
        fs.rmdirSync(path.dirname(menu));
        fs.writeFileSync(path.dirname(menu), "");
      },
      /^\/boot\/grub is a file where a folder is needed/,
    ],
    [
      "below a file called /boot",
      (menu) => {
        const boot = path.dirname(path.dirname(menu));
        fs.rmSync(boot, { recursive: true });
        fs.writeFileSync(boot, "");
      },
      /^\/boot is a file where a folder is needed/,
    ],
  ];
  for (const [what, make, found] of CASES) {
    it(`is told as what it is: ${what}`, () => {
      const tree = treeWith((root) => make(path.join(root, MENU)));
      const told = whyUnreadable(tree, MENU);
      assert.match(told?.found ?? "", found);
      assert.notEqual(told?.advice, "");
      assert.match(noBootFile(tree).found, /^PV-GRUB would find none: /);
    });
  }

  it("is told as what it is: on a disk with a bad sector", () => {
    class BadDisk extends GuestTree {
      override read(): never {
        throw Object.assign(new Error("EIO: i/o error, read"), { code: "EIO" });
      }
    }
    const { root } = treeWith((folder) => fs.writeFileSync(path.join(folder, MENU), "title x\n"));
    assert.deepEqual(whyUnreadable(new BadDisk(root), MENU), {
      found: `${MENU} cannot be read (EIO: i/o error, read)`,
      advice:
        "Check the filesystem of a copy of the volume (e2fsck -f), put the menu back, and convert that.",
    });
  });

  it("is none where there is a menu, and where there is nothing", () => {
    assert.equal(
      whyUnreadable(
        treeWith((root) => fs.writeFileSync(path.join(root, MENU), "title x\n")),
        MENU,
      ),
      undefined,
    );
    assert.equal(
      whyUnreadable(
        treeWith(() => undefined),
        MENU,
      ),
      undefined,
    );
  });
});

describe("a file to be written", () => {
  const edit = { path: MENU, action: "create" as const, diff: [], why: [] };

  it("that is a named pipe is refused before, and never waited for", () => {
    const tree = treeWith((root) => execFileSync("mkfifo", [path.join(root, MENU)]));
    assert.match(refuseUnwritable(tree, [edit])[0].found, /is a named pipe\. A regular file is needed/);
    assert.equal(tree.read(MENU), undefined);
    assert.throws(
      () => tree.write(MENU, "x"),
      (error: Error) => error instanceof FailedError && /is no regular file/.test(error.message),
    );
  });

  it("below a file is refused before", () => {
    const tree = treeWith((root) => fs.writeFileSync(path.join(root, "etc"), ""));
    assert.match(
      refuseUnwritable(tree, [{ ...edit, path: "/etc/default/grub" }])[0].found,
      /and \/etc is no folder/,
    );
  });

  it("in an ordinary guest is not refused", () => {
    assert.deepEqual(
      refuseUnwritable(
        treeWith(() => undefined),
        [edit, { ...edit, path: "/etc/a/b" }],
      ),
      [],
    );
  });

  for (const name of ["var/lib/pv-to-hvm", "var/lib/pv-to-hvm/backup", "var/lib/pv-to-hvm/report.txt"]) {
    it(`is refused where /${name} is a link, and what that leads to stays as it is`, () => {
      const tree = treeWith((root) => {
        fs.mkdirSync(path.join(root, path.dirname(name)), { recursive: true });
        fs.symlinkSync("/boot", path.join(root, name));
        fs.chmodSync(path.join(root, "boot"), 0o755);
      });
      assert.match(refuseUnwritable(tree, [])[0].found, /^it is a link, where the conversion keeps/);
      if (name.endsWith("pv-to-hvm")) assert.throws(() => makeStateFolder(tree), /is no folder/);
      assert.equal(fs.statSync(path.join(tree.root, "boot")).mode & 0o777, 0o755);
    });
  }
});

describe("names that are not UTF-8", () => {
  const latin1 = (root: string, name: string) =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name, "latin1")]);
  const tree = () =>
    treeWith((root) => {
      fs.mkdirSync(latin1(root, "boot/données"));
      fs.writeFileSync(latin1(root, "boot/données/vmlinuz-é"), "kernel");
      fs.symlinkSync(Buffer.from("données/vmlinuz-é", "latin1"), latin1(root, "boot/vmlinuz"));
      fs.writeFileSync(path.join(root, "boot/vmlinuz-ü"), "utf8");
    });

  it("are listed, found, read and written by a menu in Latin-1", () => {
    const guest = tree();
    assert.deepEqual(guest.list("/boot/données"), ["vmlinuz-é"]);
    assert.equal(guest.exists("/boot/données/vmlinuz-é"), true);
    assert.equal(guest.resolve("/boot/vmlinuz"), "/boot/données/vmlinuz-é");
    assert.equal(guest.read("/boot/vmlinuz"), "kernel");
    assert.equal(guest.write("/boot/vmlinuz", "other"), true);
    assert.equal(fs.readFileSync(latin1(guest.root, "boot/données/vmlinuz-é"), "utf8"), "other");
    assert.equal(guest.remove("/boot/données/vmlinuz-é"), true);
  });

  it("in UTF-8 are found by a menu that was read as Latin-1", () => {
    assert.equal(tree().read(`/boot/${Buffer.from("vmlinuz-ü").toString("latin1")}`), "utf8");
  });

  it("are told as what they are where another program has to be given them", () => {
    assert.throws(
      () => tree().hostPath("/boot/vmlinuz"),
      (error: Error) =>
        error instanceof RefusedError && /its name on the disk is not UTF-8/.test(error.message),
    );
  });
});

describe("what a menu starts", () => {
  const note = (system: string) => elfWithNotes(64, elfNote("Xen", 6, Buffer.from(`${system}\0`)));
  const withOsAbi = (value: number) => {
    const file = elfWithNotes(64, Buffer.alloc(0));
    file[7] = value;
    return file;
  };
  const CASES: [what: string, file: Buffer, name: string | undefined][] = [
    ["Linux, a bzImage", bzImage(Buffer.alloc(10)), undefined],
    ["Linux, by its Xen notes", elfWithNotes(64, XEN_NOTES), undefined],
    ["Linux, packed as it is", zlib.gzipSync(elfWithNotes(64, XEN_NOTES)), undefined],
    ["Linux, as Red Hat 5 has it", elfWithSections(["__xen_guest"]), undefined],
    [
      "Linux, by its words alone",
      Buffer.concat([elfWithNotes(64, Buffer.alloc(0)), Buffer.from("Linux version 2.6.18")]),
      undefined,
    ],
    ["FreeBSD, by its Xen notes", note("FreeBSD"), "FreeBSD"],
    ["FreeBSD, by its header", withOsAbi(9), "FreeBSD"],
    ["NetBSD, by its note", elfWithNotes(32, elfNote("NetBSD", 1, Buffer.alloc(4))), "NetBSD"],
    ["a unikernel", note("Mini-OS"), "Mini-OS"],
    ["memtest86+", bzImage(Buffer.from("Memtest86+ v6.10"), { version: "" }), "memtest86+"],
    ["memdisk", bzImage(Buffer.alloc(10), { version: "MEMDISK 6.04 20191223" }), "MEMDISK"],
    [
      "the Xen hypervisor",
      zlib.gzipSync(Buffer.concat([elfWithNotes(32, Buffer.alloc(0)), Buffer.from("(XEN) ")])),
      "the Xen hypervisor",
    ],
  ];
  for (const [what, file, name] of CASES) {
    it(`is told by the file's content: ${what}`, () => {
      assert.deepEqual(systemIn(file), name === undefined ? { linux: true } : { linux: false, name });
    });
  }

  it("is not told by the name where the content says it", () => {
    const guest = treeWith((root) => {
      fs.writeFileSync(path.join(root, "boot/xen-3.8.gz"), bzImage(Buffer.alloc(10)));
      fs.writeFileSync(path.join(root, "boot/vmlinuz-3"), note("FreeBSD"));
    });
    assert.equal(otherSystem(guest, "/boot/xen-3.8.gz"), undefined);
    assert.equal(otherSystem(guest, "/boot/vmlinuz-3"), "FreeBSD");
    assert.equal(otherSystem(guest, "/boot/xenU-3.8.13"), undefined);
    assert.equal(otherSystem(guest, "/boot/xen-4.1-amd64.gz"), "not Linux by its name");
    assert.equal(otherSystem(guest, "/boot/memtest86+.bin"), "not Linux by its name");
  });
});

describe("an initramfs that unpacks without end", function () {
  this.timeout(60_000);
  const zeros = Buffer.alloc(8 * 1024 * 1024);
  const packedBy = (...words: string[]) =>
    execFileSync(words[0], words.slice(1), {
      input: zeros,
      maxBuffer: 2 ** 26,
      stdio: ["pipe", "pipe", "ignore"],
    });
  const CASES = [
    ["gzip", () => zlib.gzipSync(zeros)],
    ["xz", () => packedBy("xz", "-c", "--check=crc32")],
    ["zstd", () => packedBy("zstd", "-qc")],
    ["lz4", () => packedBy("lz4", "-lc")],
    ["bzip2", () => packedBy("bzip2", "-c")],
    ["lzo", () => packedBy("lzop", "-c")],
  ] as const;
  for (const [form, make] of CASES) {
    it(`is ended at a size: ${form}`, async () => {
      const most = 1024 * 1024;
      await assert.rejects(
        withUnpacked(make(), form, run, () => "unpacked", most),
        new RegExp(`its ${form} part unpacks to more than ${most} bytes`),
      );
      assert.equal((await withUnpacked(make(), form, run, () => "unpacked")).result, "unpacked");
    });
  }

  // A real bomb: a quarter of a gigabyte of zeros in a few hundred kilobytes and less.
  for (const command of ["gzip -c", "xz -c --check=crc32 -1", "zstd -qc", "bzip2 -c", "lz4 -lc"]) {
    const [form] = command.split(" ") as ["gzip" | "xz" | "zstd" | "bzip2" | "lz4"];
    it(`is refused for its ratio, long before the limit in bytes: ${form}`, async () => {
      const bomb = execFileSync("sh", ["-c", `head -c 268435456 /dev/zero | ${command}`], {
        maxBuffer: 2 ** 24,
      });
      const unpack = withUnpacked(bomb, form, run, () => assert.fail("it was unpacked"));
      const most = Math.max(64 * 2 ** 20, bomb.length * MOST_RATIO);
      await assert.rejects(unpack, {
        message: `its ${form} part unpacks to more than ${most} bytes, which no kernel's does: the file has ${bomb.length} bytes, and such files unpack to ${MOST_RATIO} times that at most`,
      });
    });
  }

  it("may be twenty times its packed size, as no real one is", async () => {
    const packed = Buffer.concat([zlib.gzipSync(Buffer.alloc(100 * 2 ** 20)), Buffer.alloc(5 * 2 ** 20)]);
    const { result } = await withUnpacked(packed, "gzip", run, ({ length }) => length);
    assert.equal(result, 100 * 2 ** 20);
  });
});
