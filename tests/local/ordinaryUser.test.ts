/** What an ordinary user meets who has sudo and Debian's PATH: the questions, the programs that are found, whose the files are. */
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  chownSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { handBack } from "../../local/commands/handBack";
import { withSystemFolders } from "../../local/commands/root";
import { makeOrdinaryUser, outcomeOf, type Outcome, type OrdinaryUser } from "./ordinaryUser";

const ROOT = join(__dirname, "..", "..");

/** A program that needs root, as `npm run demo` is one: its word says how it ends. */
const PROGRAM = `
const { execFileSync } = require("node:child_process");
const { mkdirSync, writeFileSync } = require("node:fs");
const { ensureRoot } = require("./dist/local/root.cjs");
ensureRoot().then(() => {
  const nft = execFileSync("sh", ["-c", "command -v nft"], { encoding: "utf8" }).trim();
  mkdirSync(".cache/cloud", { recursive: true });
  writeFileSync(".cache/cloud/state", "");
  console.log(JSON.stringify({ uid: process.getuid(), nft, home: process.env.HOME, mark: process.env.MARK }));
  if (process.argv[2] === "network") {
    const { networkCommand } = require("./network.cjs");
    const machine = { instanceId: "i-0ordinary0user", address: "198.19.254.77", firewall: { ingress: [], egress: [] } };
    const [program, ...args] = networkCommand(machine, ["ip", "-4", "-o", "address", "show", "dev", "eth0"]);
    console.log(execFileSync(program, args, { encoding: "utf8" }));
  }
  if (process.argv[2] === "fail") throw new Error("it went wrong");
  if (process.argv[2] === "wait") setTimeout(() => undefined, 60_000);
  if (process.argv[2] === "status") process.exitCode = 3;
});
`;

describe("an ordinary user with sudo", function () {
  this.timeout(120_000);
  let user: OrdinaryUser;
  let checkout: string;

  before(() => {
    user = makeOrdinaryUser();
    checkout = mkdtempSync(join(tmpdir(), "checkout-"));
    for (const name of ["Pulumi.yaml", "local/setup.sh", "dist/local/root.cjs"])
      cpSync(join(ROOT, name), join(checkout, name), { recursive: true });
    writeFileSync(join(checkout, "program.cjs"), PROGRAM);
    const [from, outfile] = [join(ROOT, "local/machines/network.ts"), join(checkout, "network.cjs")];
    buildSync({ entryPoints: [from], bundle: true, platform: "node", outfile });
    execFileSync("chown", ["-Rh", `${user.uid}:${user.gid}`, checkout]);
  });

  after(() => {
    user.remove();
    rmSync(checkout, { recursive: true, force: true });
  });

  const belongsToRoot = () =>
    execFileSync("find", [checkout, "-not", "-uid", String(user.uid)], { encoding: "utf8" });

  const run = (word: string, env = {}): Promise<Outcome> =>
    outcomeOf(user.start(["node", "program.cjs", word], { cwd: checkout, env }));

  it("runs a program as root, which finds what root's PATH has, and keeps the user's settings", async () => {
    const { status, said } = await run("end", { MARK: "mine", npm_config_cache: join(user.home, ".npm") });
    assert.equal(status, 0, said);
    assert.match(said, /sudo: root is needed to mount file systems/);
    const { nft, ...rest } = JSON.parse(said.slice(said.indexOf("{"))) as Record<string, unknown>;
    assert.deepEqual(rest, { uid: 0, home: "/root", mark: "mine" });
    assert.match(String(nft), /\/sbin\/nft$/);
  });

  it("gives a machine its network and its firewall", async () => {
    const { status, said } = await run("network");
    assert.equal(status, 0, said);
    assert.match(said, /eth0 +inet 198\.19\.254\.77\/31/);
  });

  for (const [word, expected] of [
    ["end", 0],
    ["status", 3],
    ["fail", 1],
  ] as const)
    it(`owns what a program has left that ends with status ${expected}: ${word}`, async () => {
      const { status } = await run(word);
      assert.equal(status, expected);
      assert.equal(belongsToRoot(), "");
      assert.ok(statSync(join(checkout, ".cache/cloud/state")).isFile());
    });

  it("owns what a program has left that Ctrl-C has ended", async () => {
    const child = user.start(["node", "program.cjs", "wait"], { cwd: checkout });
    // As a terminal does it: to all of the group at once.
    const { status, said } = await outcomeOf(
      child,
      (soFar) => soFar.includes("{") && process.kill(-child.pid!, "SIGINT"),
    );
    assert.equal(status, 130, said);
    assert.equal(belongsToRoot(), "");
  });

  it("removes the whole checkout's cache without help", async () => {
    await run("end");
    const { status, said } = await outcomeOf(user.start(["rm", "-r", ".cache"], { cwd: checkout }));
    assert.equal(status, 0, said);
  });

  describe("is asked by the set-up", () => {
    const stub = (file: string, text: string) => {
      const name = join(checkout, "stub");
      writeFileSync(name, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
      return `mount --bind '${name}' ${file}`;
    };
    const setUp = (mounts: string) =>
      outcomeOf(user.start(["bash", "local/setup.sh", "--for", "test"], { cwd: checkout, mounts }));

    it("for root by name, and told how to get the right to it", async () => {
      const { status, said } = await setUp(stub("/usr/bin/sudo", `echo "asked: $*"; exit 1`));
      assert.equal(status, 1);
      assert.match(
        said,
        /root is needed to mount file systems, to start machines .*sudo asks for your password/,
      );
      assert.match(said, /asked: true\nsudo did not let \S+ become root\..*usermod -aG sudo pv-to-hvm-\d+\)/);
    });

    it("for a package by name, with what it is for, through sudo", async () => {
      const apt = stub("/usr/bin/apt-get", `echo "as $(id -un): apt-get $*"; exit 100`);
      const { status, said } = await setUp(`mount -t tmpfs empty /usr/share/seabios && ${apt}`);
      assert.equal(status, 1);
      assert.match(said, /missing: seabios \(the firmware of these guests\)\n/);
      assert.match(said, /as root: apt-get update -q\napt-get could not install: seabios\./);
    });
  });
});

