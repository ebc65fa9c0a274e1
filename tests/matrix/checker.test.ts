import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { compareFiles } from "./compare";
import { checkConsolesAndNetwork, checkFstab, checkMenu, type Converted } from "./checker/rules";
import { readMenu } from "./checker/menu";
import { readTable } from "./checker/table";
import { resolve, type Volume } from "./checker/volumes";
import { makeDisk } from "./disk";
import { LAYOUTS, type LayoutName, volumesOf } from "./layouts";
import { ROWS } from "./rows";
import { sh, withFolder } from "./shell";

const ROOT_UUID = "11111111-2222-3333-4444-555555555555";
const SYSTEM: Volume = {
  partition: 1,
  pieces: [{ start: 2 ** 20, length: 2 ** 30 }],
  type: "ext3",
  uuid: ROOT_UUID,
  label: "rootfs",
};
const OTHER: Volume = {
  partition: 5,
  mapper: "VolGroup00-swapVol",
  pieces: [{ start: 2 ** 31, length: 2 ** 20 }],
  type: "swap",
  label: "/boot",
};

const WELL: Record<string, string> = {
  "/etc/fstab": `UUID=${ROOT_UUID} / ext3 defaults 0 1\nproc /proc proc defaults 0 0\n/dev/xvdb /mnt auto defaults,nofail 0 0\n`,
  "/etc/inittab": "#co:2345:respawn:/sbin/getty hvc0\nT0:23:respawn:/sbin/getty -L ttyS0\n",
  "/boot/grub/menu.lst": `default 0\n# groot=(hd0,0)\ntitle a\nroot (hd0,0)\nkernel /boot/vmlinuz root=UUID=${ROOT_UUID} console=tty1 console=ttyS0\ninitrd /boot/initrd.img\n`,
  "/boot/vmlinuz": "kernel",
};

/** The findings of a guest with these files that are not ok, by name. */
function faults(changed: Record<string, string>): string[] {
  return withFolder((root) => {
    for (const [name, text] of Object.entries({ ...WELL, ...changed })) {
      fs.mkdirSync(path.dirname(root + name), { recursive: true });
      fs.writeFileSync(root + name, text);
    }
    writeInitramfs(root);
    const guest: Converted = { root, volumes: [SYSTEM, OTHER], system: SYSTEM, boot: SYSTEM };
    const found = [
      ...checkMenu(guest, `${root}/boot/grub/menu.lst`, ["xen", "nitro"]),
      ...checkFstab(guest),
      ...checkConsolesAndNetwork(guest),
    ];
    return found.filter(({ ok }) => !ok).map(({ name }) => name);
  });
}

function writeInitramfs(root: string): void {
  fs.mkdirSync(`${root}/initrd/lib`, { recursive: true });
  for (const name of ["nvme.ko", "xen-blkfront.ko.xz"]) fs.writeFileSync(`${root}/initrd/lib/${name}`, "");
  sh(
    "sh",
    "-c",
    'cd "$1/initrd" && find . | cpio -o -H newc --quiet | gzip > "$1/boot/initrd.img"',
    "sh",
    root,
  );
}

