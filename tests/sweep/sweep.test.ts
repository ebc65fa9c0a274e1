/** The whole of a sweep but for Pulumi: the real AWS SDK on the local cloud, with machines that only remember. */
import { strict as assert } from "node:assert";
import { ModifyInstanceAttributeCommand } from "@aws-sdk/client-ec2";
import { TAG } from "../../components/tags";
import { RefusedError } from "../../converter/errors";
import type { Backend } from "../../sweep/backend";
import { openEc2 } from "../../sweep/ec2";
import { sweep, type SweepOptions } from "../../sweep/sweep";
import { hvmRequest, newImage, newSnapshot } from "../local/cloud/fixture";
import { type Api, openApi } from "../local/ec2Api/api";
import { Witness } from "../local/rights/witness";
import { giveRoles } from "../policies/roles";
import { tooMuchIn } from "../policies/takeAway";
import { backend, STACK } from "./made";

/** Of a caller who has exactly the policy that is shipped. */
const CREDENTIALS = { accessKeyId: "sweep", secretAccessKey: "local" };
const ZONE = "us-east-1a";

/** A migration with all that it makes, by roles. */
async function migrate({ cloud }: Api, migration: string, stack = STACK): Promise<Record<string, string>> {
  const tags = (role: string) => ({
    [TAG.migration]: migration,
    [TAG.stack]: stack,
    [TAG.conversion]: "0123456789abcdef",
    [TAG.role]: role,
  });
  const group = { name: migration, description: "d", ingress: [], egress: [], tags: tags("access") };
  const access = (await cloud.securityGroups.create(group)).groupId;
  const { snapshotId: base } = await newSnapshot(cloud);
  const { imageId } = await newImage(cloud, hvmRequest(base, { name: `helper of ${migration}` }));
  const run = async (role: string, root: string) =>
    cloud.instances.run({
      ...{ imageId, instanceType: "t3.micro", securityGroupIds: role === "helper" ? [access] : [] },
      ...{ tags: tags(role), rootBlockDevice: { tags: tags(root) } },
    });
  const helper = (await run("helper", "helper-root")).instanceId;
  const instance = (await run("instance", "root")).instanceId;
  const volume = async (role: string) =>
    (await cloud.volumes.create({ availabilityZone: ZONE, sizeGb: 1, tags: tags(role) })).volumeId;
  const [source, destination] = [await volume("source"), await volume("destination")];
  await cloud.background.settled();
  await cloud.attachments.attach(source, helper, "/dev/sdf");
  await cloud.background.settled();
  const { snapshotId: snapshot } = await cloud.snapshots.create(
    await cloud.volumes.describe(destination),
    "d",
    tags("snapshot"),
  );
  await cloud.background.settled();
  const { imageId: image } = await newImage(
    cloud,
    hvmRequest(snapshot, { name: migration, tags: tags("image") }),
  );
  const [{ volumeId: helperRoot }] = await cloud.volumes.attachedTo(helper);
  const [{ volumeId: root }] = await cloud.volumes.attachedTo(instance);
  return { access, helper, "helper-root": helperRoot, instance, root, source, destination, snapshot, image };
}

/** A state that holds these ids. */
function holding(ids: string[]): Backend {
  const urn = (name: string) => `urn:pulumi:prod::images::aws:x:Y::${name}`;
  return backend({ resources: [{ urn: urn("stack") }, ...ids.map((id) => ({ urn: urn(`web-${id}`), id }))] });
}

