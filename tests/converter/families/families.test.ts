/** Every family of PV guests, made up small, through the whole program. */
import * as fs from "node:fs";
import { GRUB_IMAGES } from "../../../converter/boot/grubCore";
import { isRoot, removeFolders } from "../disk/images";
import {
  assertConverted,
  assertGolden,
  assertNothingLost,
  assertRepeatable,
  assertRestorable,
  assertSound,
  type Conversion,
  convertGuest,
} from "./conversion";
import { GUESTS } from "./guests";

const hasTools = isRoot && fs.existsSync(`${GRUB_IMAGES}/boot.img`);

for (const guest of GUESTS) {
  (hasTools ? describe : describe.skip)(`${guest.folder} (${guest.layout})`, function () {
    this.timeout(120_000);
    let conversion: Conversion;

    before(async () => {
      conversion = await convertGuest(guest);
    });
    after(removeFolders);

    it("is converted", () => assertConverted(conversion));
    it("has the files, and the report, of its golden result", () => assertGolden(conversion));
    it("is found without fault by the independent checker", () => assertSound(conversion));
    it("keeps every other file, with all that belongs to it", () => assertNothingLost(conversion));
    it("leaves its source as it was, and has nothing to do twice", () => assertRepeatable(conversion));
    it("gets its own files back by restore", () => assertRestorable(conversion));
  });
}
