import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { ec2Error, IDS } from "../ec2";
import { keyCalled } from "../keys";
import { ARGS, child, PREPARING, refuse, register, said, type World } from "../mockEngine";
import { forgottenWorld, instanceWorld, volumeWorld } from "./liveSources";

const instance = (parts: object = {}): PvToHvmMigrationArgs => ({
  ...ARGS,
  source: { instanceId: IDS.instance, ...parts },
});
const volume = (parts: object = {}): PvToHvmMigrationArgs => ({
  ...ARGS,
  source: { volumeId: IDS.root, ...parts },
});
const LOGIN = { connection: { user: "root", privateKey: keyCalled("") } };
const LICENCE = "Ask the licence's owner for an HVM image, or migrate the data into one.";
const CODED =
  "carries a product code of AWS Marketplace, and EC2 attaches a volume with one to no helper that runs. " +
  "Copy its root onto a volume without the code, and give that: docs/sources.md has the commands.";
const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "value"]));
/** With the longest ids, names and sizes that there are: six to a tag. */
const volumesBeside = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    deviceName: `/dev/${index < 26 ? "xvd" : "sdx"}${String.fromCharCode(97 + (index % 26))}`,
    volumeId: `vol-${String(index).padStart(17, "0")}`,
    volumeSize: 16384,
  }));
const LEFT =
  "Give what is left of it: a snapshot of its root volume as snapshotId, or an image of it as imageId.";

const REFUSED: [title: string, args: PvToHvmMigrationArgs, world: World, line: string][] = [
  // the instance
  [
    "an instance that is HVM",
    instance(),
    instanceWorld({}, { "virtualization-type": false }),
    `source.instanceId: ${IDS.instance} is HVM already. There is nothing to migrate: launch its image, ${IDS.image}, or an image of itself on the type that you want.`,
  ],
  [
    "a terminated instance",
    instance(),
    instanceWorld({ instanceState: "terminated", rootBlockDevices: [], ebsBlockDevices: [] }),
    `source.instanceId: ${IDS.instance} is terminated. ${LEFT}`,
  ],
  [
    "an instance that is being terminated",
    instance(),
    instanceWorld({ instanceState: "shutting-down" }),
    `source.instanceId: ${IDS.instance} is shutting-down. ${LEFT}`,
  ],
  [
    "an instance that EC2 does not know",
    instance(),
    forgottenWorld(),
    `source.instanceId: instance ${IDS.instance} is not to be found (no matching EC2 Instance found). ` +
      "Check the id, the region and that this account may read it. Where the instance is gone, give a snapshot of its root volume as snapshotId.",
  ],
  [
    "an instance whose root is an instance store",
    instance(),
    instanceWorld({ rootBlockDevices: [] }, { "root-device-type": false }),
    `source.instanceId: the root device of ${IDS.instance} is an instance store, which has no snapshots. ` +
      "Copy its root filesystem onto an EBS volume while it runs, detach that, and give it as volumeId: docs/sources.md has the commands.",
  ],
  [
    "an instance whose root volume is detached",
    instance(),
    instanceWorld({ instanceState: "stopped", rootBlockDevices: [] }),
    `source.instanceId: no volume is attached to ${IDS.instance} as its root device. Attach it again, or give the volume itself as volumeId.`,
  ],
  [
    "an instance of the Marketplace",
    instance(),
    instanceWorld({}, { "product-code.type": true }),
    `source.instanceId: ${CODED} The new image would not carry its licence: ask the seller first.`,
  ],
  [
    "an instance of the Marketplace that costs nothing",
    instance(),
    instanceWorld({}, { "product-code.type": true, "product-code": true }),
    `source.instanceId: ${CODED} No licence is lost by it.`,
  ],
  [
    "an instance of a paid platform",
    instance(),
    instanceWorld({}, { "platform-details": false, "usage-operation": false }),
    "source.instanceId: carries a licence that the new image would lose " +
      `(platform other than Linux/UNIX, usage operation other than RunInstances). ${LICENCE}`,
  ],
  [
    "to stop an instance that its Auto Scaling group would end",
    instance({ stopFirst: true }),
    instanceWorld({}, { "tag-key": true }),
    `source.stopFirst: ${IDS.instance} is in an Auto Scaling group, which ends an instance that is stopped. ` +
      "Detach it from the group first, or remove stopFirst: its snapshot is crash-consistent then.",
  ],
  [
    "to stop an instance that is protected from it",
    instance({ stopFirst: true }),
    instanceWorld({ disableApiStop: true }),
    `source.stopFirst: ${IDS.instance} has stop protection, so EC2 does not stop it. ` +
      "Take the protection off, or remove stopFirst: its snapshot is crash-consistent then.",
  ],
  [
    "to connect to an instance that is stopped",
    instance(LOGIN),
    instanceWorld({ instanceState: "stopped" }),
    `source.connection: ${IDS.instance} is stopped, so there is nothing to connect to. ` +
      "Start it, or remove connection and prepare: its snapshot is taken and converted as it is either way.",
  ],
  [
    "a destination that an instance's volume does not fit into",
    { ...instance(), destination: { sizeGb: 8 } },
    {},
    "destination.sizeGb: is 8 GiB, the source has 8 GiB, and boot loader and partition table need room besides. Raise it to 9 or more, or remove it for 9.",
  ],
  [
    "more tags than the snapshot of an instance with many volumes can carry",
    { ...instance({ stopFirst: true }), tags: many(36) },
    instanceWorld({ ebsBlockDevices: volumesBeside(39) }),
    "tags: the snapshot of the source would get 36 tags beside 15 of the migration's own, EC2 takes 50 in all. Remove 1.",
  ],
  // the volume
  [
    "the root volume of an instance that runs",
    volume(),
    volumeWorld({}, [IDS.instance]),
    `source.volumeId: is attached to ${IDS.instance}, which is running and may write to it. ` +
      `Give source.instanceId: ${IDS.instance} instead, which can be stopped for the snapshot (source.stopFirst), or stop the instance first.`,
  ],
  [
    "a volume that another instance has among its data",
    volume(),
    volumeWorld({}, [IDS.instance], {
      rootBlockDevices: [{ deviceName: "/dev/sda1", volumeId: IDS.data, volumeSize: 8 }],
      instanceState: "stopping",
    }),
    `source.volumeId: is attached to ${IDS.instance}, which is stopping and may write to it. Detach it, or stop the instance first.`,
  ],
  [
    "a volume that EC2 does not know",
    volume(),
    {
      calls: {
        "aws:ebs/getVolume:getVolume": () => {
          throw ec2Error("InvalidVolume.NotFound: The volume 'vol-00000000000000001' does not exist.");
        },
      },
    },
    `source.volumeId: volume ${IDS.root} is not to be found (InvalidVolume.NotFound: The volume '${IDS.root}' does not exist). ` +
      "Check the id, the region and that this account may read it. Where the volume is gone, give a snapshot of it as snapshotId.",
  ],
  [
    "a wrong id that was an output",
    { ...ARGS, source: { instanceId: pulumi.output("i-xyz") } },
    {},
    "source.instanceId: must be i- and 8 or 17 hexadecimal digits, got \"i-xyz\". Copy the id from EC2's console or from another stack's output.",
  ],
];

