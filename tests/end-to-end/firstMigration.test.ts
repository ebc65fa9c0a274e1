/** The page that a newcomer follows, as far as its dry run; the rest of it is in firstMigration.rare.test.ts. */
import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cloud } from "../../local/cloud/cloud";
import { empty } from "../../local/cloud/empty";
import { environmentOf } from "../../local/commands/pulumi";
import { list } from "../../local/cloud/inventory";
import { blocksOf, read } from "../docs/documents";
import { assertShown, followPage, onLocalCloud, PAGE, type Shell } from "./pageRun";

const ROOT = join(__dirname, "..", "..");
/** A checkout that has been set up; its cloud is its own. */
const CHECKOUT = join(ROOT, ".cache", "first-migration");
const CLOUD = join(CHECKOUT, ".cache", "cloud");
const STACK = join(CHECKOUT, "stacks", "Pulumi.dev.yaml");

/** `npm run cloud -- WORDS` without the set-up before it. Says yes where Pulumi asks. */
const shell: Shell = (command) => {
  const [, words] =
    /^npm run cloud -- (.*)$/.exec(command) ?? assert.fail(`no command of the local cloud: ${command}`);
  // Else the test run's own cloud would be meant.
  const env = { ...process.env, PULUMI_SKIP_CONFIRMATIONS: "true", PV_TO_HVM_CLOUD: CLOUD };
  const program = [join(CHECKOUT, "dist", "local", "cloud.cjs"), ...words.split(" ")];
  return new Promise((resolve, reject) =>
    execFile(process.execPath, program, { cwd: CHECKOUT, env, maxBuffer: 2 ** 26 }, (error, out, errors) =>
      error ? reject(new Error(`${command}: ${error.message}\n${out}${errors}`)) : resolve(out + errors),
    ),
  );
};

const file = {
  read: () => readFileSync(STACK, "utf8"),
  write: (text: string) => writeFileSync(STACK, text),
};

describe("the first migration, by hand on the local cloud,", function () {
  this.timeout(600_000);

  before(async () => {
    await empty(new Cloud(CLOUD));
    rmSync(CHECKOUT, { recursive: true, force: true });
    mkdirSync(join(CHECKOUT, ".cache"), { recursive: true });
    for (const name of ["Pulumi.yaml", "package.json", "index.ts", "stacks", "dist"])
      cpSync(join(ROOT, name), join(CHECKOUT, name), { recursive: true });
    for (const name of ["node_modules", ".cache/engine", ".cache/images"])
      symlinkSync(join(ROOT, name), join(CHECKOUT, name));
  });

  after(() => empty(new Cloud(CLOUD)));

  it("goes as the page says, to the plan of the dry run", () => followPage(shell, file, { to: "5." }));

  it("says of an image that is HVM already what the page says", async () => {
    const right = file.read();
    file.write(right.replace("ami-00000000000000001", "ami-00000000000000002").replace("web:", "other:"));
    const block = blocksOf(read(PAGE)).find(({ text }) => text.includes("one problem"))!;
    const shown = { ...block, text: block.text.replace("web:", "other:") };
    const error = await shell("npm run cloud -- pulumi preview").then(
      () => assert.fail("it was not refused"),
      (refusal: Error) => refusal.message,
    );
    assertShown(shown, error);
    file.write(right);
  });

  it("reads what Pulumi's other commands say, and hands a wrong word's status on", async () => {
    assert.match(await shell("npm run cloud -- pulumi config get aws:region"), /^us-east-1$/m);
    assert.match(await shell("npm run cloud -- pulumi stack ls"), /^dev\*/m);
    await assert.rejects(shell("npm run cloud -- pulumi upp"), /unknown command/);
  });

  it("is taken away by destroy", async () => {
    await shell("npm run cloud -- pulumi destroy");
    const left = (await list(new Cloud(CLOUD))).filter(({ kind }) => ["instance", "volume"].includes(kind));
    // EC2 shows one for an hour more.
    assert.deepEqual(
      left.filter(({ state }) => state !== "terminated"),
      [],
    );
  });
});

