import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../../components";
import { unanswered } from "../../../components/lookups/lookups";
import { DEBIAN_IMAGE, ec2Error, IDS, SOURCE_IMAGE } from "../ec2";
import { ANSWERS, ARGS, LAUNCHING, refuse, register, said, type World } from "../mockEngine";
import { publishedImage, worldWith } from "../published/publishedImages";
import { DATA_DISKS, INSTANCE_STORE, mapped, ROOT_DISK, source } from "../findings/mappedImages";

const GET_AMI = "aws:ec2/getAmi:getAmi";
const GET_SNAPSHOT = "aws:ebs/getSnapshot:getSnapshot";
const GET_SUBNET = "aws:ec2/getSubnet:getSubnet";

/** A world that refuses a look-up; of images only that of `imageId`, where one is named. */
function refused(token: string, message: string, imageId?: string): World {
  const refuseIt = (args: Record<string, unknown>) => {
    if (imageId === undefined || JSON.stringify(args).includes(imageId)) throw ec2Error(message);
    return ANSWERS[token](args);
  };
  return { calls: { [token]: refuseIt } };
}

const launch = (instanceType: string, more: Partial<PvToHvmMigrationArgs> = {}): PvToHvmMigrationArgs => ({
  ...ARGS,
  launch: { instanceType, subnetId: IDS.subnet },
  ...more,
});
const I386 = source({ architecture: "i386" });

function coded(code: string): string {
  return (
    `carries a product code of AWS Marketplace (${code}), and EC2 attaches a volume with one to no helper that runs. ` +
    "Copy its root onto a volume without the code, and give that: docs/sources.md has the commands."
  );
}

/** A world whose source snapshot differs in this. */
const snapshot = (change: object): World => ({
  calls: { [GET_SNAPSHOT]: (args) => ({ ...ANSWERS[GET_SNAPSHOT](args), ...change }) },
});

