import assert from "node:assert/strict";
import { labelNewFiles } from "../../../converter/guest/selinux";
import { run, type Runner } from "../../../converter/run";
import { phonyGuest, removePhonyGuests } from "./phonyGuest";

const CONFIG = { "/etc/selinux/config": "SELINUX=enforcing\nSELINUXTYPE=targeted\n" };
const ETC = "system_u:object_r:etc_t:s0";
const VAR_LIB = "system_u:object_r:var_lib_t:s0";

const label = (file: string, text: string) =>
  run(["setfattr", "-n", "security.selinux", "-v", text, file], { purpose: "labelling a test's file" });

async function labelOf(file: string): Promise<string> {
  const { stdout } = await run(
    ["getfattr", "--absolute-names", "--only-values", "-n", "security.selinux", file],
    { purpose: "reading a test's label", accept: [0, 1] },
  );
  return stdout.replace(/\0$/, "");
}

describe("labelling new files for SELinux", function () {
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });
  after(removePhonyGuests);

  it("gives a file its neighbours' label, and a folder with all in it its parent's", async () => {
    const tree = phonyGuest({
      ...CONFIG,
      "/etc/init/tty.conf": "old",
      "/etc/init/ttyS0.conf": "new",
      "/var/lib/pv-to-hvm/backup/etc/fstab": "new",
    });
    await label(tree.hostPath("/etc/init/tty.conf"), ETC);
    await label(tree.hostPath("/var/lib"), VAR_LIB);
    await labelNewFiles(tree, ["/etc/init/ttyS0.conf", "/var/lib/pv-to-hvm", "/not/there"], run);
    assert.equal(await labelOf(tree.hostPath("/etc/init/ttyS0.conf")), ETC);
    for (const path of ["/var/lib/pv-to-hvm", "/var/lib/pv-to-hvm/backup/etc/fstab"])
      assert.equal(await labelOf(tree.hostPath(path)), VAR_LIB);
  });

  it("keeps a label that is there", async () => {
    const tree = phonyGuest({ ...CONFIG, "/etc/a": "", "/etc/b": "" });
    await label(tree.hostPath("/etc/a"), ETC);
    await label(tree.hostPath("/etc/b"), VAR_LIB);
    await labelNewFiles(tree, ["/etc/b"], run);
    assert.equal(await labelOf(tree.hostPath("/etc/b")), VAR_LIB);
  });

  it("starts no program for a guest without SELinux", async () => {
    const none: Runner = () => Promise.reject(new Error("a program was started"));
    const disabled = { "/etc/selinux/config": "SELINUX=disabled\n", "/etc/a": "" };
    for (const files of [{ "/etc/a": "" }, disabled])
      await labelNewFiles(phonyGuest(files), ["/etc/a"], none);
  });
});