describe("a command of the page, on the local cloud,", () => {
  const local = onLocalCloud();
  for (const [typed, said] of [
    ["pulumi stack output web\n", "npm run cloud -- pulumi stack output web\n"],
    ["npm ci\npulumi up\n", "npm run cloud -- pulumi up\n"],
    ["aws ec2 describe-images --owners self \\\n  --output table\n", "npm run cloud -- list\n"],
    [
      "  user: ec2-user\n  securityGroupIds: [sg-1] # x\n  keyName: operations\n",
      "  user: root\n  keyName: local\n",
    ],
    ["imageId: ami-0123456789abcdef0\n", "imageId: ami-00000000000000001\n"],
  ])
    it(`is ${JSON.stringify(said)}`, () => assert.equal(local(typed), said));
});

describe("a line that the page shows", () => {
  const XEN = `{"verdicts":[{"boots":true,"family":"xen","why":"xen-blkfront is there early, and xen-netfront is there. More."}]}`;
  const SHOWN: [shown: string, said: string, isSeen: boolean][] = [
    ["    + 12 to create", "Resources:\n    + 12 to create", true],
    ["    + 12 to create", "Resources:\n    + 13 to create", false],
    [" +  aws:ec2:Instance web-helper create", " +  aws:ec2:Instance web-helper create ", true],
    [" +  aws:ec2:Instance web-helper create", " +  aws:ec2:Instance web create", false],
    [`  { "family": "xen", "boots": true, "why": "xen-blkfront is there early, … is there. …" },`, XEN, true],
    [
      `  { "family": "xen", "boots": false, "why": "xen-blkfront is there early, … is there. …" },`,
      XEN,
      false,
    ],
    [
      "verify        NOCHANGE: 16 checks, all well",
      "web-verify created (3s) NOCHANGE: 18 checks, all well",
      true,
    ],
    [
      "verify        NOCHANGE: 16 checks, all well",
      "web-verify created (3s) NOCHANGE: 16 checks, one fails",
      false,
    ],
    ["rehearse  NOCHANGE: booted in 19.2 s", "web-rehearse created (30s) NOCHANGE: booted in 21 s", true],
    ["copy  CHANGED: 361 MiB copied", "web-copy created (3s) CHANGED: 360 MiB copied", true],
    ["kernel          6.1.0-50-amd64", `    kernel        : "6.1.0-51-amd64"`, true],
    ["root device     /dev/nvme0n1p1", `    rootDevice    : "/dev/nvme0n1p1"`, true],
    ["root device     /dev/nvme0n1p1", `    rootDevice    : "/dev/xvda1"`, false],
  ];
  for (const [text, said, isSeen] of SHOWN)
    it(`${isSeen ? "is" : "is not"} seen: ${text.trim()} in ${said.slice(-60)}`, () => {
      const judge = () => assertShown({ language: "", text, line: 1 }, said);
      if (isSeen) judge();
      else assert.throws(judge, /not seen/);
    });
});

describe("the environment of pulumi on the local cloud", () => {
  const env = { PULUMI_CONFIG_PASSPHRASE: "local", PULUMI_BACKEND_URL: "file:///cloud" };

  it("has the cloud's backend, whatever the user's is", () =>
    assert.equal(
      environmentOf({ env }, { PULUMI_BACKEND_URL: "s3://states" }).PULUMI_BACKEND_URL,
      "file:///cloud",
    ));

  for (const [own, passphrase] of [
    [{}, "local"],
    [{ PULUMI_CONFIG_PASSPHRASE: "mine" }, "mine"],
    [{ PULUMI_CONFIG_PASSPHRASE: "" }, ""],
    [{ PULUMI_CONFIG_PASSPHRASE_FILE: "/file" }, undefined],
  ] as const)
    it(`has the passphrase ${passphrase} where the user's own is ${JSON.stringify(own)}`, () =>
      assert.equal(environmentOf({ env }, own).PULUMI_CONFIG_PASSPHRASE, passphrase));
});
