import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { applyEdits, BACKUP_FOLDER } from "../../../converter/guest/apply";
import { parseMenu } from "../../../converter/guest/bootFile";
import { readGuest } from "../../../converter/guest/inspect";
import { GuestTree } from "../../../converter/guest/tree";
import { planConversion } from "../../../converter/plan";
import { run } from "../../../converter/run";
import type { Facts, FilesystemFacts, Plan } from "../../../converter/types";
import { phonyGuest, removePhonyGuests, type PhonyFile } from "./phonyGuest";
import { initramfsWith, pvOpsKernel } from "./phonyKernel";

/**
 * Whole guests from `fixtures/<guest>/before`, read, planned and edited; the result is held against
 * `fixtures/<guest>/after`, file by file. UPDATE_GOLDEN=1 writes that folder anew: read its diff before you keep it.
 */
const FIXTURES = path.join(__dirname, "fixtures");

interface Guest {
  folder: string;
  label: string;
  /** Modules in the initramfs. */
  early: string[];
  action: "keep" | "rebuild";
}

const GUESTS: Guest[] = [
  { folder: "ubuntu-14.04", label: "cloudimg-rootfs", early: ["xen-blkfront"], action: "rebuild" },
  { folder: "debian-7", label: "root", early: [], action: "rebuild" },
  { folder: "amazon-linux-2015.09", label: "/", early: ["xen-blkfront", "nvme"], action: "keep" },
];

const MODULES = ["xen-blkfront", "xen-netfront", "nvme", "ena", "ata_piix", "e1000"];

describe("converting a whole guest's files", () => {
  after(removePhonyGuests);

  for (const guest of GUESTS) {
    it(`gives ${guest.folder} the files that it needs`, async () => {
      const tree = bootable(guest);
      const plan = await planFor(tree, guest);
      assert.deepEqual(plan.refusals, []);
      assert.deepEqual(
        plan.initramfs.map(({ action }) => action),
        [guest.action],
      );
      applyEdits(tree, plan);
      compareWithGolden(guest.folder, textsOf(tree));
    });

    it(`finds nothing left to edit in ${guest.folder} afterwards`, async () => {
      const tree = bootable(guest);
      applyEdits(tree, await planFor(tree, guest));
      const again = await planFor(tree, guest);
      assert.deepEqual(again.edits, []);
      assert.deepEqual(applyEdits(tree, again), []);
    });
  }

  it("has a case for each folder of fixtures", () => {
    assert.deepEqual(fs.readdirSync(FIXTURES).sort(), GUESTS.map(({ folder }) => folder).sort());
  });
});

/** The guest of the fixture, with a kernel, its initramfs and its modules for each that the menu names. */
function bootable({ folder, early }: Guest): GuestTree {
  const files = readFolder(path.join(FIXTURES, folder, "before"));
  const tree = phonyGuest(files);
  for (const { kernel = "", initrd = "" } of parseMenu(tree.read("/boot/grub/menu.lst") ?? "").entries) {
    const version = kernel.replace("/boot/vmlinuz-", "");
    fs.writeFileSync(tree.hostPath(kernel), pvOpsKernel(version));
    fs.writeFileSync(tree.hostPath(initrd), initramfsWith(...early));
    for (const name of MODULES) tree.write(`/lib/modules/${version}/kernel/drivers/${name}.ko`, "");
  }
  return tree;
}

async function planFor(tree: GuestTree, { label }: Guest): Promise<Plan> {
  const filesystem: FilesystemFacts = {
    type: "ext4",
    uuid: "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11",
    label,
    blockSizeBytes: 4096,
    blockCount: 524288,
    freeBlocks: 262144,
    features: [],
    needsRecovery: false,
    health: "clean",
  };
  const mounts = [{ point: "/", part: 0, filesystem }];
  const bootFile = { part: 0, path: "/boot/grub/menu.lst", prefix: "" };
  const bare = { number: 0, startBytes: 0, sizeBytes: 2 ** 31 };
  const facts: Facts = {
    source: {
      ...{ path: "/dev/xvdf", sizeBytes: 2 ** 31, table: "none" },
      parts: [{ ...bare, content: { kind: "filesystem", filesystem } }],
    },
    mounts,
    guest: await readGuest({ tree, mounts, bootFile }, run),
  };
  return planConversion({
    facts,
    read: (file) => tree.read(file),
    options: { for: ["xen", "nitro"], layout: "mbr", grow: false },
  });
}

function compareWithGolden(folder: string, actual: Record<string, PhonyFile>): void {
  const golden = path.join(FIXTURES, folder, "after");
  if (process.env.UPDATE_GOLDEN === "1") writeFolder(golden, actual);
  assert.deepEqual(actual, readFolder(golden));
}

/** The texts and links of a guest, without what the test put there and without the backup. */
function textsOf(tree: GuestTree): Record<string, PhonyFile> {
  const theTests = (name: string) =>
    name.startsWith(BACKUP_FOLDER) || /^\/(?:lib\/modules\/|boot\/(?:vmlinuz|init))/.test(name);
  return Object.fromEntries(Object.entries(readFolder(tree.root)).filter(([name]) => !theTests(name)));
}

function readFolder(root: string, below = ""): Record<string, PhonyFile> {
  const files: Record<string, PhonyFile> = {};
  for (const entry of fs.readdirSync(root + below, { withFileTypes: true })) {
    const name = `${below}/${entry.name}`;
    if (entry.isDirectory()) Object.assign(files, readFolder(root, name));
    else if (entry.isSymbolicLink()) files[name] = { link: fs.readlinkSync(root + name) };
    else files[name] = fs.readFileSync(root + name, "latin1");
  }
  return files;
}

function writeFolder(root: string, files: Record<string, PhonyFile>): void {
  fs.rmSync(root, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    if (typeof content === "string") fs.writeFileSync(root + name, content, "latin1");
    else if (!Buffer.isBuffer(content)) fs.symlinkSync(content.link, root + name);
  }
}
