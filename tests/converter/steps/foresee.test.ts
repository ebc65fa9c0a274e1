/** What a conversion would make of a guest, judged before: what verify accepts is planned, what it would not is refused. */
import assert from "node:assert/strict";
import fs from "node:fs";
import { planConversion } from "../../../converter/plan";
import { refuseOutcome } from "../../../converter/steps/foresee";
import type { FilesystemFacts, MountFacts, Options } from "../../../converter/types";
import { fstab } from "../../matrix/guestFiles";
import { type Layout, LAYOUTS, type Volume } from "../../matrix/layouts";
import { writeMenu } from "../../matrix/menus";
import { type Row, ROWS } from "../../matrix/rows";
import { failingAfterwards } from "../guest/afterwards";
import { cleanFilesystem, inspectedGuest, type Lying } from "../guest/inspectedGuest";
import { phonyGuest, type PhonyFile, removePhonyGuests } from "../guest/phonyGuest";
import { initramfsWith, pvOpsKernel } from "../guest/phonyKernel";

const OPTIONS: Options = { for: ["xen", "nitro"], layout: "mbr", grow: false };
const V = "3.13.0-48-generic";
const CONFIG = ["XEN_NETDEV_FRONTEND", "ENA_ETHERNET"].map((name) => `CONFIG_${name}=y\n`).join("");
const GUEST: Record<string, PhonyFile> = {
  [`/boot/vmlinuz-${V}`]: pvOpsKernel(V),
  [`/boot/initrd.img-${V}`]: initramfsWith("xen-blkfront", "nvme"),
  [`/boot/config-${V}`]: CONFIG,
  "/etc/fstab": "/dev/xvda1 / ext4 defaults 0 1\n",
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
  "/etc/grub.d/README": "",
};
const ENTRY = `title a\nroot (hd0)\nkernel /boot/vmlinuz-${V} root=/dev/xvda1 ro\ninitrd /boot/initrd.img-${V}\n`;

describe("a guest of the matrix", () => {
  after(removePhonyGuests);

  /** Each volume that is no logical one, with the number of its partition. */
  const volumesOf = ({ partitions }: Layout): { volume: Volume; partition: number }[] =>
    partitions.flatMap(({ number: partition, holds }) =>
      typeof holds === "string" || "group" in holds ? [] : [{ volume: holds, partition }],
    );
  const rows = ROWS.filter(
    ({ layout, expected }) =>
      "boots" in expected &&
      LAYOUTS[layout].partitions.every(({ holds }) => typeof holds === "string" || !("group" in holds)),
  );

  it("is one of many", () => assert.ok(rows.length > 20, String(rows.length)));

  for (const row of rows) {
    it(`has, by its files, a plan whose outcome verify accepts: ${row.name}`, async () => {
      const tree = phonyGuest(GUEST);
      const lying = layOut(row, tree.root);
      const { facts } = await inspectedGuest(tree, lying);
      const plan = planConversion({ facts, read: (file) => tree.read(file), options: OPTIONS });
      assert.deepEqual(plan.refusals, []);
      assert.deepEqual(refuseOutcome(tree, facts, plan), []);
      assert.deepEqual(await failingAfterwards(tree, facts, plan, lying), []);
    });
  }

  /** Writes the row's menu and fstab, and says what lies where. */
  function layOut({ layout, menu, naming }: Row, root: string): Lying {
    const volumes = volumesOf(LAYOUTS[layout]).map((one, index) => ({
      ...{ ...one, pieces: [], uuid: `00000000-0000-4000-8000-00000000000${index}` },
    }));
    const named = (point: string) => volumes.find(({ volume }) => volume.point === point);
    const [rootVolume, boot] = [named("/"), named("/boot")];
    assert.ok(rootVolume);
    const text = fstab(volumes, naming);
    fs.writeFileSync(`${root}/etc/fstab`, text);
    const rootName = text
      .split("\n")
      .flatMap((line) => (line.split("\t")[1] === "/" ? line.split("\t")[0] : []));
    const part = (boot ?? rootVolume).partition;
    writeMenu(root, {
      form: menu,
      device: part === 0 ? "(hd0)" : `(hd0,${part - 1})`,
      prefix: boot ? "" : "/boot",
      root: rootName[0],
      kernels: [{ version: V, kernel: `vmlinuz-${V}`, initrd: `initrd.img-${V}` }],
    });
    const mounts = volumes
      .filter(({ volume }) => volume.point.startsWith("/"))
      .map(({ volume, partition, uuid }): MountFacts => {
        const type = volume.holds.replace(/-.*/, "") as FilesystemFacts["type"];
        return {
          ...{ point: volume.point, part: partition },
          filesystem: cleanFilesystem({ type, uuid, label: volume.label }),
        };
      })
      .sort((one, other) => one.point.length - other.point.length);
    const table = { none: "none", dos: "mbr", gpt: "gpt" } as const;
    return {
      mounts,
      table: table[LAYOUTS[layout].table],
      bootFile: { part, path: "/boot/grub/menu.lst", prefix: boot ? "/boot" : "" },
    };
  }
});

describe("an outcome that verify would not accept", () => {
  after(removePhonyGuests);

  const outcomeOf = async (menu: string, more: Record<string, PhonyFile> = {}) => {
    const tree = phonyGuest({ ...GUEST, "/boot/grub/menu.lst": menu, ...more });
    const { facts } = await inspectedGuest(tree);
    const plan = planConversion({ facts, read: (file) => tree.read(file), options: OPTIONS });
    return { tree, facts, plan };
  };

  it("is refused with what was seen and what to do, and the guest's files are as they were", async () => {
    const { tree, facts, plan } = await outcomeOf(ENTRY);
    const forgetful = { ...plan, edits: plan.edits.filter(({ path }) => path !== "/etc/fstab") };
    const said = refuseOutcome(tree, facts, forgetful);
    assert.deepEqual(
      said.map(({ found }) => found),
      [
        "after it, this would not hold: / in /etc/fstab is this filesystem (seen: /dev/xvda1).",
        "after it, this would not hold: a second inspection finds nothing left to change (seen: /etc/fstab).",
      ],
    );
    assert.match(said[0].advice, /report it, with the source's \/boot\/grub\/menu\.lst and \/etc\/fstab\./);
    assert.equal(tree.read("/boot/grub/menu.lst"), ENTRY);
  });

  it("is refused where a change does not fit its file", async () => {
    const { tree, facts, plan } = await outcomeOf(ENTRY);
    fs.appendFileSync(tree.hostPath("/etc/fstab"), "/dev/xvdb /mnt auto defaults 0 0\n");
    fs.writeFileSync(tree.hostPath("/etc/fstab"), "something else\n");
    const said = refuseOutcome(tree, facts, plan);
    assert.deepEqual(
      said.map(({ subject }) => subject),
      ["/etc/fstab"],
    );
    assert.match(said[0].found, /^the change that is planned does not fit the file/);
  });

  it("is refused where no menu would be left that names a kernel", async () => {
    const { tree, facts, plan } = await outcomeOf(ENTRY);
    const edits = plan.edits.map((edit) =>
      edit.path === "/boot/grub/menu.lst" ? { ...edit, action: "remove" as const, diff: [] } : edit,
    );
    const [said] = refuseOutcome(tree, facts, { ...plan, edits });
    assert.match(said.found, /^after it, the boot menu would not be understood any more/);
  });
});
