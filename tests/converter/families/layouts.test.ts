/** Layouts of disks that no family of its own stands for, and what a user may ask of the destination's. */
import assert from "node:assert/strict";
import * as fs from "node:fs";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { whyNot } from "../../matrix/abilities";
import { BIOS_BOOT, EFI_SYSTEM, readTable, type Table } from "../../matrix/checker/table";
import { isRoot, removeFolders } from "../disk/images";
import {
  assertConverted,
  assertNothingLost,
  assertRepeatable,
  assertSound,
  convertGuest,
} from "./conversion";
import { LAYOUTS, type LayoutName } from "./layouts";
import { insideConverted } from "./phonyGuests";
import { plainGuest } from "./plainGuest";

const MIB = 2 ** 20;
const TIB = 2 ** 40;

interface Row {
  layout: LayoutName;
  options?: string[];
  destinationBytes?: number;
  /** What must be true of the destination, besides. */
  has?: (table: Table, filesystemBytes: number) => void;
}

const GROWN = (least: number) => (_: Table, filesystemBytes: number) =>
  assert.ok(filesystemBytes > least, `${filesystemBytes} bytes`);

const IS_GPT = ({ kind, slices }: Table) => {
  assert.equal(kind, "gpt");
  assert.ok(slices.some(({ type }) => type === BIOS_BOOT));
};

const ROWS: Row[] = [
  { layout: "bare ext2" },
  { layout: "bare ext4, features of today" },
  { layout: "bare XFS v4" },
  { layout: "GPT", has: IS_GPT },
  { layout: "bare ext4", options: ["--grow"], destinationBytes: 160 * MIB, has: GROWN(130 * MIB) },
  { layout: "MBR from 64", options: ["--grow"], destinationBytes: 160 * MIB, has: GROWN(130 * MIB) },
  { layout: "bare XFS", options: ["--grow"], destinationBytes: 900 * MIB, has: GROWN(800 * MIB) },
  {
    layout: "bare ext4",
    options: ["--layout", "gpt"],
    destinationBytes: 192 * MIB,
    has: (table) => {
      IS_GPT(table);
      assert.ok(table.slices.some(({ type }) => type === EFI_SYSTEM));
    },
  },
  {
    layout: "bare ext4",
    destinationBytes: 3 * TIB,
    has: (table) => {
      IS_GPT(table);
      assert.ok(Math.max(...table.slices.map(({ length }) => length)) > 2 * TIB);
    },
  },
];

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);
(hasTools ? describe : describe.skip)("a disk", function () {
  this.timeout(120_000);
  afterEach(removeFolders);

  for (const { layout, options = [], destinationBytes, has } of ROWS) {
    const size = destinationBytes === undefined ? "" : `, to ${destinationBytes / MIB} MiB`;
    const lacking = isRoot ? whyNot(LAYOUTS[layout]) : undefined;
    const title = `of ${[layout, ...options].join(" ")}${size} becomes one that boots, with every file in it`;
    (lacking ? it.skip : it)(lacking ? `${title} (${lacking})` : title, async () => {
      const conversion = await convertGuest(plainGuest(layout), { options, destinationBytes });
      assertConverted(conversion);
      assertSound(conversion);
      assertNothingLost(conversion);
      const { destination } = conversion.disks;
      const bytes = insideConverted(conversion.guest, destination, (root) => {
        const { blocks, bsize } = fs.statfsSync(root);
        return blocks * bsize;
      });
      has?.(readTable(destination), bytes);
      await assertRepeatable(conversion);
    });
  }
});
