import { strict as assert } from "node:assert";
import { formatPages } from "../../stackReport/pages";
import { paint } from "../../stackReport/paint";
import { PUBLISHED } from "./migrations";

function page(...migrations: Parameters<typeof formatPages>[0][]): string {
  return formatPages(Object.assign({}, ...migrations), paint(false));
}

describe("the page of a migration", () => {
  for (const [what, line] of [
    ["the system", "  Debian GNU/Linux 7 (wheezy), x86_64"],
    ["an edit's reason", "    / by UUID"],
    ["an edit's diff", "    -/dev/xvda1 / ext4"],
    ["a family that boots", "  ✓ xen: xen-blkfront is there"],
    ["a family that does not", "  ✗ nitro: no ena"],
    ["a warning with its advice", "  ! /boot: 12 MB free. Remove old kernels."],
    ["a step's time", "  copy      3.4 s  CHANGED"],
    ["a step that was to change nothing", "  rehearse  47.0 s  OK"],
    ["the image", "  image     ami-0123456789abcdef0"],
    ["the boot proof", "  root device     /dev/nvme0n1p1"],
    ["how long the machine has been up", "  up for          31 s"],
  ]) {
    it(`shows ${what}`, () => {
      assert.ok(page({ web: PUBLISHED }).split("\n").includes(line), page({ web: PUBLISHED }));
    });
  }

  it("shows which kernel boots and why, and which initramfs is rebuilt", () => {
    const plan = {
      kernel: "/boot/vmlinuz",
      why: "entry 0 (old): default is 0",
      rebuiltInitramfs: ["3.2: nvme"],
    };
    const lines = page({ web: { ...PUBLISHED, plan } }).split("\n");
    assert.deepEqual(lines.slice(2, 4), [
      "  boots /boot/vmlinuz: entry 0 (old): default is 0",
      "  initramfs rebuilt for 3.2: nvme",
    ]);
  });

  it("shows nothing of what there is not", () => {
    assert.equal(page({ web: {} }), "web");
  });

  it("says what to do where no migration is configured", () => {
    assert.match(page({}), /add one below `pv-to-hvm:migrations`/);
  });

  it("has colours where they are wanted, and else no control character", () => {
    assert.match(formatPages({ web: PUBLISHED }, paint(true)), /\x1b\[32m\+UUID=x \/ ext4\x1b\[0m/);
    assert.doesNotMatch(page({ web: PUBLISHED }), /\x1b/);
  });
});