describe("the PATH of a program that needs root", () => {
  for (const [path, complete] of [
    ["/usr/local/bin:/usr/bin:/bin", "/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"],
    ["/usr/sbin:/usr/bin", "/usr/sbin:/usr/bin:/usr/local/sbin:/sbin"],
    ["", "/usr/local/sbin:/usr/sbin:/sbin"],
    ["/usr/local/sbin:/usr/sbin:/sbin:/opt", "/usr/local/sbin:/usr/sbin:/sbin:/opt"],
  ])
    it(`is ${complete} for ${path || "none"}`, () => assert.equal(withSystemFolders(path), complete));
});

describe("what belongs to root in a checkout", () => {
  const owner = { uid: 54_321, gid: 54_322 };
  const ownerOf = (file: string) => `${lstatSync(file).uid}:${lstatSync(file).gid}`;
  let checkout: string;
  let elsewhere: string;

  before(() => {
    [checkout, elsewhere] = ["checkout-", "elsewhere-"].map((name) => mkdtempSync(join(tmpdir(), name)));
    const folders = ["images/.partial-pv-debian-1", "images/.partial-pv-debian-4194999", "cloud"];
    for (const folder of folders) {
      mkdirSync(join(checkout, ".cache", folder), { recursive: true });
      writeFileSync(join(checkout, ".cache", folder, "file"), "");
    }
    writeFileSync(join(checkout, "mine"), "");
    chownSync(join(checkout, "mine"), 54_323, 54_323);
    writeFileSync(join(elsewhere, "file"), "");
    symlinkSync(elsewhere, join(checkout, ".cache", "link"));
    handBack(checkout, owner);
  });

  after(() => [checkout, elsewhere].forEach((folder) => rmSync(folder, { recursive: true, force: true })));

  for (const [file, expected] of [
    [".", "54321:54322"],
    [".cache/cloud/file", "54321:54322"],
    [".cache/link", "54321:54322"],
    // Of a process that is gone.
    [".cache/images/.partial-pv-debian-4194999/file", "54321:54322"],
    // Process 1 lives: its guest's files must stay root's.
    [".cache/images/.partial-pv-debian-1/file", "0:0"],
    ["mine", "54323:54323"],
  ])
    it(`becomes its owner's where it is to: ${file}`, () =>
      assert.equal(ownerOf(join(checkout, file)), expected));

  it("is not looked for behind a link", () => assert.equal(ownerOf(join(elsewhere, "file")), "0:0"));

  it("is not looked for in what is mounted there of the same disk", () => {
    const [other, foreign] = [
      mkdtempSync(join(tmpdir(), "checkout-")),
      mkdtempSync(join(tmpdir(), "foreign-")),
    ];
    writeFileSync(join(foreign, "file"), "");
    mkdirSync(join(other, "a folder"));
    execFileSync("mount", ["--bind", foreign, join(other, "a folder")]);
    try {
      handBack(other, owner);
    } finally {
      execFileSync("umount", [join(other, "a folder")]);
    }
    assert.deepEqual(
      [ownerOf(other), ownerOf(foreign), ownerOf(join(foreign, "file"))],
      ["54321:54322", "0:0", "0:0"],
    );
    for (const folder of [other, foreign]) rmSync(folder, { recursive: true });
  });

  it("is looked for in a cache that is a link to another disk", () => {
    const other = mkdtempSync(join(tmpdir(), "checkout-"));
    symlinkSync(elsewhere, join(other, ".cache"));
    handBack(other, owner);
    assert.equal(ownerOf(join(elsewhere, "file")), "54321:54322");
    rmSync(other, { recursive: true, force: true });
  });
});
