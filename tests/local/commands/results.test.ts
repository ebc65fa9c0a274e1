import { strict as assert } from "node:assert";
import { formatResults, type Results } from "../../../local/commands/results";

const RESULTS: Results = {
  imageId: "ami-0123456789abcdef0",
  instanceId: "i-0123456789abcdef0",
  address: "198.18.0.2",
  report: {
    system: "Debian GNU/Linux 7 (wheezy)",
    architecture: "x86_64",
    edits: [
      {
        path: "/etc/fstab",
        action: "edit",
        why: ["/ by UUID"],
        diff: ["-/dev/xvda1 / ext4", "+UUID=x / ext4"],
      },
    ],
    verdicts: [
      { family: "xen", boots: true, why: "xen-blkfront is there" },
      { family: "nitro", boots: false, why: "no ena" },
    ],
    warnings: [{ subject: "/boot", found: "12 MB free.", advice: "Remove old kernels." }],
    checks: [],
    rehearsal: ["login: after 47 s"],
    steps: [{ step: "copy", outcome: "CHANGED", summary: "361 MiB copied", seconds: 3.4 }],
  },
  bootProof: {
    virtualization: "hvm",
    vendor: "Amazon EC2",
    kernel: "3.2.0-4-amd64",
    rootDevice: "/dev/nvme0n1p1",
    rootUuid: "bdd7702c",
    addresses: ["10.0.0.7/24"],
    uptimeSeconds: 31,
  },
};

/** Without the colours. */
function page(results: Record<string, Results>): string {
  return formatResults(results).replace(/\x1b\[\d+m/g, "");
}

describe("the page of results", () => {
  for (const [what, line] of [
    ["the system", "  Debian GNU/Linux 7 (wheezy), x86_64"],
    ["an edit's reason", "    / by UUID"],
    ["an edit's diff", "    -/dev/xvda1 / ext4"],
    ["a family that boots", "  ✓ xen: xen-blkfront is there"],
    ["a family that does not", "  ✗ nitro: no ena"],
    ["a warning with its advice", "  ! /boot: 12 MB free. Remove old kernels."],
    ["a step's time", "  copy  3.4 s  CHANGED"],
    ["the image", "  image     ami-0123456789abcdef0"],
    ["the boot proof", "  root device     /dev/nvme0n1p1"],
  ]) {
    it(`shows ${what}`, () => {
      assert.ok(page({ web: RESULTS }).split("\n").includes(line), page({ web: RESULTS }));
    });
  }

  it("shows nothing of what there is not", () => {
    assert.equal(page({ web: {} }), "web");
  });

  it("says what to do where no migration is configured", () => {
    assert.match(page({}), /add one below `pv-to-hvm:migrations`/);
  });
});