const ROWS: [title: string, args: PvToHvmMigrationArgs, world: World, lines: string[]][] = [
  [
    "a source that is HVM already",
    ARGS,
    source({ virtualizationType: "hvm", kernelId: "" }),
    [
      "source.imageId: its virtualization type is hvm already. There is nothing to migrate: launch it as it is.",
    ],
  ],
  [
    "a paravirtual source without a kernel id",
    ARGS,
    source({ kernelId: "" }),
    [
      "source.imageId: is paravirtual but names no kernel id (PV-GRUB), so nothing says how it boots. " +
        "Register it with its PV-GRUB kernel id first, or give its root snapshotId.",
    ],
  ],
  [
    "a Windows source, whose licence is told as well",
    ARGS,
    source({ platform: "windows", platformDetails: "Windows", usageOperation: "RunInstances:0002" }),
    [
      "source.imageId: is a Windows image. Only Linux images can be migrated.",
      "source.imageId: carries a licence that the new image would lose (platform Windows, usage operation " +
        "RunInstances:0002). Ask the licence's owner for an HVM image, or migrate the data into one.",
    ],
  ],
  [
    "an instance-store source",
    ARGS,
    source({ rootDeviceType: "instance-store", rootSnapshotId: "" }),
    [
      "source.imageId: its root device is instance-store: it has no snapshot. " +
        "Launch it, copy its root filesystem to an EBS volume, and give a snapshot of that as snapshotId.",
    ],
  ],
  [
    "a source with a product code that is paid for",
    ARGS,
    source({ productCodes: [{ productCodeId: "abc", productCodeType: "marketplace" }] }),
    [`source.imageId: ${coded("abc")} The new image would not carry its licence: ask the seller first.`],
  ],
  [
    "a source with a product code that is free",
    ARGS,
    source({
      productCodes: [{ productCodeId: "6x5jmcajty9edm3f211pqjfn2", productCodeType: "marketplace" }],
    }),
    [`source.imageId: ${coded("6x5jmcajty9edm3f211pqjfn2, CentOS 6")} No licence is lost by it.`],
  ],
  [
    "a source billed as RHEL",
    ARGS,
    source({ platformDetails: "Red Hat Enterprise Linux", usageOperation: "RunInstances:0010" }),
    [
      "source.imageId: carries a licence that the new image would lose (platform Red Hat Enterprise Linux, usage " +
        "operation RunInstances:0010). Ask the licence's owner for an HVM image, or migrate the data into one.",
    ],
  ],
  [
    "a source whose snapshot this account may not read",
    ARGS,
    refused(GET_SNAPSHOT, "Your query returned no results. Please change your search criteria and try again"),
    [
      `source.imageId: snapshot ${IDS.snapshot} is not to be found (Your query returned no results. Please change your ` +
        "search criteria and try again). Check the id, the region and that it is shared with this account, which an " +
        "image's launch permission does not bring.",
    ],
  ],
  [
    "a source that was deregistered, with the ways out",
    ARGS,
    refused(GET_AMI, "InvalidAMIID.NotFound: The image id does not exist", IDS.image),
    [
      `source.imageId: image ${IDS.image} is not to be found (InvalidAMIID.NotFound: The image id does not exist). ` +
        `Check the id, the region and that this account may read it. One that is disabled comes back by aws ec2 enable-image ` +
        `--image-id ${IDS.image}. Where the image is gone for good, give its root snapshot as snapshotId.`,
    ],
  ],
  [
    "a source whose snapshot is archived",
    ARGS,
    snapshot({ state: "completed", storageTier: "archive" }),
    [
      `source.imageId: snapshot ${IDS.snapshot} is archived, and no volume can be made of it. Restore it, which takes up to 72 ` +
        `hours: aws ec2 restore-snapshot-tier --snapshot-id ${IDS.snapshot} --permanent-restore`,
    ],
  ],
  ...(
    [
      ["pending", `Wait until it is: aws ec2 wait snapshot-completed --snapshot-ids ${IDS.snapshot}`],
      ["error", "Take another snapshot of the volume, and give that."],
      [
        "recoverable",
        `It is in the Recycle Bin. Restore it: aws ec2 restore-snapshot-from-recycle-bin --snapshot-id ${IDS.snapshot}`,
      ],
      ["recovering", "It is on its way out of the Recycle Bin: wait until it is completed."],
    ] as const
  ).map(([state, fix]): (typeof ROWS)[number] => [
    `a snapshot that is ${state}`,
    { ...ARGS, source: { snapshotId: IDS.snapshot } },
    snapshot({ state, storageTier: "standard" }),
    [`source.snapshotId: snapshot ${IDS.snapshot} is ${state}, not completed. ${fix}`],
  ]),
  [
    "a source that maps other volumes, until it is said what becomes of them",
    ARGS,
    source({ blockDeviceMappings: [ROOT_DISK, ...DATA_DISKS, INSTANCE_STORE] }),
    [
      "source.imageId: maps volumes beside its root, which the new image would not have: /dev/sdb snap-0dddddddddddddddd (100 " +
        "GiB), /dev/sdc a blank volume (50 GiB). Set source.otherVolumes to ignore to leave them behind; their snapshots stay " +
        "as they are.",
    ],
  ],
  [
    "a source none of whose disks is its root's",
    ARGS,
    source({ rootSnapshotId: "", blockDeviceMappings: DATA_DISKS.slice(1) }),
    [
      "source.imageId: maps volumes beside its root, which the new image would not have: /dev/sdc a blank volume (50 GiB). Set " +
        "source.otherVolumes to ignore to leave them behind; their snapshots stay as they are.",
    ],
  ],
  [
    "a helper image with a disk where the volumes go",
    { ...ARGS, helper: { ...ARGS.helper, imageId: "ami-0eeeeeeeeeeeeeeee" } },
    {
      calls: {
        [GET_AMI]: (args) =>
          JSON.stringify(args).includes("ami-0eee")
            ? { ...DEBIAN_IMAGE, blockDeviceMappings: [mapped("/dev/xvdf", { volume_size: "1" })] }
            : ANSWERS[GET_AMI](args),
      },
    },
    [
      "helper.imageId: maps a disk of its own to /dev/sdf, where the volumes of the migration are attached. Register the image " +
        "without that disk, or remove it for Debian's current image.",
    ],
  ],
  [
    "a destination smaller than the source",
    { ...ARGS, destination: { sizeGb: 7 } },
    {},
    [
      "destination.sizeGb: is 7 GiB, the source has 8 GiB, and boot loader and partition table need room besides. " +
        "Raise it to 9 or more, or remove it for 9.",
    ],
  ],
  [
    "a destination of the source's size",
    { ...ARGS, destination: { sizeGb: 8 } },
    {},
    [
      "destination.sizeGb: is 8 GiB, the source has 8 GiB, and boot loader and partition table need room besides. " +
        "Raise it to 9 or more, or remove it for 9.",
    ],
  ],
  [
    "a helper type that does not exist",
    { ...ARGS, helper: { ...ARGS.helper, instanceType: "m99.huge" } },
    {},
    [
      "helper.instanceType: instance type m99.huge is not to be found (InvalidInstanceType: The following supplied " +
        "instance types do not exist). Check its name, and whether this region has it.",
    ],
  ],
  [
    "a helper type of another architecture",
    { ...ARGS, helper: { ...ARGS.helper, instanceType: "t4g.small" } },
    {},
    [
      "helper.instanceType: t4g.small is arm64, the helper runs x86_64 programs. " +
        "Choose an x86_64 type, e.g. m8i-flex.large.",
    ],
  ],
  [
    "a helper type whose volumes carry no serial number",
    { ...ARGS, helper: { ...ARGS.helper, instanceType: "m4.large" } },
    {},
    [
      "helper.instanceType: m4.large is no Nitro type: its volumes carry no serial number to be told apart by. " +
        "Choose a Nitro type, e.g. m8i-flex.large.",
    ],
  ],
  [
    "a helper image that is paravirtual",
    { ...ARGS, helper: { ...ARGS.helper, imageId: IDS.image } },
    {},
    [
      "helper.imageId: is x86_64 and paravirtual, the helper's must be x86_64 and hvm. " +
        "Remove it for Debian's current image.",
    ],
  ],
  [
    "a launch type that is PV-only",
    launch("m1.small"),
    {},
    ["launch.instanceType: m1.small runs paravirtual images only. Choose an HVM type, e.g. t3.micro."],
  ],
  [
    "a 64-bit-only launch type for an i386 image",
    launch("t3.micro"),
    I386,
    [
      "launch.instanceType: t3.micro is x86_64, the image is i386. " +
        "Choose one of the few types that run 32-bit HVM images, e.g. t2.micro.",
    ],
  ],
  [
    "a launch type that boots by UEFI only",
    launch("t4g.small"),
    {},
    [
      "launch.instanceType: t4g.small is arm64, the image is x86_64. " +
        "Choose a type of the image's architecture, e.g. t3.micro.",
      "launch.instanceType: t4g.small boots by uefi only, the image by legacy-bios. " +
        "Choose a type that boots legacy BIOS images, e.g. t3.micro.",
    ],
  ],
  [
    "a launch on Nitro without ENA",
    launch("t3.micro", { image: { ena: false } }),
    {},
    [
      "image.ena: is false, and t3.micro starts no image without ENA. " +
        "Set it to true, or choose a type that does not require ENA, e.g. t2.micro.",
    ],
  ],
  [
    "a launch on a family that the guest is not prepared for",
    launch("t2.micro", { guest: { families: ["nitro"] } }),
    {},
    [
      "launch.instanceType: t2.micro is a xen type, guest.families asks for nitro only. " +
        "Add xen to guest.families, or choose another type.",
    ],
  ],
  [
    "problems of every kind, all at once",
    {
      ...launch("m1.small"),
      destination: { sizeGb: 7 },
      helper: { ...ARGS.helper, instanceType: "t4g.small" },
    },
    source({ virtualizationType: "hvm" }),
    [
      "source.imageId: its virtualization type is hvm already. There is nothing to migrate: launch it as it is.",
      "destination.sizeGb: is 7 GiB, the source has 8 GiB, and boot loader and partition table need room besides. " +
        "Raise it to 9 or more, or remove it for 9.",
      "helper.instanceType: t4g.small is arm64, the helper runs x86_64 programs. " +
        "Choose an x86_64 type, e.g. m8i-flex.large.",
      "launch.instanceType: m1.small runs paravirtual images only. Choose an HVM type, e.g. t3.micro.",
    ],
  ],
  [
    "a wrong value that was an output",
    { ...ARGS, source: { imageId: pulumi.output("ami-xyz") } },
    {},
    [
      'source.imageId: must be ami- and 8 or 17 hexadecimal digits, got "ami-xyz". ' +
        "Copy the id from EC2's console or from another stack's output.",
    ],
  ],
];

