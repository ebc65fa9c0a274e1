import assert from "node:assert/strict";
import type { PvToHvmMigrationArgs } from "../../components";
import { ec2Error, IDS } from "./ec2";
import { without } from "./golden";
import {
  ANSWERS,
  ARGS,
  child,
  LAUNCHING,
  refuse,
  register,
  type Registered,
  said,
  type World,
} from "./mockEngine";
import { publishedImage, worldWith } from "./published/publishedImages";
import { report } from "./report/reports";

type Values = Record<string, unknown>;

const roles = (registered: Registered[]) =>
  registered
    .map(({ name }) => name.replace(/^web-?/, ""))
    .filter(Boolean)
    .sort();

const ROOM = [
  "access",
  "client-key",
  "destination",
  "destination-attachment",
  "helper",
  "host-key",
  "source",
  "source-attachment",
];
const INSPECTED = [...ROOM, "converter", "inspect"];
const REHEARSED = [...INSPECTED, "partition", "copy", "configure", "install-grub", "verify", "rehearse"];
const PUBLISHED = [...REHEARSED, "workbench", "snapshot", "image"];

const VARIANTS: [title: string, args: PvToHvmMigrationArgs, roles: string[]][] = [
  [
    "until inspect, it writes nothing, launches nothing and stops the helper",
    { ...LAUNCHING, until: "inspect" },
    [...INSPECTED, "stop-after-inspect"],
  ],
  [
    "until rehearse, it makes no image and stops the helper",
    { ...LAUNCHING, until: "rehearse" },
    [...REHEARSED, "helper-start", "helper-stop"],
  ],
  ["until publish without a launch, it ends with the image", { ...ARGS, until: "publish" }, PUBLISHED],
  [
    "a rehearsal that is skipped is the one step that is not there",
    { ...ARGS, rehearsal: { skip: true } },
    PUBLISHED.filter((role) => role !== "rehearse"),
  ],
  [
    "until rehearse without a rehearsal, it ends with the verification",
    { ...ARGS, until: "rehearse", rehearsal: { skip: true } },
    [...REHEARSED, "helper-start", "helper-stop"].filter((role) => role !== "rehearse"),
  ],
  [
    "a launch without a connection has no boot proof",
    { ...ARGS, launch: { instanceType: "t3.micro", subnetId: IDS.subnet } },
    [...PUBLISHED, "instance"],
  ],
  [
    "a snapshot as source has the same shape as an image",
    { ...ARGS, source: { snapshotId: IDS.snapshot } },
    PUBLISHED,
  ],
];

/** What the migration `web` has published, and nothing else that is asked for. */
function publishedWorld(asked: Values[] = [], image: object = {}): World {
  const none = () => {
    throw ec2Error("not asked for once the workbench is removed");
  };
  const getAmi = (args: Values) => (asked.push(args), { ...publishedImage(), ...image });
  return {
    calls: {
      ...worldWith([publishedImage()]).calls,
      "aws:ec2/getAmi:getAmi": getAmi,
      "aws:ec2/getSubnet:getSubnet": none,
      "aws:ec2/getInstanceType:getInstanceType": none,
    },
  };
}

