import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { PvToHvmMigrationArgs } from "../../components";
import { conversionKey, digest, type IsMade, keyInputs } from "../../components/key";
import { registeredName } from "../../components/steps/publishable";
import { IDS } from "./ec2";
import { ARGS, LAUNCHING, PREPARING } from "./mockEngine";

const key = (args: PvToHvmMigrationArgs, isMade?: IsMade) =>
  (
    pulumi.all(conversionKey(keyInputs(args, isMade))) as unknown as { promise(): Promise<string[]> }
  ).promise();

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
    const [source, kmsKeyId] = await key(secret);
    assert.equal(source, SOURCE);
    assert.match(kmsKeyId, /^destination\.kmsKeyId=scrypt:[0-9a-f]{16}$/);
    assert.deepEqual(await key(secret), [source, kmsKeyId]);
    assert.equal(await pulumi.isSecret(pulumi.all(conversionKey(keyInputs(secret)))), false);
  });

  it("salts the digest of a secret by the input, so that two of the same value do not look the same", async () => {
    const same = pulumi.secret("gp3" as const);
    const [, ...digests] = await key({ ...ARGS, destination: { volumeType: same, kmsKeyId: same } });
    assert.equal(new Set(digests.map((each) => each.split("=")[1])).size, 2);
  });

  const SECRET = { ...ARGS, destination: { kmsKeyId: pulumi.secret("alias/mine"), sizeGb: 9 } };
  const EARLIER = [SOURCE, "destination.sizeGb=9", `destination.kmsKeyId=sha256:${digest(["alias/mine"])}`];

  it("keeps the digests of an earlier version where something of that conversion is there", async () => {
    const asked: string[] = [];
    const known = await key(
      SECRET,
      async (conversion) => (asked.push(conversion), conversion === digest(EARLIER)),
    );
    assert.deepEqual(known, EARLIER);
    assert.ok(asked.every((conversion) => conversion === digest(EARLIER)));
    const other = await key({ ...SECRET, revision: 2 }, async (conversion) => conversion === digest(EARLIER));
    assert.match(other[2], /=scrypt:/);
  });

  it("asks nobody where no input is a secret, and is no key where nobody can be asked", async () => {
    const unreachable = () => Promise.reject(new Error("no answer"));
    assert.deepEqual(await key({ ...ARGS, revision: 2 }, unreachable), [SOURCE, "revision=2"]);
    await assert.rejects(key(SECRET, unreachable), /no answer/);
  });

  it("ends an image's name in eight characters that differ with key and destination", () => {
    const name = registeredName("web", [SOURCE], "vol-1");
    assert.match(name, /^web-[0-9a-f]{8}$/);
    assert.equal(registeredName("web", [SOURCE], "vol-1"), name);
    assert.notEqual(registeredName("web", [SOURCE], "vol-2"), name);
    assert.notEqual(registeredName("web", [SOURCE, "revision=2"], "vol-1"), name);
  });
});