describe("a volume or an instance as source is judged before anything is created:", () => {
  for (const [title, args, world, line] of REFUSED) {
    it(`refuses ${title}`, async () => {
      const { messages, registered } = await refuse(args, world);
      assert.deepEqual(messages, [`web: one problem, nothing was created.\n  ${line}`]);
      assert.deepEqual(registered, []);
    });
  }

  const TAKEN_AS_IT_IS: [title: string, args: PvToHvmMigrationArgs, world: World, consistency: string][] = [
    ["a running instance", instance(), {}, "crash-consistent"],
    ["a stopped instance", instance(), instanceWorld({ instanceState: "stopped" }), "stopped"],
    ["a running instance that is stopped first", instance({ stopFirst: true }), {}, "stopped"],
    [
      "an instance that an interrupted update has left stopped",
      PREPARING,
      instanceWorld({ instanceState: "stopped" }),
      "stopped",
    ],
    ["a volume that is attached to nothing that runs", volume(), volumeWorld({}), "stopped"],
  ];
  for (const [title, args, world, consistency] of TAKEN_AS_IT_IS) {
    it(`takes ${title}, and says how consistent its snapshot is`, async () => {
      const { outputs } = await register(args, world);
      assert.equal((outputs.sourceReport as { consistency: string }).consistency, consistency);
    });
  }

  const SAID: [what: string, args: PvToHvmMigrationArgs, world: World, lines: RegExp[]][] = [
    [
      "which volumes are not migrated, and that a snapshot is crash-consistent",
      instance(),
      {},
      [
        /^info: i-0a+ has volumes beside its root volume, which are not migrated: \/dev\/sdf vol-0+2 \(100 GiB\)\.$/,
        /^info: i-0a+ is running: its snapshot is crash-consistent, .*source\.stopFirst/,
      ],
    ],
    [
      "what stopping means, and what is lost by it",
      instance({ stopFirst: true }),
      instanceWorld({ ebsBlockDevices: [] }),
      [
        /^info: i-0a+ is stopped for its snapshot, and started again.*stays stopped: pulumi up goes on/,
        /^warn: i-0a+ is a m1\.small, which has instance store volumes \(160 GB\)/,
        /^warn: i-0a+ is a m1\.small, a type of a previous generation: .*create-capacity-reservation --instance-type m1\.small .*--availability-zone us-east-1a .*Without source\.stopFirst/,
      ],
    ],
    [
      "nothing of a stop or a snapshot in a dry run that only looks at the source",
      { ...instance({ ...LOGIN, prepare: true, stopFirst: true }), until: "inspect" },
      instanceWorld({ ebsBlockDevices: [] }),
      [],
    ],
    [
      "nothing of an instance that is stopped and has one volume",
      instance(),
      instanceWorld({ instanceState: "stopped", ebsBlockDevices: [] }),
      [],
    ],
    [
      "that another availability zone is no obstacle",
      volume(),
      volumeWorld({ availabilityZone: "us-east-1d" }),
      [/^info: vol-0+1 lies in us-east-1d, the helper in us-east-1a: no obstacle/],
    ],
  ];
  for (const [what, args, world, lines] of SAID) {
    it(`says ${what}, once`, async () => {
      const heard = await said(args, world);
      assert.equal(heard.length, lines.length, heard.join("\n"));
      lines.forEach((line, index) => assert.match(heard[index], line));
    });
  }

  const FITTING: [title: string, args: PvToHvmMigrationArgs, world: World][] = [
    [
      "a `Name` of the user's, which takes the place of one of the migration's",
      { ...instance(), tags: { ...many(35), Name: "old" } },
      instanceWorld({ ebsBlockDevices: volumesBeside(39) }),
    ],
    ["as many tags as there is room for beside one other volume", { ...instance(), tags: many(39) }, {}],
    [
      "more tags in a dry run that takes no snapshot",
      { ...instance({ ...LOGIN, prepare: true }), until: "inspect", tags: many(36) },
      instanceWorld({ ebsBlockDevices: volumesBeside(39) }),
    ],
  ];
  for (const [title, args, world] of FITTING) {
    it(`takes ${title}`, async () => {
      const { registered } = await register(args, world);
      const counts = registered.map(
        ({ inputs }) => Object.keys((inputs.tags as object | undefined) ?? {}).length,
      );
      assert.ok(Math.max(...counts) <= 50, String(counts));
    });
  }

  it("finds the root of an old instance that is attached as /dev/sda", async () => {
    const devices = [
      { deviceName: "/dev/sdf", volumeId: IDS.data, volumeSize: 100 },
      { deviceName: "/dev/sda", volumeId: IDS.root, volumeSize: 8 },
    ];
    const { calls } = instanceWorld({ rootBlockDevices: [], ebsBlockDevices: devices });
    const getInstances = calls!["aws:ec2/getInstances:getInstances"];
    const isRoot = (filters: unknown) =>
      JSON.stringify(filters).includes('"root-device-name","values":["/dev/sda1"]');
    const { registered, outputs } = await register(instance(), {
      calls: {
        ...calls,
        "aws:ec2/getInstances:getInstances": (args) =>
          isRoot(args.filters) ? { ids: [IDS.instance] } : getInstances(args),
      },
    });
    assert.equal(child(registered, "source-snapshot").inputs.volumeId, IDS.root);
    const { otherVolumes } = outputs.sourceReport as { otherVolumes: { volumeId: string }[] };
    assert.deepEqual(
      otherVolumes.map(({ volumeId }) => volumeId),
      [IDS.data],
    );
  });

  it("gives the new image an instance's architecture and root device name", async () => {
    const devices = [{ deviceName: "/dev/xvda", volumeId: IDS.root, volumeSize: 8 }];
    const { registered } = await register(
      instance(),
      instanceWorld({ rootBlockDevices: devices }, { architecture: true }),
    );
    const { architecture, rootDeviceName } = child(registered, "image").inputs;
    assert.deepEqual([architecture, rootDeviceName], ["i386", "/dev/xvda"]);
  });

  it("makes the destination a GiB larger than the volume", async () => {
    const { registered } = await register(volume(), volumeWorld({ size: 20 }));
    assert.equal(child(registered, "destination").inputs.size, 21);
  });
});
