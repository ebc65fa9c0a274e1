import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { bootProofScript, parseBootProof } from "../../components/bootProof";
import { secondsFor, stepCommand, type StepCommand } from "../../components/commands";
import { HELPER_PACKAGES, helperUserData } from "../../components/userData";
import { assertGolden } from "./golden";
import { BOOT_PROOF, FILESYSTEM_UUID } from "./reports";

const USER_DATA = {
  hostKey: {
    privateKey:
      "-----BEGIN OPENSSH PRIVATE KEY-----\nbGluZSBvbmU=\nbGluZSB0d28=\n-----END OPENSSH PRIVATE KEY-----\n",
    publicKey: "ssh-ed25519 AAAAHOST\n",
  },
  authorizedKey: "ssh-ed25519 AAAACLIENT\n",
};

/** Runs a script with programs of its own in front of the machine's. */
function runShell(shell: string, script: string, programs: Record<string, string>) {
  const directory = mkdtempSync(join(tmpdir(), "programs-"));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  const env = { ...process.env, PATH: `${directory}:${process.env.PATH}` };
  const result = spawnSync(shell, ["-c", script], { encoding: "utf8", env });
  rmSync(directory, { recursive: true });
  return result;
}

describe("the helper's user data", () => {
  const text = helperUserData(USER_DATA);

  it("is this file", () => assertGolden("user-data.yaml", text));

  it("is YAML that carries the keys unchanged", () => {
    const config = parse(text);
    assert.equal(config.ssh_keys.ed25519_private, USER_DATA.hostKey.privateKey);
    assert.equal(config.ssh_keys.ed25519_public, USER_DATA.hostKey.publicKey.trim());
    assert.deepEqual(config.ssh_authorized_keys, [USER_DATA.authorizedKey.trim()]);
    assert.equal(config.ssh_pwauth, false);
    assert.equal(config.disable_root, false);
  });

  it("fits into RunInstances' 16 KiB", () => assert.ok(Buffer.byteLength(text) < 16 * 1024));

  for (const shell of ["dash", "bash"]) {
    it(`installs with ${shell} only what is missing, and nothing where nothing is`, () => {
      const script = parse(text).runcmd[0] as string;
      const run = (installed: string) =>
        runShell(shell, script, { "dpkg-query": installed, "apt-get": 'echo "apt-get $*"' }).stdout;
      assert.equal(run("echo install ok installed"), "");
      const some = run('[ "$4" = lzop ] || echo install ok installed');
      assert.match(some, /^apt-get update .*\napt-get install .* lzop\n$/);
      assert.ok(run("exit 1").trim().endsWith(HELPER_PACKAGES.join(" ")));
    });
  }
});

describe("a step's command", () => {
  const base: StepCommand = {
    step: "copy",
    sourceVolumeId: "vol-1",
    destinationVolumeId: "vol-2",
    expect: "0123456789abcdef",
    grow: false,
    sizeGb: 10,
    rehearsalSeconds: 600,
    skipRehearsal: false,
  };
  const converter = "node /root/pv-to-hvm.cjs --expect 0123456789abcdef";
  const ROWS: [change: Partial<StepCommand>, command: string][] = [
    [{}, `timeout -k 30 6000 ${converter} copy vol-1 vol-2 --json`],
    [{ families: ["xen"] }, `timeout -k 30 6000 ${converter} copy vol-1 vol-2 --json --for xen`],
    [
      { families: ["xen", "nitro"], grow: true },
      `timeout -k 30 6000 ${converter} copy vol-1 vol-2 --json --for xen,nitro --grow`,
    ],
    [
      { step: "verify", skipRehearsal: true },
      `timeout -k 30 6000 ${converter} verify vol-1 vol-2 --json --no-rehearsal`,
    ],
    [{ step: "partition" }, `timeout -k 30 600 ${converter} partition vol-1 vol-2 --json`],
    [
      { step: "rehearse", rehearsalSeconds: 60, families: ["xen"], grow: true },
      `timeout -k 30 360 ${converter} rehearse vol-2 --json --timeout 60`,
    ],
  ];
  for (const [change, command] of ROWS) {
    it(`of ${JSON.stringify(change)} is ${command}`, () =>
      assert.equal(stepCommand({ ...base, ...change }), command));
  }

  // cloud-init status --wait: 0 done, 1 failed, 2 done with warnings.
  for (const [status, goesOn] of [
    [0, true],
    [2, true],
    [1, false],
  ] as const) {
    it(`${goesOn ? "inspects" : "stops with the reason"} when cloud-init ends with ${status}`, () => {
      const {
        stdout,
        stderr,
        status: ended,
      } = runShell("sh", stepCommand({ ...base, step: "inspect" }), {
        "cloud-init": `echo said; exit ${status}`,
        timeout: "echo inspected",
        tail: "echo its last lines",
      });
      assert.equal(stdout, goesOn ? "inspected\n" : "");
      assert.equal(ended, goesOn ? 0 : 1);
      assert.equal(stderr.includes("FAILED: cloud-init did not get the helper ready"), !goesOn);
    });
  }

  it("gives a bigger disk more time", () =>
    assert.ok(secondsFor({ ...base, sizeGb: 100 }) > secondsFor(base)));
});