describe("the independent checker", () => {
  it("finds nothing wrong with a guest that was converted well", () => assert.deepEqual(faults({}), []));

  const menu = WELL["/boot/grub/menu.lst"];
  const fstab = WELL["/etc/fstab"];
  const cases: [string, Record<string, string>, string][] = [
    [
      "(hd0) of the bare disk",
      { "/boot/grub/menu.lst": menu.replace("root (hd0,0)", "root (hd0)") },
      "every device of the menu is the partition with the menu",
    ],
    [
      "(hd0) among update-grub's settings",
      { "/boot/grub/menu.lst": menu.replace("groot=(hd0,0)", "groot=(hd0)") },
      "every device of the menu is the partition with the menu",
    ],
    [
      "a kernel that is gone",
      { "/boot/grub/menu.lst": menu.replace("vmlinuz", "vmlinuz-2.6") },
      "every kernel and initrd of the menu is there",
    ],
    [
      "root=/dev/xvda1",
      { "/boot/grub/menu.lst": menu.replace(`root=UUID=${ROOT_UUID}`, "root=/dev/xvda1") },
      "every root= of the menu is the root filesystem",
    ],
    [
      "console=hvc0 alone",
      { "/boot/grub/menu.lst": menu.replace("console=tty1 console=ttyS0", "console=hvc0") },
      "no entry writes to Xen's console",
    ],
    [
      "ttyS0 not as the last console",
      { "/boot/grub/menu.lst": menu.replace("tty1 console=ttyS0", "ttyS0 console=tty1") },
      "the default entry's last console is ttyS0",
    ],
    [
      "/dev/xvda1 as /",
      { "/etc/fstab": fstab.replace(`UUID=${ROOT_UUID}`, "/dev/xvda1") },
      "/ in /etc/fstab is the root filesystem",
    ],
    [
      "an instance store that must be there",
      { "/etc/fstab": fstab.replace(",nofail", "") },
      "every line of /etc/fstab resolves on this disk, or may fail",
    ],
    [
      "a check of what may be absent",
      { "/etc/fstab": fstab.replace("nofail 0 0", "nofail 0 2") },
      "no check at boot of what may be absent",
    ],
    [
      "a getty on hvc0",
      { "/etc/inittab": "co:2345:respawn:/sbin/getty 38400 hvc0\n" },
      "no getty on Xen's console",
    ],
    [
      "systemd's getty on hvc0",
      { "/etc/systemd/system/getty.target.wants/serial-getty@hvc0.service": "" },
      "no getty on Xen's console",
    ],
    [
      "a card's name tied to a MAC address",
      {
        "/etc/udev/rules.d/70-persistent-net.rules":
          'SUBSYSTEM=="net", ATTR{address}=="12:31:39:0a:4b:1c", NAME="eth0"\n',
      },
      "no name of a network card is tied to a MAC address",
    ],
  ];
  for (const [what, changed, name] of cases) {
    it(`finds ${what}`, () => assert.ok(faults(changed).includes(name), `not found: ${name}`));
  }

  const names: [string, Volume | undefined][] = [
    [`UUID=${ROOT_UUID.toUpperCase()}`, SYSTEM],
    [`"UUID=${ROOT_UUID}"`, SYSTEM],
    ["LABEL=rootfs", SYSTEM],
    [`/dev/disk/by-uuid/${ROOT_UUID}`, SYSTEM],
    ["/dev/disk/by-label/\\x2fboot", OTHER],
    ["/dev/mapper/VolGroup00-swapVol", OTHER],
    ["/dev/VolGroup00/swapVol", OTHER],
    ["/dev/xvda1", undefined],
    ["LABEL=", undefined],
  ];
  for (const [name, volume] of names) {
    it(`takes ${name} for ${volume ? `partition ${volume.partition}` : "nothing of this disk"}`, () =>
      assert.equal(resolve(name, [SYSTEM, OTHER]), volume));
  }

  it("reads settings with blanks, tabs and equals signs", () => {
    const { byDefault, entries } = readMenu(
      "default=1\r\ntitle a\n\ttitle b\r\n\tkernel --no-mem-option /k ro a=b\r\n",
    );
    assert.deepEqual(
      [byDefault, entries.map(({ title }) => title), entries[1].kernel, entries[1].arguments],
      [1, ["a", "b"], "/k", ["ro", "a=b"]],
    );
  });

  it("tells of a file that was lost, and not of one that the report names", () => {
    const before = new Map([
      ["/a", "f 1"],
      ["/b", "f 1"],
      ["/boot/initrd.img-6", "f 1"],
    ]);
    const after = new Map([
      ["/b", "f 2"],
      ["/boot/initrd.img-6", "f 2"],
    ]);
    const edits = [{ path: "/b", action: "edit" as const, why: [], diff: [] }];
    const report = { edits } as unknown as Parameters<typeof compareFiles>[2][number];
    assert.equal(compareFiles(before, after, [report]).seen, "/a");
  });
});

describe("the layouts of the matrix", () => {
  const tables = (Object.keys(LAYOUTS) as LayoutName[]).filter(
    (name) =>
      LAYOUTS[name].table !== "none" && volumesOf(LAYOUTS[name]).every(({ group }) => group === undefined),
  );
  for (const name of tables) {
    it(`writes "${name}" so that the checker reads the same partitions back`, () =>
      withFolder((folder) => {
        const placed = makeDisk(LAYOUTS[name], `${folder}/disk`);
        const { slices } = readTable(`${folder}/disk`);
        const read = placed.map(({ partition }) => slices.find(({ number }) => number === partition));
        assert.deepEqual(
          read.map((slice) => slice && { start: slice.start, length: slice.length }),
          placed.map(({ pieces }) => pieces[0]),
        );
      }));
  }
});

describe("the rows of the matrix", () => {
  it("have a name each", () => assert.equal(new Set(ROWS.map(({ name }) => name)).size, ROWS.length));

  it("leave changes out of bare disks only, whose source can be looked into", () => {
    const wrong = ROWS.filter(({ leftOut, layout }) => leftOut && LAYOUTS[layout].table !== "none");
    assert.deepEqual(wrong, []);
  });
});