describe("the shape of the graph:", () => {
  for (const [title, args, expected] of VARIANTS) {
    it(title, async () => {
      const { registered } = await register(args);
      assert.deepEqual(roles(registered), [...expected].sort());
    });
  }

  it("what until inspect has made stays as it is when until is raised", async () => {
    const inspected = await register({ ...ARGS, until: "inspect" });
    const published = await register(ARGS);
    const stays = ({ name }: Registered) => name !== "web" && name !== "web-stop-after-inspect";
    for (const before of inspected.registered.filter(stays)) {
      assert.deepEqual(child(published.registered, before.name.replace("web-", "")), before);
    }
  });

  it("until inspect shows plan and report, and no image", async () => {
    const { outputs } = await register({ ...LAUNCHING, until: "inspect" });
    assert.equal((outputs.plan as Values).kernel, "/boot/vmlinuz");
    assert.equal((outputs.report as { steps: unknown[] }).steps.length, 1);
    for (const name of ["imageId", "snapshotId", "instanceId", "instanceAddress", "bootProof"]) {
      assert.equal(outputs[name], undefined, name);
    }
  });

  it("replaces the instance by one of the new image only where that is asked for", async () => {
    const replacing = { ...LAUNCHING.launch!, onNewImage: "replace" as const };
    const { registered } = await register({ ...ARGS, launch: replacing });
    const { ignoreChanges } = child(registered, "instance");
    assert.deepEqual(ignoreChanges, ["metadataOptions", "rootBlockDevice.tags"]);
  });

  const TOKENS: [
    title: string,
    readers: string[] | undefined,
    asked: object,
    tokens: string,
    tag?: string,
  ][] = [
    ["required where nothing in the guest reads metadata without one", [], {}, "required", "required"],
    ["optional where something does", ["cloud-init 0.7.5"], {}, "optional"],
    ["optional where an earlier version inspected, which did not look", undefined, {}, "optional"],
    ["what the user says", ["/etc/rc.local"], { metadataTokens: "required" }, "required"],
    ["what the user says, the other way", [], { metadataTokens: "optional" }, "optional", "required"],
  ];
  for (const [title, metadataReaders, asked, tokens, tag] of TOKENS) {
    it(`asks who reads the instance's metadata for tokens as ${title}`, async () => {
      const inspect = report("inspect");
      const facts = { ...inspect.facts!, guest: { ...inspect.facts!.guest, metadataReaders } };
      const states = { "web-inspect": { stdout: JSON.stringify({ ...inspect, facts }) } };
      const launch = { ...LAUNCHING.launch!, ...asked };
      const { registered } = await register({ ...ARGS, launch }, { states });
      const { metadataOptions } = child(registered, "instance").inputs;
      assert.deepEqual(metadataOptions, { httpEndpoint: "enabled", httpTokens: tokens });
      // What the image is tagged with is the guest's own, whatever the launch says.
      const tags = child(registered, "image").inputs.tags as Record<string, string>;
      assert.equal(tags["pv-to-hvm:metadata"], tag);
    });
  }

  it("goes by the image's tag once the workbench is gone", async () => {
    for (const [tag, tokens] of [
      ["required", "required"],
      [undefined, "optional"],
    ]) {
      const image = publishedImage(undefined, tag ? { "pv-to-hvm:metadata": tag } : {});
      const { registered } = await register({ ...LAUNCHING, workbench: "removed" }, worldWith([image]));
      const { metadataOptions } = child(registered, "instance").inputs;
      assert.equal((metadataOptions as { httpTokens: string }).httpTokens, tokens);
    }
  });

  it("says before anything is made what EC2 may refuse of it", async () => {
    const told = async (change: object) =>
      (await said({ ...ARGS, launch: { ...LAUNCHING.launch!, ...change } }, {})).filter((line) =>
        line.includes("metadataTokens"),
      );
    assert.match(
      (await told({}))[0],
      /^info: launch\.metadataTokens is not given: .*HttpTokensEnforced.*give required/,
    );
    assert.match(
      (await told({ metadataTokens: "optional" }))[0],
      /^info: launch\.metadataTokens is optional\. EC2 refuses/,
    );
    assert.deepEqual(await told({ metadataTokens: "required" }), []);
  });

  for (const workbench of ["running", "stopped"] as const) {
    it(`keeps the helper ${workbench} when asked to`, async () => {
      const { registered } = await register({ ...ARGS, workbench });
      assert.deepEqual(child(registered, "workbench").inputs, {
        instanceId: "web-helper-id",
        state: workbench,
      });
    });
  }
});