describe("a sweep", () => {
  let api: Api;
  let held: Record<string, string>;
  let lost: Record<string, string>;
  beforeEach(async () => {
    api = await openApi();
    await giveRoles(api.cloud, ["sweep"]);
    held = await migrate(api, "held");
    lost = await migrate(api, "lost");
  });
  afterEach(() => api.end());

  function swept(options: Partial<SweepOptions> = {}) {
    return sweep({
      ec2: openEc2({ region: "us-east-1", endpoint: api.url, credentials: CREDENTIALS }),
      // The root volumes are no resources.
      backend: async () =>
        holding(Object.keys(held).flatMap((role) => (/root$/.test(role) ? [] : [held[role]]))),
      olderThanSeconds: 0,
      pause: () => api.cloud.background.settled(),
      ...options,
    });
  }

  /** What is still there of a migration, by roles. */
  async function left(migration: Record<string, string>): Promise<string[]> {
    await api.cloud.background.settled();
    const { items } = await openEc2({
      region: "us-east-1",
      endpoint: api.url,
      credentials: CREDENTIALS,
    }).list();
    const there = new Set(items.map(({ id }) => id));
    return Object.keys(migration)
      .filter((role) => there.has(migration[role]))
      .sort();
  }

  const ALL = [
    "access",
    "destination",
    "helper",
    "helper-root",
    "image",
    "instance",
    "root",
    "snapshot",
    "source",
  ];

  it("changes nothing unless it is told to", async () => {
    const result = await swept({ images: true });
    assert.equal(result.exitStatus, 1);
    assert.deepEqual(result.removals, []);
    assert.deepEqual(await left(lost), ALL);
  });

  it("removes the workbench that nobody holds, and keeps image, snapshot and what was launched", async () => {
    const result = await swept({ remove: true });
    assert.deepEqual(
      result.removals.filter(({ error }) => error),
      [],
    );
    assert.deepEqual(await left(lost), ["image", "instance", "root", "snapshot"]);
    assert.deepEqual(await left(held), ALL);
    assert.equal(result.exitStatus, 1, "the launched instance is left over, and nobody holds it");
  });

  it("removes image and snapshot as well where it may", async () => {
    await swept({ remove: true, images: true });
    assert.deepEqual(await left(lost), ["instance", "root"]);
    assert.deepEqual(await left(held), ALL);
  });

  it("removes everything but what was launched of a stack that is gone", async () => {
    const gone = await migrate(api, "old", "images/old");
    const unknown = await migrate(api, "other", "images/other");
    await swept({ remove: true, images: true, gone: ["images/old"] });
    assert.deepEqual(await left(gone), ["instance", "root"]);
    assert.deepEqual(await left(unknown), ALL);
  });

  it("counts what is not known here as left over where it is strict, and not otherwise", async () => {
    await migrate(api, "other", "images/other");
    const all = [...Object.entries(held), ...Object.entries(lost)];
    const backend = async () => holding(all.flatMap(([role, id]) => (/root$/.test(role) ? [] : [id])));
    assert.equal((await swept({ backend })).exitStatus, 0);
    assert.equal((await swept({ backend, strict: true })).exitStatus, 1);
  });

  it("refuses a stack that is named as gone and is not, and removes nothing", async () => {
    await assert.rejects(swept({ remove: true, gone: [STACK] }), (error: Error) => {
      assert.ok(error instanceof RefusedError);
      assert.match(error.message, /^--gone images\/prod: the stack is there, and holds 7 that are here/);
      return true;
    });
    assert.deepEqual(await left(lost), ALL);
  });

  it("looks at EC2 before it asks the backend: what is made in between is not on its list", async () => {
    let late: Record<string, string> = {};
    const result = await swept({
      remove: true,
      backend: async () => {
        late = await migrate(api, "late");
        return holding(Object.values(held));
      },
    });
    assert.deepEqual(await left(late), ALL);
    assert.ok(!result.verdicts.some(({ item }) => item.migration === "late"));
  });

  it("goes on where one thing cannot be removed, says so, and ends the job the next time", async () => {
    await api.cloud.faults.add({
      action: "TerminateInstances",
      code: "UnauthorizedOperation",
      message: "no right",
    });
    const first = await swept({ remove: true });
    assert.equal(first.exitStatus, 4);
    assert.deepEqual(await left(lost), [
      "access",
      "helper",
      "helper-root",
      "image",
      "instance",
      "root",
      "snapshot",
      "source",
    ]);
    const errors = first.removals
      .filter(({ error }) => error)
      .map(({ item, error }) => `${item.role}: ${error}`);
    const told =
      "helper: UnauthorizedOperation: no right. policies/sweep.json has the right (docs/rights.md).";
    assert.ok(errors.includes(told), errors.join("\n"));
    const second = await swept({ remove: true });
    assert.equal(second.exitStatus, 1);
    assert.deepEqual(await left(lost), ["image", "instance", "root", "snapshot"]);
  });

  it("bears throttling", async () => {
    for (const action of ["DescribeVolumes", "TerminateInstances", "DeleteVolume"]) {
      await api.cloud.faults.add({ action, code: "RequestLimitExceeded" });
    }
    const result = await swept({ remove: true });
    assert.deepEqual(
      result.removals.filter(({ error }) => error),
      [],
    );
    assert.deepEqual(await api.cloud.faults.list(), []);
  });

  it("needs every part of the policy that is shipped", async () => {
    const witness = await Witness.before(api.cloud);
    const volume = await api.cloud.volumes.describe(held.destination);
    const tags = { [TAG.stack]: STACK, [TAG.migration]: "lost", [TAG.role]: "source-snapshot" };
    await api.cloud.snapshots.create(volume, "of a source", tags);
    await api.cloud.background.settled();
    const ec2 = openEc2({ region: "us-east-1", endpoint: witness.url, credentials: CREDENTIALS });
    const { removals } = await swept({ ec2, remove: true, images: true });
    await witness.close();
    assert.deepEqual(
      removals.filter(({ error }) => error),
      [],
    );
    assert.deepEqual(tooMuchIn("sweep", witness.met), []);
  });

  it("cannot delete a root volume that somebody has kept back, and says so", async () => {
    const root = (await api.cloud.instances.describe(lost.helper)).rootDeviceName;
    const kept = { DeviceName: root, Ebs: { DeleteOnTermination: false } };
    await api.client.send(
      new ModifyInstanceAttributeCommand({ InstanceId: lost.helper, BlockDeviceMappings: [kept] }),
    );
    const { removals } = await swept({ remove: true });
    const [{ error = "" }] = removals.filter(({ item }) => item.id === lost["helper-root"]);
    assert.match(
      error,
      new RegExp(
        `^UnauthorizedOperation: .*ec2:DeleteVolume on resource: arn:aws:ec2:us-east-1:000000000000:volume/${lost["helper-root"]} because .*` +
          "policies/sweep.json deletes no root volume: delete it yourself \\(docs/rights.md\\)\\.$",
      ),
    );
  });

  it("ends in a sentence where it may not even list", async () => {
    await api.cloud.faults.add({
      action: "DescribeVolumes",
      code: "UnauthorizedOperation",
      message: "no right.",
    });
    await assert.rejects(swept({ remove: true }), {
      message:
        "these credentials may not list what is there (UnauthorizedOperation: no right), and nothing was removed. Give them " +
        "policies/sweep.json (docs/rights.md).",
    });
  });

  it("finds nothing left over where all is held", async () => {
    const result = await swept({
      backend: async () => holding([held, lost].flatMap((each) => Object.values(each))),
    });
    assert.equal(result.exitStatus, 0);
    assert.ok(result.verdicts.every(({ fate }) => fate === "held"));
    assert.equal(result.verdicts.length, 2 * ALL.length);
  });
});
