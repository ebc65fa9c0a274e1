import assert from "node:assert/strict";
import fc from "fast-check";
import { GuestDevices } from "../../../../converter/guest/devices";
import { editFstab, parseFstab, type FstabTarget } from "../../../../converter/guest/configuration/fstab";
import { warnFstab } from "../../../../converter/guest/configuration/warnFstab";
import { bareDisk, lvmDisk, partitionedDisk, UUIDS } from "../disks";

const UUID = UUIDS.root;
const target: FstabTarget = { devices: bareDisk("cloudimg-rootfs"), optional: "nofail" };

const CASES: { it: string; before: string; after: string; on?: Partial<FstabTarget> }[] = [
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
  ...["LABEL=cloudimg-rootfs", `UUID=${UUID}`].map((device) => ({
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
    on: { optional: "nobootwait" },
  },
  {
    it: "keeps upstart's word for mountall",
    before: "/dev/xvdb /mnt auto defaults,nobootwait,comment=cloudconfig 0 0\n",
    after: "/dev/xvdb /mnt auto defaults,nobootwait,comment=cloudconfig 0 0\n",
    on: { optional: "nobootwait" },
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
  {
    it: "adds no word that Red Hat 5's mount(8) does not know, and takes the check away, which stops its boot",
    before: "/dev/sdb /mnt ext3 defaults 1 2\n",
    after: "/dev/sdb /mnt ext3 defaults 1 0\n",
    on: { optional: undefined },
  },
  {
    it: "takes the check from a disk that is mounted by hand: fsck -A looks at it all the same",
    before: "/dev/sdb /mnt ext3 noauto 1 2\n",
    after: "/dev/sdb /mnt ext3 noauto 1 0\n",
  },
  {
    it: "gives options to a line that has none",
    before: "/dev/xvdb\t/mnt\tauto\n",
    after: "/dev/xvdb\t/mnt\tauto defaults,nofail\n",
  },
  {
    it: "takes a comment behind the fields for no field",
    before: "/dev/xvdb /mnt auto defaults # 1 2\n",
    after: "/dev/xvdb /mnt auto defaults,nofail # 1 2\n",
  },
  {
    it: "keeps systemd's and cloud-init's options",
    before: "/dev/xvdb /mnt auto defaults,x-systemd.requires=cloud-init.service,comment=cloudconfig 0 2\n",
    after:
      "/dev/xvdb /mnt auto defaults,x-systemd.requires=cloud-init.service,comment=cloudconfig,nofail 0 0\n",
  },
  {
    it: "makes what lies on such a disk optional too, bind mounts and swap files",
    before: "/dev/xvdb /mnt auto defaults 0 0\n/mnt/home /home none bind 0 0\n/mnt/swap none swap sw 0 0\n",
    after:
      "/dev/xvdb /mnt auto defaults,nofail 0 0\n/mnt/home /home none bind,nofail 0 0\n/mnt/swap none swap sw,nofail 0 0\n",
  },
  {
    it: "makes a volume group on another disk optional",
    before: "/dev/mapper/data-lv /srv ext4 defaults 0 2\n",
    after: "/dev/mapper/data-lv /srv ext4 defaults,nofail 0 0\n",
  },
  {
    it: "reads escapes, and keeps them",
    before: "LABEL=my\\040data /srv/my\\040data xfs defaults 0 0\n",
    after: "LABEL=my\\040data /srv/my\\040data xfs defaults,nofail 0 0\n",
  },
  {
    it: "does not need a line end",
    before: "/dev/xvda1 / ext4 defaults 1 1",
    after: `UUID=${UUID} / ext4 defaults 1 1`,
  },
  {
    it: "names the root by UUID where it is called /dev/root",
    before: "/dev/root / ext3 defaults 1 1\n",
    after: `UUID=${UUID} / ext3 defaults 1 1\n`,
  },
  // a partitioned disk
  ...[
    ["/dev/xvda1 /boot ext2 noauto,noatime 1 2", `UUID=${UUIDS.boot} /boot ext2 noauto,noatime 1 2`],
    ["/dev/xvda2 / ext4 defaults 1 1", `UUID=${UUIDS.root} / ext4 defaults 1 1`],
    ["/dev/xvda3 none swap sw 0 0", `UUID=${UUIDS.swap} none swap sw 0 0`],
    ["LABEL=/boot /boot ext2 defaults 1 2", "LABEL=/boot /boot ext2 defaults 1 2"],
    [
      `/dev/disk/by-uuid/${UUIDS.boot} /boot ext2 defaults 1 2`,
      `/dev/disk/by-uuid/${UUIDS.boot} /boot ext2 defaults 1 2`,
    ],
    ["/dev/xvda5 swap swap defaults 0 0", "/dev/xvda5 swap swap defaults,nofail 0 0"],
  ].map(([before, after]) => ({
    it: `on a partitioned disk: ${before}`,
    before: `${before}\n`,
    after: `${after}\n`,
    on: { devices: partitionedDisk() },
  })),
  ...["/dev/mapper/VolGroup00-rootVol", "/dev/VolGroup00/rootVol"].map((device) => ({
    it: `keeps the volume group's name ${device}`,
    before: `${device} / ext4 defaults 1 1\n`,
    after: `${device} / ext4 defaults 1 1\n`,
    on: { devices: lvmDisk() },
  })),
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
  for (const { it: title, before, after, on } of CASES) {
    it(title, () => assert.equal(editFstab(before, { ...target, ...on }).text, after));
  }

  it("gives a sentence for each kind of change, and none without one", () => {
    const { why } = editFstab("/dev/xvda1 / ext4 defaults 1 1\n/dev/xvdb /mnt auto defaults 0 2\n", target);
    assert.match(
      why.join("\n"),
      /^\/ by UUID: .*\ndisks that the image does not bring .*\nno check of disks /,
    );
    assert.deepEqual(editFstab("proc /proc proc defaults 0 0\n", target).why, []);
  });

  it("reads the fields of each mount", () => {
    assert.deepEqual(parseFstab("#x\n/dev/xvdb\t/mnt auto a,b\n"), [
      { line: 2, device: "/dev/xvdb", point: "/mnt", type: "auto", options: ["a", "b"], pass: 0 },
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

  const word = fc.constantFrom("nofail", "nobootwait", undefined);
  const disk = fc.constantFrom<GuestDevices>(bareDisk("x"), partitionedDisk());

  it("gives the same text when it is done twice, whatever the file", () => {
    fc.assert(
      fc.property(fc.array(line), word, disk, (lines, optional, devices) => {
        const once = editFstab(lines.join("\n"), { devices, optional }).text;
        assert.equal(editFstab(once, { devices, optional }).text, once);
      }),
    );
  });

  it("leaves lines that name no disk byte for byte, whatever stands beside them", () => {
    const alone = fc
      .string()
      .filter((text) => !/[\n\r]/.test(text) && !/^[ \t]*(?:\/dev|\/mnt|LABEL=|UUID=)/.test(text));
    fc.assert(
      fc.property(fc.array(line), alone, fc.constantFrom("\n", "\r\n"), (lines, kept, lineEnd) => {
        const others = lines.filter((one) => !/[\n\r]/.test(one));
        const { text } = editFstab([kept, ...others, kept].join(lineEnd), target);
        const edited = text.split(lineEnd);
        assert.deepEqual([edited[0], edited.at(-1)], [kept, kept]);
      }),
    );
  });
});

const WARNINGS: { it: string; text?: string; says: RegExp }[] = [
  { it: "a file that cannot be read", says: /cannot be read/ },
  { it: "a file without a root", text: "proc /proc proc defaults 0 0\n", says: /no line for \// },
  {
    it: "two roots",
    text: "/dev/xvda1 / ext4 defaults 1 1\n\nLABEL=x / ext4 defaults 1 1\n",
    says: /more than once, in lines 1, 3/,
  },
  {
    it: "lines that are no mounts, by their numbers",
    text: "LABEL=x / ext4 defaults 1 1\nbroken\n# fine\n/dev/xvdb /mnt\n",
    says: /lines 2, 4: no mount/,
  },
  {
    it: "a /usr on another disk",
    text: "LABEL=x / ext4 defaults 1 1\n/dev/xvdf /usr ext4 defaults 0 0\n",
    says: /\/usr is on \/dev\/xvdf/,
  },
  {
    it: "a data disk that Nitro types call otherwise",
    text: "LABEL=x / ext4 defaults 1 1\n/dev/xvdf /srv ext4 defaults 0 0\n",
    says: /line 2: \/dev\/xvdf on \/srv\./,
  },
];

describe("reading fstab for what no edit mends", () => {
  for (const { it: title, text, says } of WARNINGS) {
    it(`tells of ${title}`, () => {
      const found = warnFstab(text, bareDisk("x")).map((one) => `${one.subject} ${one.found}`);
      assert.equal(found.filter((one) => says.test(one)).length, 1, found.join("\n"));
    });
  }

  it("says nothing of an fstab that is whole", () => {
    assert.deepEqual(
      warnFstab("LABEL=x / ext4 defaults 1 1\nproc /proc proc defaults 0 0\n", bareDisk("x")),
      [],
    );
  });
});
