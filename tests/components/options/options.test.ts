/** Pulumi's resource options on a migration, as a user of any other component expects them to work. */
import assert from "node:assert/strict";
import { Provider as Aws } from "@pulumi/aws/provider";
import { Provider as Command } from "@pulumi/command/provider";
import * as pulumi from "@pulumi/pulumi";
import { Provider as Tls } from "@pulumi/tls/provider";
import { type Asked, recordWith, type Recording } from "./recording";

/** Anything that a user has to wait for. */
class Gate extends pulumi.CustomResource {}

const packageOf = (token: string) => token.split(":")[0];

describe("a migration with a provider for another region or account", () => {
  const WAYS: [how: string, options: () => pulumi.ComponentResourceOptions][] = [
    ["by `provider`", () => ({ provider: new Aws("elsewhere", { region: "eu-west-1" }) })],
    ["by a list of `providers`", () => ({ providers: [new Aws("elsewhere", { region: "eu-west-1" })] })],
    [
      "by a map of `providers`",
      () => ({ providers: { aws: new Aws("elsewhere", { region: "eu-west-1" }) } }),
    ],
    [
      "by its parent's",
      () => {
        const providers = [new Aws("elsewhere", { region: "eu-west-1" })];
        return { parent: new pulumi.ComponentResource("project:index:Fleet", "fleet", {}, { providers }) };
      },
    ],
  ];
  for (const [how, options] of WAYS) {
    describe(`given ${how}`, () => {
      let recording: Recording;
      before(async () => (recording = await recordWith(options)));

      it("makes every child of AWS by it", () => {
        const ofAws = recording.resources.filter(({ type }) => packageOf(type) === "aws");
        assert.deepEqual(ofAws.filter(({ provider }) => provider !== "elsewhere").map(nameIt), []);
        assert.ok(ofAws.length >= 8, `only ${ofAws.length} children of AWS`);
      });

      it("asks every look-up of it", () => {
        assert.deepEqual(
          recording.lookUps.filter(({ provider }) => provider !== "elsewhere"),
          [],
        );
        assert.ok(recording.lookUps.length >= 5, `only ${recording.lookUps.length} look-ups`);
      });

      it("leaves keys and commands to their own providers", () => {
        const others = recording.resources.filter(({ type }) => ["tls", "command"].includes(packageOf(type)));
        assert.deepEqual(others.filter(({ provider }) => provider !== "").map(nameIt), []);
        assert.ok(others.length >= 9, `only ${others.length} keys and commands`);
      });
    });
  }

  it("takes providers of keys and commands as well", async () => {
    const { resources } = await recordWith(() => ({
      providers: [new Aws("elsewhere", {}), new Tls("keys", {}), new Command("shell", {})],
    }));
    const made = resources.filter(({ type }) => packageOf(type) !== "pulumi");
    const byPackage = new Map(made.map(({ type, provider }) => [packageOf(type), provider]));
    assert.deepEqual(Object.fromEntries(byPackage), {
      "pv-to-hvm": "",
      aws: "elsewhere",
      tls: "keys",
      command: "shell",
    });
  });
});

describe("a migration's other options", () => {
  const nobody = () => ({});
  const withDependency = () => ({ dependsOn: new Gate("project:index:Gate", "gate", {}) });

  it("protect protects every child", async () => {
    const { resources } = await recordWith(() => ({ protect: true }));
    assert.deepEqual(resources.filter(({ protect }) => !protect).map(nameIt), []);
  });

  it("without protect no child is protected", async () => {
    const { resources } = await recordWith(nobody);
    assert.deepEqual(resources.filter(({ protect }) => protect).map(nameIt), []);
  });

  it("dependsOn makes every child wait", async () => {
    const { resources } = await recordWith(withDependency);
    const order = resources.map(nameIt);
    assert.equal(order[0], "gate");
    assert.ok(order.length > 20, order.join(", "));
    assert.deepEqual(resources.find(({ name }) => name === "web")?.dependsOn, ["gate"]);
  });

  it("ignoreChanges and customTimeouts are the component's own, as with every component: its children keep theirs", async () => {
    const children = ({ resources }: Recording) =>
      [...resources]
        .sort((one, other) => one.name.localeCompare(other.name))
        .filter(({ name }) => name.startsWith("web-"))
        .map(({ name, ignoreChanges, createTimeout }) => ({ name, ignoreChanges, createTimeout }));
    const plain = await recordWith(nobody);
    const given = await recordWith(() => ({ ignoreChanges: ["tags"], customTimeouts: { create: "1s" } }));
    assert.deepEqual(children(given), children(plain));
  });

  it("a parent's name is in the URN, and no child's name depends on it", async () => {
    const { resources } = await recordWith(() => ({
      parent: new pulumi.ComponentResource("project:index:Fleet", "fleet"),
    }));
    assert.equal(resources.find(({ name }) => name === "web")?.parent, "fleet");
    const strays = resources.filter(
      ({ name, parent }) =>
        !["fleet", "web"].includes(name) && (parent !== "web" || !name.startsWith("web-")),
    );
    assert.deepEqual(strays.map(nameIt), []);
  });

  it("a transformation sees every child, and can change it", async () => {
    const seen: string[] = [];
    await recordWith(() => ({
      transformations: [({ name, props, opts }) => (seen.push(name), { props, opts })],
    }));
    assert.ok(seen.includes("web"));
    assert.ok(seen.includes("web-helper") && seen.includes("web-boot-proof"), seen.join(", "));
  });
});

function nameIt({ name }: Asked): string {
  return name;
}
