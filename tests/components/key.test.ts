import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../components";
import { conversionKey, digest, keyInputs } from "../../components/key";
import { registeredName } from "../../components/steps/publishable";
import { IDS } from "./ec2";
import { ARGS, LAUNCHING, PREPARING } from "./mockEngine";

const key = (args: PvToHvmMigrationArgs) =>
  new Promise<string[]>((resolve) => pulumi.all(conversionKey(keyInputs(args))).apply(resolve));

const SOURCE = `source.imageId=${IDS.image}`;

const IN_THE_KEY: [args: Partial<PvToHvmMigrationArgs>, strings: string[]][] = [
  [{}, [SOURCE]],
  [{ source: { snapshotId: IDS.snapshot } }, [`source.snapshotId=${IDS.snapshot}`]],
  [
    { source: { snapshotId: IDS.snapshot, architecture: "i386" } },
    [`source.snapshotId=${IDS.snapshot}`, "source.architecture=i386"],
  ],
  [{ source: { volumeId: IDS.root } }, [`source.volumeId=${IDS.root}`]],
  [{ source: { instanceId: IDS.instance } }, [`source.instanceId=${IDS.instance}`]],
  [
    { source: { instanceId: IDS.instance, stopFirst: true } },
    [`source.instanceId=${IDS.instance}`, "source.stopFirst=true"],
  ],
  [{ destination: { sizeGb: 20 } }, [SOURCE, "destination.sizeGb=20"]],
  [{ destination: { volumeType: "gp3" } }, [SOURCE, "destination.volumeType=gp3"]],
  [{ destination: { encrypted: true } }, [SOURCE, "destination.encrypted=true"]],
  [{ destination: { kmsKeyId: "alias/mine" } }, [SOURCE, "destination.kmsKeyId=alias/mine"]],
  [{ destination: { grow: true } }, [SOURCE, "destination.grow=true"]],
  [{ destination: { layout: "gpt" } }, [SOURCE, "destination.layout=gpt"]],
  [{ destination: { layout: "mbr" } }, [SOURCE, "destination.layout=mbr"]],
  [{ guest: { families: ["xen"] } }, [SOURCE, "guest.families=xen"]],
  [{ guest: { families: ["xen", "nitro"] } }, [SOURCE, "guest.families=nitro,xen"]],
  [{ guest: { families: ["nitro", "xen"] } }, [SOURCE, "guest.families=nitro,xen"]],
  [{ revision: 2 }, [SOURCE, "revision=2"]],
  [{ destination: { sizeGb: pulumi.output(20) } }, [SOURCE, "destination.sizeGb=20"]],
];

const NOT_IN_THE_KEY: [what: string, args: PvToHvmMigrationArgs][] = [
  [
    "the helper's placement and type",
    { ...ARGS, helper: { ...ARGS.helper, subnetId: "subnet-1", instanceType: "c8i.large" } },
  ],
  [
    "the image's attributes",
    { ...ARGS, image: { name: "n", description: "d", ena: false, tags: { a: "b" } } },
  ],
  ["the launch", LAUNCHING],
  ["tags", { ...ARGS, tags: { a: "b" } }],
  ["until", { ...ARGS, until: "inspect" }],
  ["the workbench", { ...ARGS, workbench: "running" }],
  ["the rehearsal's time", { ...ARGS, rehearsal: { timeoutSeconds: 900 } }],
  ["no rehearsal", { ...ARGS, rehearsal: { skip: true } }],
];

describe("a conversion's key", () => {
  it("knows of a preparation, and nothing of how the source is reached", async () => {
    const strings = await key(PREPARING);
    const expected = [`source.instanceId=${IDS.instance}`, "source.stopFirst=true", "source.prepare=true"];
    assert.deepEqual(strings, expected);
  });

  for (const [args, strings] of IN_THE_KEY) {
    it(`of ${JSON.stringify(args)} reads ${strings.join(", ")}`, async () => {
      assert.deepEqual(await key({ ...ARGS, ...args }), strings);
    });
  }

  for (const [what, args] of NOT_IN_THE_KEY) {
    it(`knows nothing of ${what}`, async () => assert.deepEqual(await key(args), [SOURCE]));
  }

  it("shows a digest in place of a secret, which is no secret itself", async () => {
    const secret = { ...ARGS, destination: { kmsKeyId: pulumi.secret("alias/mine") } };
    assert.deepEqual(await key(secret), [SOURCE, `destination.kmsKeyId=sha256:${digest(["alias/mine"])}`]);
    assert.equal(await pulumi.isSecret(pulumi.all(conversionKey(keyInputs(secret)))), false);
  });

  it("ends an image's name in eight characters that differ with key and destination", () => {
    const name = registeredName("web", [SOURCE], "vol-1");
    assert.match(name, /^web-[0-9a-f]{8}$/);
    assert.equal(registeredName("web", [SOURCE], "vol-1"), name);
    assert.notEqual(registeredName("web", [SOURCE], "vol-2"), name);
    assert.notEqual(registeredName("web", [SOURCE, "revision=2"], "vol-1"), name);
  });
});
