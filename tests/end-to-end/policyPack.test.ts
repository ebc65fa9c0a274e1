/** The policy pack as it is shipped, run by the real engine in front of a program that breaks its rules. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launchNode } from "../../local/host/launchNode";
import { type LanguageHost, startLanguageHost } from "../../local/host/languageHost";
import { type LocalCloud, prepareLocalCloud } from "../../local/prepare";

const ROOT = join(__dirname, "..", "..");
const CACHE = join(ROOT, ".cache", "policy-pack");
const PACK = join(ROOT, "dist", "policy-pack");

/** The PV image and the helper's (HVM) of a seeded cloud; an image that is registered without a word of its virtualization. */
const program = (hvmImage: string) => `
const { Instance } = require("@pulumi/aws/ec2/instance");
const { Ami } = require("@pulumi/aws/ec2/ami");
const subnetId = "subnet-00000000000000001";
new Instance("old", { ami: "ami-00000000000000001", instanceType: "t1.micro", subnetId });
new Instance("new", { ami: "${hvmImage}", instanceType: "t3.micro", subnetId });
new Ami("registered", { rootDeviceName: "/dev/sda1", ebsBlockDevices: [{ deviceName: "/dev/sda1", snapshotId: "snap-1" }] });
`;

interface Preview {
  status: number;
  text: string;
}

describe("the policy pack, on the real engine,", function () {
  this.timeout(600_000);
  let local: LocalCloud;
  let host: LanguageHost;
  let hvmImage: string;

  before(async () => {
    assert.ok(existsSync(join(PACK, "index.js")), "dist/policy-pack is not there: npm run build makes it");
    const directory = join(ROOT, ".cache", "policy-pack-cloud");
    local = await prepareLocalCloud({ root: ROOT, directory, log: (line) => console.log(`      ${line}`) });
    const images = await local.cloud.images.list();
    hvmImage = images.find(({ virtualizationType }) => virtualizationType === "hvm")?.imageId ?? "";
    rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(CACHE, { recursive: true });
    writeFileSync(join(CACHE, "Pulumi.yaml"), "name: fleet\nruntime: nodejs\n");
    writeFileSync(join(CACHE, "Pulumi.prod.yaml"), "config:\n  aws:region: us-east-1\n");
    writeFileSync(join(CACHE, "index.js"), program(hvmImage));
    host = await startLanguageHost(launchNode(join(ROOT, "node_modules", "@pulumi", "pulumi"), CACHE));
    rmSync(join(local.home, "state"), { recursive: true, force: true });
    mkdirSync(join(local.home, "state"));
    await pulumi("stack", "init", "prod");
  });
  after(() => host?.close());

  function pulumi(...words: string[]): Promise<Preview> {
    const env = { ...process.env, ...local.env };
    return new Promise((resolve) =>
      execFile(
        local.engine.pulumi,
        [...words, "--non-interactive"],
        { cwd: CACHE, env },
        (error, out, errors) => resolve({ status: Number(error?.code ?? 0), text: out + errors }),
      ),
    );
  }

  /** `pulumi preview` with the pack, configured so. */
  function preview(config?: object, pack = PACK): Promise<Preview> {
    const file = join(CACHE, "policies.json");
    writeFileSync(file, JSON.stringify(config ?? {}));
    const configured = config === undefined ? [] : ["--policy-pack-config", file];
    return pulumi(
      "preview",
      "--stack",
      "prod",
      `--client=${host.address}`,
      "--policy-pack",
      pack,
      ...configured,
    );
  }

  it("stops a preview with a PV image, with a type of PV times, and with an image that would be registered as PV", async () => {
    const { status, text } = await preview();
    assert.notEqual(status, 0, text);
    assert.match(text, /\[mandatory\] +no-paravirtual-images +\(aws:ec2:Instance: old\)/);
    assert.match(text, /ami: ami-00000000000000001 is paravirtual, and must be HVM/);
    assert.match(text, /\[mandatory\] +no-paravirtual-types +\(aws:ec2:Instance: old\)/);
    assert.match(text, /\[mandatory\] +no-paravirtual-images +\(aws:ec2:Ami: registered\)/);
    assert.doesNotMatch(text, /Instance: new|only-proven-images/);
  });

  it("warns alone, or says nothing, where the configuration has it so, and runs from a copy elsewhere", async () => {
    const copy = join(CACHE, "copied");
    cpSync(PACK, copy, { recursive: true });
    // What `npm install` would put there, by the copy's package.json.
    symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
    const levels = {
      "no-paravirtual-images": "advisory",
      "no-paravirtual-types": { enforcementLevel: "disabled" },
      "only-proven-images": { enforcementLevel: "advisory", stacks: ["prod"] },
    };
    const { status, text } = await preview(levels, copy);
    assert.equal(status, 0, text);
    assert.match(text, /\[advisory\] +no-paravirtual-images +\(aws:ec2:Instance: old\)/);
    assert.doesNotMatch(text, /no-paravirtual-types/);
    assert.match(text, /\[advisory\] +only-proven-images +\(aws:ec2:Instance: new\)/);
    assert.match(text, new RegExp(`ami: ${hvmImage} lacks the tag pv-to-hvm:conversion`));
  });

  it("refuses a configuration that the rule does not have", async () => {
    const { status, text } = await preview({ "no-paravirtual-images": { ifUnknown: "perhaps" } });
    assert.notEqual(status, 0);
    assert.match(text, /ifUnknown/);
  });
});
