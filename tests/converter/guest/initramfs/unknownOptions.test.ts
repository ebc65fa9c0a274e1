/** Whether a guest's own generator knows the options that it is to be called with, by its script. */
import assert from "node:assert/strict";
import { unknownOptions } from "../../../../converter/guest/initramfs/generators/unknownOptions";
import { phonyGuest, removePhonyGuests } from "../phonyGuest";

describe("the options of a call of the guest's generator", () => {
  after(removePhonyGuests);

  it("are not asked of a program that is not there, or that is no script", () => {
    assert.deepEqual(unknownOptions(phonyGuest({}), ["dracut", "-f"]), []);
    assert.deepEqual(unknownOptions(phonyGuest({ "/sbin/dracut": "\x7fELF" }), ["dracut", "-f"]), []);
  });

  it("are named where its own parser does not know them", () => {
    const tree = phonyGuest({
      "/sbin/mkinitrd": "#!/bin/bash\nwhile getopts :ef:hk:i:m:u:b:d: a ; do\n",
      "/sbin/dracut": "#!/bin/sh\ncase $1 in\n  -f|--force) ;;\n  --add-drivers) ;;\nesac\n",
    });
    assert.deepEqual(unknownOptions(tree, ["mkinitrd", "-B", "-b", "/boot", "-d", "LABEL=/"]), ["-B"]);
    const call = ["dracut", "-f", "--no-hostonly", "--add-drivers", "nvme", "/boot/i"];
    assert.deepEqual(unknownOptions(tree, call), ["--no-hostonly"]);
  });

  it("are not asked of a script that hands them to another program", () => {
    const tree = phonyGuest({ "/sbin/mkinitrd": '#!/bin/sh\nexec /usr/lib/mkinitrd.real "$@"\n' });
    assert.deepEqual(unknownOptions(tree, ["mkinitrd", "-f", "--with=nvme"]), []);
  });

  it("are found where SUSE's mkinitrd has them", () => {
    const tree = phonyGuest({
      "/sbin/mkinitrd": "#!/bin/bash\nupdate=$param_B\n",
      "/lib/mkinitrd/setup/01.sh": '#%param_B: "Do not update bootloader configuration."\n',
    });
    assert.deepEqual(unknownOptions(tree, ["mkinitrd", "-B"]), []);
  });
});
