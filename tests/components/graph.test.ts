import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { IDS } from "./ec2";
import { keyCalled } from "./keys";
import { ARGS, child, LAUNCHING, register, type Registered } from "./mockEngine";

const FROZEN_COMMAND = [
  ...["connection", "create", "update", "delete", "environment", "stdin", "logging"],
  "addPreviousOutputInEnv",
];
const FROZEN_VOLUME = [
  ...["availabilityZone", "snapshotId", "size", "encrypted", "kmsKeyId"],
  ...["type", "iops", "throughput", "volumeInitializationRate"],
];
const COMMANDS = ["inspect", "partition", "copy", "configure", "install-grub", "verify", "rehearse"];
const KEY = [`source.imageId=${IDS.image}`];

describe("the graph of a migration that launches", () => {
  let registered: Registered[];
  before(async () => ({ registered } = await register(LAUNCHING)));

  it("is this list of resources and no other", () => {
    assert.deepEqual(registered.map(({ type, name }) => `${name} ${type}`).sort(), [
      "web pv-to-hvm:index:PvToHvmMigration",
      "web-access aws:ec2/securityGroup:SecurityGroup",
      "web-boot-proof command:remote:Command",
      "web-client-key tls:index/privateKey:PrivateKey",
      "web-configure command:remote:Command",
      "web-converter command:remote:CopyToRemote",
      "web-copy command:remote:Command",
      "web-destination aws:ebs/volume:Volume",
      "web-destination-attachment aws:ec2/volumeAttachment:VolumeAttachment",
      "web-helper aws:ec2/instance:Instance",
      "web-host-key tls:index/privateKey:PrivateKey",
      "web-image aws:ec2/ami:Ami",
      "web-inspect command:remote:Command",
      "web-install-grub command:remote:Command",
      "web-instance aws:ec2/instance:Instance",
      "web-partition command:remote:Command",
      "web-rehearse command:remote:Command",
      "web-snapshot aws:ebs/snapshot:Snapshot",
      "web-source aws:ebs/volume:Volume",
      "web-source-attachment aws:ec2/volumeAttachment:VolumeAttachment",
      "web-verify command:remote:Command",
      "web-workbench aws:ec2transitgateway/instanceState:InstanceState",
    ]);
  });

  it("hangs every resource below the component", () => {
    const elsewhere = registered.filter(({ name, parent }) => name !== "web" && parent !== "web");
    assert.deepEqual(elsewhere, []);
  });

  // What must be done before, and so also deleted after. Only the edges that carry the order are named.
  const ORDER: [after: string, before: string[]][] = [
    ["helper", ["source", "destination", "access"]],
    ["source-attachment", ["helper", "source"]],
    ["destination-attachment", ["helper", "destination"]],
    ["converter", ["helper"]],
    ["inspect", ["converter", "source-attachment", "destination-attachment"]],
    ["partition", ["inspect"]],
    ["copy", ["partition"]],
    ["configure", ["copy"]],
    ["install-grub", ["configure"]],
    ["verify", ["install-grub"]],
    ["rehearse", ["verify"]],
    ["workbench", ["rehearse"]],
    ["snapshot", ["workbench", "rehearse"]],
    ["image", ["snapshot"]],
    ["instance", ["image"]],
    ["boot-proof", ["instance"]],
  ];
  for (const [after, before] of ORDER) {
    it(`makes ${after} after ${before.join(", ")}`, () => {
      const missing = before.filter((role) => !child(registered, after).dependsOn.includes(`web-${role}`));
      assert.deepEqual(missing, []);
    });
  }

  it("replaces helper, its keys, volumes and access group when the key changes", () => {
    const byKey = registered.filter(({ replacementTrigger }) => isDeepStrictEqual(replacementTrigger, KEY));
    const expected = ["access", "client-key", "destination", "helper", "host-key", "source"];
    assert.deepEqual(
      byKey.map(({ name }) => name).sort(),
      expected.map((role) => `web-${role}`),
    );
  });

  it("replaces the image for another snapshot, name or ENA mark, and nothing else by a trigger", () => {
    const others = registered.filter(
      ({ replacementTrigger: trigger }) => trigger !== undefined && !isDeepStrictEqual(trigger, KEY),
    );
    assert.deepEqual(
      others.map(({ name, replacementTrigger }) => [name, replacementTrigger]),
      [["web-image", ["web-snapshot-id", "web", []]]],
    );
  });

  for (const role of COMMANDS) {
    it(`runs ${role} again when the key or the destination changes`, () => {
      assert.deepEqual(child(registered, role).inputs.triggers, [...KEY, IDS.destination]);
    });
  }

  it("copies the converter again when the key or the helper changes", () => {
    assert.deepEqual(child(registered, "converter").inputs.triggers, [...KEY, "web-helper-id"]);
  });

  it("asks for a boot proof again when the instance changes", () => {
    assert.deepEqual(child(registered, "boot-proof").inputs.triggers, ["web-instance-id"]);
  });

  // What of a finished migration stays as it is whatever this or a later version would make of it, and what may change.
  const FROZEN: [role: string, ignored: string[], mayChange: string[]][] = [
    [
      "helper",
      [
        ...["ami", "instanceType", "userData", "subnetId", "vpcSecurityGroupIds", "keyName"],
        ...["metadataOptions", "cpuOptions", "associatePublicIpAddress"],
        ...["encrypted", "volumeType", "volumeSize", "tags"].map((name) => `rootBlockDevice.${name}`),
      ],
      ["tags"],
    ],
    ["access", ["vpcId", "description", "egress"], ["ingress", "tags"]],
    ["source", FROZEN_VOLUME, ["tags"]],
    ["destination", FROZEN_VOLUME, ["tags"]],
    ["converter", ["connection", "source", "remotePath"], ["triggers"]],
    ...[...COMMANDS, "boot-proof"].map((role): [string, string[], string[]] => [
      role,
      FROZEN_COMMAND,
      ["triggers"],
    ]),
    [
      "instance",
      [
        ...["metadataOptions", "rootBlockDevice.tags", "ami", "subnetId", "keyName"],
        'tags["pv-to-hvm:conversion"]',
      ],
      ["instanceType", "tags"],
    ],
    ["client-key", ["algorithm"], []],
    ["host-key", ["algorithm"], []],
    ["source-attachment", ["deviceName"], ["instanceId", "volumeId"]],
    ["destination-attachment", ["deviceName"], ["instanceId", "volumeId"]],
    ["workbench", [], ["instanceId", "state"]],
    ["snapshot", ["description"], ["tags", "volumeId"]],
    [
      "image",
      [
        ...["name", "architecture", "virtualizationType", "bootMode", "enaSupport", "sriovNetSupport"],
        ...["rootDeviceName", "ebsBlockDevices", "description"],
      ],
      ["tags"],
    ],
  ];
  it("names every child in the table of frozen inputs", () => {
    const roles = registered.filter(({ name }) => name !== "web").map(({ name }) => name.replace("web-", ""));
    assert.deepEqual(FROZEN.map(([role]) => role).sort(), roles.sort());
  });
  for (const [role, ignored, mayChange] of FROZEN) {
    it(`freezes ${ignored.length ? ignored.join(", ") : "nothing"} of ${role}`, () => {
      assert.deepEqual(child(registered, role).ignoreChanges.sort(), [...ignored].sort());
    });

    it(`lets ${mayChange.length ? mayChange.join(", ") : "nothing"} of ${role} change`, () => {
      assert.deepEqual(notFrozen(child(registered, role)), mayChange);
    });
  }

  it("changes a description of the user's own in place", async () => {
    const described = await register({ ...LAUNCHING, image: { description: "mine" } });
    assert.ok(notFrozen(child(described.registered, "image")).includes("description"));
  });

  it("lets attachments, converter and commands go with the helper, and the boot proof with its instance", () => {
    const withHelper = registered
      .filter(({ deletedWith }) => deletedWith === "web-helper")
      .map(({ name }) => name);
    const expected = [...COMMANDS, "converter", "source-attachment", "destination-attachment"];
    assert.deepEqual(withHelper.sort(), expected.map((role) => `web-${role}`).sort());
    assert.equal(child(registered, "boot-proof").deletedWith, "web-instance");
  });

  it("gives no command a script for deletion or update, so that destroying dials nobody", () => {
    const dialling = registered.filter(({ inputs }) => "delete" in inputs || "update" in inputs);
    assert.deepEqual(dialling, []);
  });

  it("keeps secrets out of every script", () => {
    const scripts = registered.map(({ inputs }) => JSON.stringify(inputs.create ?? "")).join();
    assert.match(scripts, /rehearse vol-/);
    assert.doesNotMatch(scripts, /PRIVATE-KEY/);
  });

  it("marks every input that holds a private key as secret", () => {
    const all = JSON.stringify(registered.map(({ inputs }) => inputs));
    assert.match(all, /PRIVATE-KEY-OF-THE-LAUNCHED/);
    assert.match(all, /PRIVATE-KEY-OF-web-host-key/);
    assert.doesNotMatch(withoutSecrets(registered), /PRIVATE-KEY/);
  });

  it("marks the private keys of jump hosts as secret, and lets no output carry a key", async () => {
    const jumpHost = (role: string) => ({
      host: "bastion",
      privateKey: keyCalled(`PRIVATE-KEY-OF-JUMP-TO-${role}`),
    });
    const launch = LAUNCHING.launch!;
    const behind = await register({
      ...LAUNCHING,
      helper: { ...LAUNCHING.helper, jumpHost: jumpHost("helper") },
      launch: { ...launch, connection: { ...launch.connection!, jumpHost: jumpHost("launched") } },
    });
    const all = JSON.stringify(behind.registered.map(({ inputs }) => inputs));
    for (const role of ["helper", "launched"]) assert.match(all, new RegExp(`KEY-OF-JUMP-TO-${role}`));
    assert.doesNotMatch(withoutSecrets(behind.registered), /PRIVATE-KEY/);
    assert.doesNotMatch(JSON.stringify(behind.outputs), /PRIVATE-KEY/);
  });

  it("tags everything that carries tags with migration, stack, conversion and role", () => {
    const roles = registered.flatMap(({ inputs }) => {
      const root = inputs.rootBlockDevice as { tags?: Record<string, string> } | undefined;
      return [inputs.tags, root?.tags].filter((tags) => tags !== undefined) as Record<string, string>[];
    });
    const expected = [
      ...[
        "access",
        "destination",
        "helper",
        "helper-root",
        "image",
        "instance",
        "root",
        "snapshot",
        "source",
      ],
    ];
    assert.deepEqual(roles.map((tags) => tags["pv-to-hvm:role"]).sort(), expected);
    for (const tags of roles) {
      assert.equal(tags["pv-to-hvm:migration"], "web");
      assert.equal(tags["pv-to-hvm:stack"], "project/stack");
      assert.match(tags["pv-to-hvm:conversion"], /^[0-9a-f]{16}$/);
    }
  });

  it("tells on the image what its key was, an input a tag, and what its source disk was made of", async () => {
    const sized = await register({ ...ARGS, destination: { sizeGb: 20 }, revision: 2 });
    const { tags } = child(sized.registered, "image").inputs as { tags: Record<string, string> };
    const told = Object.entries(tags).filter(([tag]) => /input:|:source$/.test(tag));
    assert.deepEqual(Object.fromEntries(told), {
      "pv-to-hvm:input:source.imageId": IDS.image,
      "pv-to-hvm:input:destination.sizeGb": "20",
      "pv-to-hvm:input:revision": "2",
      "pv-to-hvm:source": IDS.snapshot,
    });
  });
});

/** The inputs that are given and not frozen: as a whole, or of a block each by itself. */
function notFrozen({ inputs, ignoreChanges }: Registered): string[] {
  const paths = Object.entries(inputs).flatMap(([name, value]) =>
    name === "rootBlockDevice" ? Object.keys(value as object).map((inner) => `${name}.${inner}`) : [name],
  );
  return paths.filter((path) => !ignoreChanges.includes(path)).sort();
}

/** The inputs as the state shows them: a secret is its mark. */
function withoutSecrets(registered: Registered[]): string {
  const secretMark = "1b47061264138c4ac30d75fd1eb44270";
  const strip = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null) return value;
    if (Object.values(value).includes(secretMark)) return "secret";
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, strip(inner)]));
  };
  return JSON.stringify(registered.map(({ inputs }) => strip(inputs)));
}