describe("a removed workbench", () => {
  const args: PvToHvmMigrationArgs = { ...LAUNCHING, workbench: "removed" };

  it("leaves snapshot, image, instance and boot proof, and nothing else", async () => {
    const { registered } = await register(args, publishedWorld());
    assert.deepEqual(roles(registered), ["boot-proof", "image", "instance", "snapshot"]);
  });

  it("freezes what the conversion decided", async () => {
    const { registered } = await register(args, publishedWorld());
    assert.deepEqual(child(registered, "snapshot").ignoreChanges, ["description", "volumeId"]);
    const stopped = await register(LAUNCHING);
    const { ignoreChanges, replacementTrigger } = child(stopped.registered, "image");
    const image = child(registered, "image");
    assert.deepEqual([image.ignoreChanges, image.replacementTrigger], [ignoreChanges, replacementTrigger]);
  });

  it("tells EC2 what it would have told it all the same", async () => {
    const stopped = await register(LAUNCHING);
    const removed = await register(args, publishedWorld());
    const before = child(stopped.registered, "image").inputs;
    const after = child(removed.registered, "image").inputs;
    assert.equal(after.name, publishedImage().name);
    const decided = ["name", "ebsBlockDevices"];
    assert.deepEqual(without(after, ...decided), without(before, ...decided));
    assert.deepEqual(
      child(removed.registered, "snapshot").inputs,
      child(stopped.registered, "snapshot").inputs,
    );
    assert.equal(
      child(removed.registered, "boot-proof").inputs.create,
      child(stopped.registered, "boot-proof").inputs.create,
    );
  });

  it("leaves an image without enhanced networking as it is", async () => {
    const { registered } = await register(args, publishedWorld([], { sriovNetSupport: "" }));
    assert.equal(child(registered, "image").inputs.sriovNetSupport, "");
  });

  it("finds its image by migration and stack, in this account", async () => {
    const asked: Values[] = [];
    const { registered } = await register(args, publishedWorld(asked));
    assert.ok(child(registered, "image"));
    assert.deepEqual(asked.length, 1);
    assert.deepEqual(asked[0].owners, ["self"]);
    assert.deepEqual(asked[0].filters, [
      { name: "state", values: ["available"] },
      { name: "tag:pv-to-hvm:migration", values: ["web"] },
      { name: "tag:pv-to-hvm:stack", values: ["project/stack"] },
    ]);
  });
});

describe("nothing unproven is handed on:", () => {
  it("other stacks get no image and no address from a migration whose boot proof failed", async () => {
    const states = { "web-boot-proof": { stdout: "virtualization=hvm" } };
    const { messages, registered, resolved } = await refuse(LAUNCHING, { states });
    assert.match(messages.join(), /boot-proof: no line vendor=/);
    assert.ok(child(registered, "image"), "the image is there, and yet it is not told");
    assert.deepEqual(resolved, ["plan"]);
  });
});

describe("a rehearsal that the user skips", () => {
  const SKIPPING: PvToHvmMigrationArgs = { ...LAUNCHING, rehearsal: { skip: true } };

  it("is told by a tag of image and snapshot, and by no tag where there was one", async () => {
    const [skipped, rehearsed] = [await register(SKIPPING), await register(LAUNCHING)];
    for (const role of ["image", "snapshot"]) {
      const tagOf = ({ registered }: typeof skipped) =>
        (child(registered, role).inputs.tags as Values)["pv-to-hvm:rehearsal"];
      assert.equal(tagOf(skipped), "skipped");
      assert.equal(tagOf(rehearsed), undefined);
    }
  });

  it("has the volume published that was verified", async () => {
    const { registered } = await register(SKIPPING);
    assert.equal(child(registered, "snapshot").inputs.volumeId, IDS.destination);
  });

  it("publishes nothing where a check did not pass", async () => {
    const checks = [{ name: "boot code", ok: false, seen: "none" }];
    const states = { "web-verify": { stdout: JSON.stringify(report("verify", { checks })) } };
    const { messages, registered } = await refuse(SKIPPING, { states, calls: ANSWERS });
    assert.match(messages.join(), /did not pass every check/);
    assert.ok(!roles(registered).includes("snapshot"));
  });
});

describe("nothing unproven is published:", () => {
  const UNPROVEN: [title: string, change: Parameters<typeof report>[1], message: RegExp][] = [
    [
      "a rehearsal of another volume",
      { destination: { path: "/dev/x", volumeId: "vol-9", sizeBytes: 1 } },
      /booted vol-9/,
    ],
    ["a rehearsal that did not boot", { rehearsal: undefined }, /did not boot/],
  ];
  for (const [title, change, message] of UNPROVEN) {
    it(`${title} makes no snapshot, no image and no instance`, async () => {
      const states = { "web-rehearse": { stdout: JSON.stringify(report("rehearse", change)) } };
      const { messages, registered } = await refuse(LAUNCHING, { states, calls: ANSWERS });
      assert.match(messages.join(), message);
      const after = roles(registered).filter((role) =>
        ["snapshot", "image", "instance", "boot-proof"].includes(role),
      );
      assert.deepEqual(after, []);
    });
  }
});