describe("what EC2 says is judged before anything is created:", () => {
  for (const [title, args, world, lines] of ROWS) {
    it(`refuses ${title}`, async () => {
      const { messages, errors, registered } = await refuse(args, world);
      const heading = `web: ${lines.length === 1 ? "one problem" : `${lines.length} problems`}, nothing was created.`;
      assert.deepEqual(messages, [[heading, ...lines.map((line) => `  ${line}`)].join("\n")]);
      assert.ok(
        errors.every((error) => pulumi.RunError.isInstance(error)),
        "the program runner prints a stack",
      );
      assert.deepEqual(registered, []);
    });
  }

  it("does not mind what has become of the source of a published image", async () => {
    const world = {
      calls: { ...worldWith([publishedImage()]).calls, ...snapshot({ storageTier: "archive" }).calls },
    };
    const lines = await said(ARGS, world);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.match(lines[0], /^info: source\.imageId: snapshot snap-0b+ is archived.* does not need it/);
  });

  const DEFAULT_ENCRYPTION = "aws:ebs/getEncryptionByDefault:getEncryptionByDefault";
  it("says that an account encrypts what is asked to be in the clear", async () => {
    const open = { ...ARGS, destination: { encrypted: false } };
    const world = { calls: { [DEFAULT_ENCRYPTION]: () => ({ enabled: true }) } };
    const [line, ...others] = await said(open, world);
    assert.match(line, /^warn: destination\.encrypted is false, but this account encrypts every new volume/);
    assert.deepEqual(others, []);
    assert.deepEqual(await said(open, {}), []);
    // Nobody is asked where it does not matter.
    assert.deepEqual(await said(ARGS, world), []);
  });

  it("says what hides Debian's images from an account", async () => {
    const { messages } = await refuse(ARGS, refused(GET_AMI, "Your query returned no results.", "debian-13"));
    assert.match(
      messages[0],
      /helper\.imageId: image debian-13-amd64-\* of owner 136693071363 is not to be found/,
    );
    assert.match(messages[0], /Allowed AMIs .*China and GovCloud.*helper\.imageId\.$/);
  });

  it("lets an i386 image onto one of the few types that run it", async () => {
    const { registered } = await register(launch("t2.micro"), I386);
    assert.ok(registered.some(({ name }) => name === "web-instance"));
  });

  it("tells a thing that is not there from one that cannot be asked for", () => {
    const missing = unanswered("a", "image x", "InvalidAMIID.NotFound: The image id '[x]' does not exist");
    const unreachable = unanswered("a", "image x", "no valid credential sources found");
    assert.match(missing.reason, /^image x is not to be found/);
    assert.match(unreachable.reason, /^image x could not be looked up/);
    assert.match(unreachable.fix, /credentials/);
  });

  it("refuses a subnet that is not there by its own path", async () => {
    const { messages } = await refuse(ARGS, refused(GET_SUBNET, "InvalidSubnetID.NotFound: no such subnet"));
    assert.match(messages[0], /helper\.subnetId: subnet subnet-0cccccccccccccccc is not to be found/);
  });

  // Guard the guard: the table's changes are changes, since the world itself is in order.
  it("lets the unchanged world pass", async () => {
    assert.notEqual(SOURCE_IMAGE.virtualizationType, DEBIAN_IMAGE.virtualizationType);
    const { outputs } = await register(LAUNCHING);
    assert.equal(outputs.imageId, "web-image-id");
  });
});
