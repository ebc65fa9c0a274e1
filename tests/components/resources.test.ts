import assert from "node:assert/strict";
import type { StepReport } from "../../converter/types";
import { IDS, SOURCE_IMAGE } from "./ec2";
import { without } from "./golden";
import { keyCalled } from "./keys";
import { ANSWERS, ARGS, child, LAUNCHING, register } from "./mockEngine";
import { FILESYSTEM_UUID, inspectedByEarlierVersion, inspectedLacking, report } from "./report/reports";

type Values = Record<string, unknown>;

/** What a secret holds, as it crosses to the engine. */
const secret = (value: unknown) => (value as { value: Values }).value;

describe("the resources of a migration", () => {
  it("opens ssh to the named addresses only, and DNS, 80 and 443 outwards", async () => {
    const helper = { ...ARGS.helper, allowedCidrs: ["10.20.30.40/32", "fd00::7/128"] };
    const { inputs } = child((await register({ ...ARGS, helper })).registered, "access");
    const rules = (list: unknown) =>
      (list as Values[]).map(({ protocol, fromPort, toPort, cidrBlocks, ipv6CidrBlocks }) =>
        [protocol, fromPort, toPort, cidrBlocks, ipv6CidrBlocks].flat().join(" "),
      );
    assert.deepEqual(rules(inputs.ingress), ["tcp 22 22 10.20.30.40/32 fd00::7/128"]);
    assert.deepEqual(rules(inputs.egress), [
      "udp 53 53 0.0.0.0/0 ::/0",
      "tcp 53 53 0.0.0.0/0 ::/0",
      "tcp 80 80 0.0.0.0/0 ::/0",
      "tcp 443 443 0.0.0.0/0 ::/0",
    ]);
  });

  it("makes the helper of Debian's own image, with tokens required and nested virtualization switched on", async () => {
    const { inputs } = child((await register(ARGS)).registered, "helper");
    assert.equal(inputs.ami, "ami-0dddddddddddddddd");
    assert.equal(inputs.instanceType, "m8i-flex.large");
    assert.deepEqual(inputs.cpuOptions, { nestedVirtualization: "enabled" });
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    assert.equal(inputs.associatePublicIpAddress, true);
    assert.equal((inputs.rootBlockDevice as Values).encrypted, true);
  });

  it("asks for no nested virtualization where the type has none", async () => {
    const { registered } = await register({ ...ARGS, helper: { ...ARGS.helper, instanceType: "t3.micro" } });
    assert.equal(child(registered, "helper").inputs.cpuOptions, undefined);
  });

  it("asks Debian's account for the newest image of its name", async () => {
    const asked: Values[] = [];
    const getAmi = (args: Values) => (asked.push(args), ANSWERS["aws:ec2/getAmi:getAmi"](args));
    await register(ARGS, { calls: { "aws:ec2/getAmi:getAmi": getAmi } });
    const debian = asked.find(({ owners }) => owners !== undefined);
    assert.deepEqual(debian?.owners, ["136693071363"]);
    assert.deepEqual(debian?.filters, [{ name: "name", values: ["debian-13-amd64-*"] }]);
    assert.equal(debian?.mostRecent, true);
    const source = asked.find(({ owners }) => owners === undefined);
    assert.equal(source?.includeDeprecated, true);
  });

  it("pins the host key that the helper was given, and dials patiently", async () => {
    const connection = secret(child((await register(ARGS)).registered, "inspect").inputs.connection);
    assert.equal(connection.hostKey, "ssh-ed25519 PUBLIC-web-host-key");
    assert.equal(connection.host, "web-helper.public");
    assert.equal(connection.user, "root");
    assert.ok((connection.dialErrorLimit as number) >= 60);
  });

  const OWN_KEY = "ecdsa-sha2-nistp256 AAAAOWN=";
  const FROM_USER_DATA = "ssh-ed25519 PUBLIC-web-host-key";
  for (const [what, helper, known] of [
    ["by that key in every later step", { instanceId: "web-helper-id", hostKey: OWN_KEY }, OWN_KEY],
    ["as before where another helper made it", { instanceId: "i-other", hostKey: OWN_KEY }, FROM_USER_DATA],
    ["as before where that is no key", { instanceId: "web-helper-id", hostKey: "x" }, FROM_USER_DATA],
    ["as before where an earlier version inspected", undefined, FROM_USER_DATA],
  ] as [string, StepReport["helper"], string][]) {
    it(`knows a helper that has made a host key of its own ${what}`, async () => {
      const states = { "web-inspect": { stdout: JSON.stringify(report("inspect", { helper })) } };
      const { registered } = await register(ARGS, { states });
      const pinned = (role: string) => secret(child(registered, role).inputs.connection).hostKey;
      assert.deepEqual(["converter", "inspect"].map(pinned), [FROM_USER_DATA, FROM_USER_DATA]);
      assert.deepEqual(["partition", "copy", "verify", "rehearse"].map(pinned), Array(4).fill(known));
    });
  }

  it("reaches a helper behind a jump host by its private address, and gives it no public one", async () => {
    const jumpHost = { host: "bastion", privateKey: keyCalled("PRIVATE-KEY-OF-BASTION") };
    const { registered } = await register({ ...ARGS, helper: { ...ARGS.helper, jumpHost } });
    assert.equal(child(registered, "helper").inputs.associatePublicIpAddress, false);
    const connection = secret(child(registered, "inspect").inputs.connection);
    assert.equal(connection.host, "web-helper.private");
    const { host, port, user, privateKey } = connection.proxy as Values;
    assert.deepEqual([host, port, user, privateKey], ["bastion", 22, "root", jumpHost.privateKey]);
  });

  it("encrypts both volumes, takes the source's bytes from its snapshot and leaves the destination blank", async () => {
    const { registered } = await register(ARGS);
    const source = without(child(registered, "source").inputs, "tags");
    const destination = without(child(registered, "destination").inputs, "tags");
    const common = { availabilityZone: "us-east-1a", encrypted: true, type: "gp3" };
    assert.deepEqual(source, { ...common, snapshotId: IDS.snapshot });
    assert.deepEqual(destination, { ...common, size: 9 });
  });

  it("has EBS load the source volume at the rate that is asked for, and the destination at none", async () => {
    const source = { imageId: IDS.image, volumeInitializationRate: 300 };
    const { registered } = await register({ ...ARGS, source });
    const rates = ["source", "destination"].map(
      (role) => child(registered, role).inputs.volumeInitializationRate,
    );
    assert.deepEqual(rates, [300, undefined]);
  });

  it("names every attribute of the image whose default is hostile", async () => {
    const { inputs } = child((await register(ARGS)).registered, "image");
    const { tags, name, ...rest } = inputs;
    assert.deepEqual(rest, {
      architecture: "x86_64",
      bootMode: "legacy-bios",
      description: `${IDS.image}, converted from paravirtual to HVM by pv-to-hvm`,
      ebsBlockDevices: [
        {
          deleteOnTermination: true,
          deviceName: "/dev/sda1",
          snapshotId: "web-snapshot-id",
          volumeSize: 9,
          volumeType: "gp3",
        },
      ],
      enaSupport: true,
      rootDeviceName: "/dev/sda1",
      sriovNetSupport: "simple",
      virtualizationType: "hvm",
    });
    assert.match(name as string, /^web-[0-9a-f]{8}$/);
    assert.equal((tags as Values)["pv-to-hvm:filesystem"], FILESYSTEM_UUID);
  });

  it("snapshots the volume that the rehearsal names, with more than a day's patience", async () => {
    const { inputs, createTimeout } = child((await register(ARGS)).registered, "snapshot");
    assert.equal(inputs.volumeId, IDS.destination);
    assert.ok(parseInt(createTimeout) > 24 * 3600, createTimeout);
  });

  it("registers a snapshot's architecture as inspection found it", async () => {
    const calls = {
      "aws:ec2/getAmi:getAmi": (args: Values) => ({ ...ANSWERS["aws:ec2/getAmi:getAmi"](args) }),
    };
    const { registered } = await register({ ...ARGS, source: { snapshotId: IDS.snapshot } }, { calls });
    assert.equal(child(registered, "image").inputs.architecture, "x86_64");
    assert.equal(child(registered, "image").inputs.rootDeviceName, "/dev/sda1");
  });

  it("takes ENA away where the guest is not asked to run on Nitro", async () => {
    const { registered } = await register({ ...ARGS, guest: { families: ["xen"] } });
    assert.equal(child(registered, "image").inputs.enaSupport, false);
  });

  const NETWORKS: [title: string, inspect: StepReport, attributes: [sriov: string, ena: boolean]][] = [
    [
      "a kernel that may boot has no ixgbevf: no enhanced networking on Xen types",
      inspectedLacking("xen"),
      ["", true],
    ],
    [
      "another kernel than the one that boots has no ENA: Nitro types would refuse it",
      inspectedLacking("nitro"),
      ["simple", true],
    ],
    [
      "an earlier version inspected, and registered every image so",
      inspectedByEarlierVersion(),
      ["simple", true],
    ],
  ];
  for (const [title, inspect, attributes] of NETWORKS) {
    it(`registers for the network that the guest has drivers for: ${title}`, async () => {
      const states = { "web-inspect": { stdout: JSON.stringify(inspect) } };
      const { inputs } = child((await register(ARGS, { states })).registered, "image");
      assert.deepEqual([inputs.sriovNetSupport, inputs.enaSupport], attributes);
    });
  }

  it("gives an image another name where its ENA mark is not what the families ask for", async () => {
    const nameWith = async (args: Partial<typeof ARGS>) =>
      child((await register({ ...ARGS, ...args })).registered, "image").inputs.name;
    const usual = await nameWith({});
    assert.equal(await nameWith({ image: { ena: true } }), usual);
    assert.notEqual(await nameWith({ image: { ena: false } }), usual);
  });

  it("makes the longest name that is allowed no longer than EC2's 128 characters", async () => {
    const { registered } = await register({ ...ARGS, image: { name: "x".repeat(119) } });
    assert.equal((child(registered, "image").inputs.name as string).length, 128);
  });

  it("puts the user's description and tags on the image, and keeps its own tags", async () => {
    const image = {
      description: "The old web server",
      tags: { team: "web" },
    };
    const { registered } = await register({ ...ARGS, image, tags: { owner: "operations" } });
    const { description, tags } = child(registered, "image").inputs;
    assert.equal(description, "The old web server");
    const { team, owner, Name, "pv-to-hvm:migration": migration } = tags as Record<string, string>;
    assert.deepEqual([team, owner, Name, migration], ["web", "operations", "web-image", "web"]);
    assert.equal((child(registered, "snapshot").inputs.tags as Record<string, string>).team, "web");
    assert.equal((child(registered, "helper").inputs.tags as Record<string, string>).team, undefined);
  });

  it("keeps an old root device name that HVM images use too", async () => {
    const getAmi = (args: Values) => {
      const image = ANSWERS["aws:ec2/getAmi:getAmi"](args);
      return image.imageId === SOURCE_IMAGE.imageId ? { ...image, rootDeviceName: "/dev/xvda" } : image;
    };
    const { registered } = await register(ARGS, { calls: { "aws:ec2/getAmi:getAmi": getAmi } });
    assert.equal(child(registered, "image").inputs.rootDeviceName, "/dev/xvda");
  });

  it("asks the launched instance for the plan's root filesystem", async () => {
    const { registered, outputs } = await register(LAUNCHING);
    const { create, connection } = child(registered, "boot-proof").inputs;
    assert.match(create as string, new RegExp(`^uuid=${FILESYSTEM_UUID}$`, "m"));
    assert.equal(secret(connection).host, "web-instance.public");
    assert.equal((outputs.bootProof as Values).rootUuid, FILESYSTEM_UUID);
  });

  it("tells what a person wants to know", async () => {
    const { outputs } = await register(LAUNCHING);
    assert.equal(outputs.imageId, "web-image-id");
    assert.equal(outputs.snapshotId, "web-snapshot-id");
    assert.equal(outputs.instanceId, "web-instance-id");
    assert.equal(outputs.instanceAddress, "web-instance.public");
    assert.deepEqual(outputs.conversionKey, [`source.imageId=${IDS.image}`]);
    const made = outputs.report as { edits: Values[]; steps: Values[] };
    assert.deepEqual(made.edits, report("configure").edits);
    assert.equal(made.steps.length, 7);
    assert.equal((outputs.plan as Values).kernel, "/boot/vmlinuz");
  });
});