describe("the boot proof", () => {
  it("asks by this script", () => assertGolden("boot-proof.sh", bootProofScript(FILESYSTEM_UUID)));

  it("puts nothing but a UUID into the script", () => {
    for (const uuid of ["", "; reboot", "$(reboot)", "0f2d 4c3a"]) {
      assert.throws(() => bootProofScript(uuid), /no UUID of the root filesystem/);
    }
  });

  it("is read line by line", () => {
    assert.deepEqual(parseBootProof(BOOT_PROOF), {
      virtualization: "hvm",
      vendor: "Amazon EC2",
      kernel: "6.1.0-37-amd64",
      rootDevice: "/dev/nvme0n1p1",
      rootUuid: FILESYSTEM_UUID,
      addresses: ["10.0.0.7/24", "fe80::1/64"],
      uptimeSeconds: 41,
    });
  });

  it("names the line that is missing", () => {
    assert.throws(() => parseBootProof("virtualization=hvm\n"), /no line vendor=/);
  });
});

describe("the boot proof's script, run by a shell,", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "boot-proof-"));
    writeFileSync(join(directory, "sys_vendor"), "Amazon EC2\n");
    mkdirSync(join(directory, "by-uuid"));
    // A node with the numbers of the device that / really lies on, under the name that udev would give.
    const { dev } = statSync("/", { bigint: true });
    const major = ((dev >> 8n) & 0xfffn).toString();
    const minor = (dev & 0xffn).toString();
    spawnSync("mknod", [join(directory, "by-uuid", FILESYSTEM_UUID), "b", major, minor]);
    spawnSync("mknod", [join(directory, "by-uuid", "aaaa-bbbb"), "b", "259", "255"]);
  });
  after(() => rmSync(directory, { recursive: true }));

  const ask = (uuid: string, vendorFile = "sys_vendor") => {
    const script = bootProofScript(uuid)
      .replace("/sys/class/dmi/id/sys_vendor", join(directory, vendorFile))
      .replace("/dev/disk/by-uuid", join(directory, "by-uuid"));
    return spawnSync("sh", ["-c", script], { encoding: "utf8" });
  };

  it("proves a root filesystem that / lies on", () => {
    const { status, stdout, stderr } = ask(FILESYSTEM_UUID);
    assert.equal(stderr, "");
    assert.equal(status, 0);
    assert.equal(parseBootProof(stdout).vendor, "Amazon EC2");
    assert.ok(parseBootProof(stdout).uptimeSeconds > 0);
  });

  const FAILURES: [title: string, uuid: string, vendor: string, message: RegExp][] = [
    ["a machine without firmware tables", FILESYSTEM_UUID, "none", /^FAILED: no firmware tables/],
    ["a filesystem that no disk carries", "cccc-dddd", "sys_vendor", /^FAILED: no disk carries .* cccc-dddd/],
    [
      "a filesystem that / does not lie on",
      "aaaa-bbbb",
      "sys_vendor",
      /^FAILED: \/ is not the filesystem aaaa-bbbb/,
    ],
  ];
  for (const [title, uuid, vendor, message] of FAILURES) {
    it(`fails on ${title}`, () => {
      const { status, stderr } = ask(uuid, vendor);
      assert.equal(status, 1);
      assert.match(stderr, message);
    });
  }
});
