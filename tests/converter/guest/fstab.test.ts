import assert from "node:assert/strict";
import fc from "fast-check";
import {
  editFstab,
  essentialMountsElsewhere,
  parseFstab,
  type FstabTarget,
} from "../../../converter/guest/fstab";

const UUID = "6f2c1b3e-7c1f-4d55-9a63-0b7f0d6b8a11";
const target: FstabTarget = { rootUuid: UUID, rootLabel: "cloudimg-rootfs", optional: "nofail" };

const CASES: { it: string; before: string; after: string; optional?: "nobootwait" }[] = [
  // the root
  ...["/dev/sda1", "/dev/xvda", "/dev/xvda1", "/dev/hda1", "LABEL=other", "UUID=1234-5678"].map((device) => ({
    it: `names the root by UUID instead of ${device}`,
    before: `${device} / ext4 defaults 1 1\n`,
    after: `UUID=${UUID} / ext4 defaults 1 1\n`,
  })),
  {
    it: "keeps tabs",
    before: "/dev/xvda1\t/\text4\tdefaults,barrier=0\t1 1\n",
    after: `UUID=${UUID}\t/\text4\tdefaults,barrier=0\t1 1\n`,
  },
  {
    it: "keeps CRLF",
    before: "/dev/xvda1 / ext4 defaults 1 1\r\n",
    after: `UUID=${UUID} / ext4 defaults 1 1\r\n`,
  },
  ...["LABEL=cloudimg-rootfs", `UUID=${UUID}`, "/dev/mapper/vg-root"].map((device) => ({
    it: `keeps ${device} for the root`,
    before: `${device} / ext4 defaults 0 0\n`,
    after: `${device} / ext4 defaults 0 0\n`,
  })),
  // other disks
  {
    it: "makes an instance store optional, and no longer checked",
    before: "/dev/xvdb\t/mnt\tauto\tdefaults\t0 2\n",
    after: "/dev/xvdb\t/mnt\tauto\tdefaults,nofail\t0 0\n",
  },
  {
    it: "makes a disk with a foreign label optional",
    before: "LABEL=data /srv xfs noatime 0 2\n",
    after: "LABEL=data /srv xfs noatime,nofail 0 0\n",
  },
  {
    it: "makes a disk with a foreign UUID optional",
    before: "UUID=1234-5678 /srv xfs noatime\n",
    after: "UUID=1234-5678 /srv xfs noatime,nofail\n",
  },
  {
    it: "speaks upstart's word to mountall",
    before: "/dev/xvdb /mnt auto defaults 0 2\n",
    after: "/dev/xvdb /mnt auto defaults,nobootwait 0 0\n",
    optional: "nobootwait",
  },
  {
    it: "keeps upstart's word for mountall",
    before: "/dev/xvdb /mnt auto defaults,nobootwait,comment=cloudconfig 0 0\n",
    after: "/dev/xvdb /mnt auto defaults,nobootwait,comment=cloudconfig 0 0\n",
    optional: "nobootwait",
  },
  {
    it: "translates upstart's word where systemd reads it",
    before: "/dev/xvdb /mnt auto defaults,nobootwait 0 0\n",
    after: "/dev/xvdb /mnt auto defaults,nofail 0 0\n",
  },
  {
    it: "keeps a mount that is not done at boot",
    before: "/dev/xvdb /mnt auto noauto 0 0\n",
    after: "/dev/xvdb /mnt auto noauto 0 0\n",
  },
  {
    it: "does not wait for swap on a disk",
    before: "/dev/xvda3 swap swap defaults 0 0\n",
    after: "/dev/xvda3 swap swap defaults,nofail 0 0\n",
  },
  // what is not a disk, or cannot be done without
  ...[
    "proc /proc proc defaults 0 0",
    "tmpfs /tmp tmpfs size=1g 0 0",
    "10.0.0.1:/x /mnt nfs hard 0 0",
    "/swapfile none swap sw 0 0",
    "/dev/xvdf /usr ext4 defaults 1 2",
    "# /dev/xvdb /mnt auto defaults 0 2",
    "broken",
  ].map((line) => ({ it: `keeps: ${line}`, before: `${line}\n`, after: `${line}\n` })),
];

describe("editing fstab", () => {
  for (const { it: title, before, after, optional } of CASES) {
    it(title, () =>
      assert.equal(editFstab(before, { ...target, ...(optional && { optional }) }).text, after),
    );
  }

  it("finds mounts on other disks that the system needs", () => {
    const text =
      "LABEL=cloudimg-rootfs / ext4 defaults 0 0\n/dev/xvdf /usr ext4 defaults 0 0\n/dev/xvdg /srv ext4 defaults 0 0\n";
    assert.deepEqual(
      essentialMountsElsewhere(text, target).map(({ point }) => point),
      ["/usr"],
    );
  });

  it("reads the fields of each mount", () => {
    assert.deepEqual(parseFstab("#x\n/dev/xvdb\t/mnt auto a,b\n"), [
      { device: "/dev/xvdb", point: "/mnt", type: "auto", options: ["a", "b"] },
    ]);
  });

  const device = fc.constantFrom("/dev/xvda1", "/dev/xvdb", "LABEL=x", `UUID=${UUID}`, "proc", "#");
  const point = fc.constantFrom("/", "/mnt", "/usr", "swap");
  const options = fc.constantFrom("defaults", "noauto", "nobootwait", "nofail", "a,nobootwait,b");
  const line = fc.oneof(
    fc
      .tuple(
        device,
        point,
        fc.constantFrom("ext4", "swap"),
        options,
        fc.constantFrom("", "\t0 2", " 1", " 0 2 # x"),
      )
      .map(([d, p, t, o, end]) => `${d}\t${p} ${t} ${o}${end}`),
    fc.string(),
  );

  it("gives the same text when it is done twice, whatever the file", () => {
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom("nofail", "nobootwait"), (lines, optional) => {
        const once = editFstab(lines.join("\n"), { ...target, optional }).text;
        assert.equal(editFstab(once, { ...target, optional }).text, once);
      }),
    );
  });
});
