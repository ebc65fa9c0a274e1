import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { bootProofScript, parseBootProof } from "../../components/steps/bootProof";
import { waitForCloudInit } from "../../components/steps/cloudInit";
import { stepCommand, type StepCommand } from "../../components/steps/commands";
import { HELPER_PACKAGES, helperUserData } from "../../components/steps/userData";
import { assertGolden, without } from "./golden";
import { BOOT_PROOF, FILESYSTEM_UUID } from "./report/reports";

const USER_DATA = {
  hostKey: {
    privateKey:
      "-----BEGIN OPENSSH PRIVATE KEY-----\nbGluZSBvbmU=\nbGluZSB0d28=\n-----END OPENSSH PRIVATE KEY-----\n",
    publicKey: "ssh-ed25519 AAAAHOST\n",
  },
  authorizedKey: "ssh-ed25519 AAAACLIENT\n",
};

/** Runs a script with programs of its own in front of the machine's, which lie in `machines`. */
function runShell(
  shell: string,
  script: string,
  programs: Record<string, string>,
  machines = process.env.PATH ?? "",
  { input = "", env: more = {} }: { input?: string; env?: Record<string, string> } = {},
) {
  const directory = mkdtempSync(join(tmpdir(), "programs-"));
  for (const [name, body] of Object.entries(programs)) {
    writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  // A home without a .bashrc: Debian's bash reads it where the input is a socket, as under sshd, and as spawnSync's is.
  const env = { ...process.env, ...more, HOME: directory, PATH: `${directory}:${machines}` };
  const result = spawnSync(`/bin/${shell}`, ["-c", script], { encoding: "utf8", env, input });
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

describe("apt in the helper's user data", () => {
  const script = parse(helperUserData(USER_DATA)).runcmd[0] as string;

  // Ubuntu's daily timers begin with the first boot, and hold the lists' lock first.
  it("waits for whoever holds apt's locks, of its lists as well", () => {
    const programs = { "dpkg-query": "exit 1", "apt-get": 'echo "apt-get $*"' };
    const calls = runShell("dash", script, programs).stdout.trim().split("\n");
    assert.equal(calls.length, 2);
    for (const call of calls) assert.match(call, / -o DPkg::Lock::Timeout=300( |$)/);
  });
});

describe("the helper's vsyscall page", () => {
  const script = parse(helperUserData(USER_DATA)).bootcmd[0] as string;
  const SETTING = "etc/default/grub.d/90-vsyscall.cfg";
  const STAMP = "var/lib/pv-to-hvm-vsyscall";
  const KERNEL = "boot/vmlinuz-6.12.0";
  const PAGE = "ffffffffff600000-ffffffffff601000 r-xp 00000000 00:00 0 [vsyscall]";

  /** A helper's files and programs; each case changes what it is about. */
  interface Machine {
    maps: string;
    files: string[];
    programs: Record<string, string>;
  }
  const DEBIAN: Machine = {
    maps: "7ffd0-7ffd1 r-xp 00000000 00:00 0 [vdso]",
    files: [KERNEL, "etc/default/grub.d/10_cloud.cfg"],
    programs: {
      ...{ "systemd-detect-virt": "exit 1", uname: "echo 6.12.0", "update-grub": "echo update-grub" },
      ...{ systemctl: 'echo "systemctl $*"', sync: "", sleep: 'echo "sleep $*"' },
      ...{ grep: 'exec /bin/grep "$@"', touch: 'exec /bin/touch "$@"', rm: 'exec /bin/rm "$@"' },
    },
  };

  /** Runs the script in a folder that stands for the machine's root, and says what it did. */
  function boot(shell: string, { maps, files, programs }: Machine) {
    const root = mkdtempSync(join(tmpdir(), "helper-"));
    const write = (name: string, text: string) => {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    };
    write("proc/self/maps", `${maps}\n`);
    for (const name of files) write(name, "");
    mkdirSync(join(root, "var/lib"), { recursive: true });
    const inRoot = script.replace(/\/(?=(?:proc|etc|boot|var)\/)/g, `${root}/`);
    const { status, stdout, stderr } = runShell(shell, inRoot, programs, "");
    const setting = existsSync(join(root, SETTING)) ? readFileSync(join(root, SETTING), "utf8") : undefined;
    const stamped = existsSync(join(root, STAMP));
    rmSync(root, { recursive: true });
    return { status, stdout, stderr, setting, stamped };
  }

  const NOTHING = { status: 0, stdout: "", stderr: "", setting: undefined, stamped: false };
  const but = (change: Partial<Machine>): Machine => ({ ...DEBIAN, ...change });
  const running = (programs: Record<string, string>) =>
    but({ programs: { ...DEBIAN.programs, ...programs } });
  const LEFT_ALONE: [title: string, machine: Machine, outcome: object][] = [
    ["where it is there", but({ maps: PAGE }), NOTHING],
    ["in a container", running({ "systemd-detect-virt": "exit 0" }), NOTHING],
    ["where it was tried before", but({ files: [...DEBIAN.files, STAMP] }), { ...NOTHING, stamped: true }],
    ["where GRUB reads no such folder", but({ files: [KERNEL] }), NOTHING],
    ["where the kernel is not in /boot", but({ files: DEBIAN.files.slice(1) }), NOTHING],
    [
      "where there is no update-grub",
      but({ programs: without(DEBIAN.programs, "update-grub") as Machine["programs"] }),
      NOTHING,
    ],
  ];

  for (const shell of ["dash", "bash"]) {
    it(`is a script that ${shell} can read`, () => {
      assert.equal(spawnSync(shell, ["-n", "-c", script], { encoding: "utf8" }).stderr, "");
    });

    it(`is had by booting once more, and waiting for it (${shell})`, () => {
      assert.deepEqual(boot(shell, DEBIAN), {
        status: 0,
        stdout: "update-grub\nsystemctl reboot --force\nsleep 300\n",
        stderr: "",
        setting: 'GRUB_CMDLINE_LINUX="$GRUB_CMDLINE_LINUX vsyscall=emulate"\n',
        stamped: true,
      });
    });

    for (const [title, machine, outcome] of LEFT_ALONE) {
      it(`is left alone ${title} (${shell})`, () => assert.deepEqual(boot(shell, machine), outcome));
    }

    it(`is given up, and the setting taken back, where update-grub fails (${shell})`, () => {
      const { stdout, ...rest } = boot(shell, running({ "update-grub": "exit 1" }));
      assert.equal(stdout, "");
      assert.deepEqual(rest, { status: 0, stderr: "", setting: undefined, stamped: true });
    });

    it(`is no reason to fail where the machine does not reboot (${shell})`, () => {
      const { status, stdout } = boot(shell, running({ systemctl: "exit 1" }));
      assert.deepEqual([status, stdout], [0, "update-grub\n"]);
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
    seconds: 6000,
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
    [{ layout: "gpt" }, `timeout -k 30 6000 ${converter} copy vol-1 vol-2 --json --layout gpt`],
    [
      { step: "verify", skipRehearsal: true },
      `timeout -k 30 6000 ${converter} verify vol-1 vol-2 --json --no-rehearsal`,
    ],
    [{ step: "inspect" }, `sh -s timeout -k 30 6000 ${converter} inspect vol-1 vol-2 --json`],
    [
      {
        step: "rehearse",
        ...{ seconds: 360, rehearsalSeconds: 60 },
        ...{ families: ["xen"], grow: true, layout: "gpt" },
      },
      `timeout -k 30 360 ${converter} rehearse vol-2 --json --timeout 60`,
    ],
  ];
  for (const [change, command] of ROWS) {
    it(`of ${JSON.stringify(change)} is ${command}`, () =>
      assert.equal(stepCommand({ ...base, ...change }).replace(/ \|\| \{.*/, ""), command));
  }

  const ENDS: [step: StepCommand["step"], status: number, said: string][] = [
    ["copy", 0, ""],
    ["copy", 4, ""],
    ["copy", 124, "ended after 6000 s, its limit: run it again, or raise timeouts.stepSeconds\n"],
    ["inspect", 124, "ended after 6000 s, its limit: run it again, or raise timeouts.stepSeconds\n"],
    ["rehearse", 124, "ended after 6000 s, its limit: run it again, or raise rehearsal.timeoutSeconds\n"],
  ];
  for (const [step, status, said] of ENDS) {
    it(`of ${step} ends as its program does, with ${status}, and says ${said.trim() || "nothing"}`, () => {
      const ended = `exit ${status}`;
      const { stderr, status: last } = runShell(
        "sh",
        stepCommand({ ...base, step }),
        { timeout: ended },
        undefined,
        {
          input: 'exec "$@"\n',
        },
      );
      assert.deepEqual([stderr, last], [said, status]);
    });
  }
});

describe("the first step's wait for cloud-init", () => {
  const SCRIPT = waitForCloudInit(60);

  /** What `ssh-keygen` leaves: its last word is the key's file. */
  const makesKey = 'for file; do :; done; echo "ecdsa-sha2-nistp256 AAAAOWN pv-to-hvm" > "$file.pub"';

  /** Runs it in front of `echo inspected`, with a cloud-init of ours and a clock that takes no time. */
  function wait(
    shell: string,
    cloudInit: string,
    log = "Setting up grub-common\n",
    sleep = "exit 0",
    { instanceId = "", shows = "exit 1" } = {},
  ) {
    const directory = mkdtempSync(join(tmpdir(), "cloud-init-"));
    const file = join(directory, "output.log");
    writeFileSync(file, log);
    for (const folder of ["data", "run", "ssh"]) mkdirSync(join(directory, folder));
    if (instanceId) writeFileSync(join(directory, "data/instance-id"), `${instanceId}\n`);
    // No program of the machine's own gets near its sshd.
    const sshd = { systemctl: "exit 1", "ssh-keygen": makesKey, "ssh-keyscan": shows };
    const programs = { "cloud-init": cloudInit, sleep, ...sshd };
    const script = SCRIPT.replaceAll("/var/log/cloud-init-output.log", file)
      .replaceAll("/var/lib/cloud/data/", join(directory, "data/"))
      .replaceAll("/run/sshd.pid", join(directory, "run/sshd.pid"))
      .replaceAll("/etc/ssh/", join(directory, "ssh/"));
    const inspect = "sh -c 'echo inspected $PV_TO_HVM_HOST_KEY'";
    const ended = runShell(shell, `exec $SHELL_UNDER_TEST -s ${inspect}`, programs, undefined, {
      input: script,
      env: { SHELL_UNDER_TEST: shell, DIRECTORY: directory },
    });
    rmSync(directory, { recursive: true });
    return ended;
  }

  for (const shell of ["dash", "bash"]) {
    // cloud-init status --wait: 0 done, 1 failed, 2 done with warnings.
    for (const status of [0, 2]) {
      it(`ends in the inspection when cloud-init ends with ${status} (${shell})`, () => {
        const { stdout, stderr, status: ended } = wait(shell, `echo ....; exit ${status}`, "", "exit 1");
        assert.deepEqual([stdout, stderr, ended], ["inspected\n", "", 0]);
      });
    }

    it(`tells the inspection of a host key that the helper has made and that its sshd shows (${shell})`, () => {
      const asked = {
        instanceId: "i-1",
        shows: 'echo "# 127.0.0.1:22 SSH-2.0-x"; echo "127.0.0.1 ecdsa-sha2-nistp256 AAAAOWN"',
      };
      const { stdout, status } = wait(shell, "exit 0", "", "exit 0", asked);
      assert.deepEqual([stdout, status], ["inspected i-1 ecdsa-sha2-nistp256 AAAAOWN\n", 0]);
    });

    for (const [what, asked] of [
      ["it is shown another", { instanceId: "i-1", shows: 'echo "127.0.0.1 ecdsa-sha2-nistp256 AAAAOTHER"' }],
      ["its sshd shows none", { instanceId: "i-1", shows: "exit 1" }],
      ["it is no instance", { shows: 'echo "127.0.0.1 ecdsa-sha2-nistp256 AAAAOWN"' }],
    ] as [string, { instanceId?: string; shows: string }][]) {
      it(`tells of no host key where ${what} (${shell})`, () => {
        const { stdout, status } = wait(shell, "exit 0", "", "exit 0", asked);
        assert.deepEqual([stdout, status], ["inspected\n", 0]);
      });
    }

    it(`shows the log's end and the way out when cloud-init fails (${shell})`, () => {
      const { stdout, stderr, status } = wait(shell, "exit 1", "E: no mirror\n", "exit 1");
      assert.deepEqual([stdout, status], ["", 1]);
      assert.match(
        stderr,
        /^E: no mirror\nFAILED: cloud-init did not get the helper ready.* a new revision\n$/,
      );
    });

    it(`gives up after its seconds, and says by which argument to wait longer (${shell})`, () => {
      const { stdout, stderr, status } = wait(shell, "exit 124", "", "exit 1");
      assert.deepEqual([stdout, status], ["", 1]);
      assert.match(stderr, /^FAILED: cloud-init was not through after 60 s: .*timeouts\.helperSeconds\n$/);
    });

    it(`says again and again what cloud-init is doing, a line each, and stops when it is through (${shell})`, () => {
      // cloud-init is through once it has been asked for the third time, by the program that paces the telling.
      const paced =
        'echo >> "$DIRECTORY/asked"; [ "$(wc -l < "$DIRECTORY/asked")" -le 3 ] || exec /bin/sleep 600';
      const through = 'until [ "$(wc -l < "$DIRECTORY/asked" 2>/dev/null || echo 0)" -ge 4 ]; do :; done';
      const log = "Reading database ... 5%\rReading database ... 100%";
      const { stdout, stderr, status } = wait(shell, through, log, paced);
      assert.deepEqual([stdout, status], ["inspected\n", 0]);
      const line = "waiting for cloud-init: Reading database ... 100%\n";
      assert.equal(stderr, line.repeat(3));
    });
  }

  it("paces its telling by less than ten seconds", () => {
    const [, seconds] = /while sleep (\d+)/.exec(SCRIPT) ?? [];
    assert.ok(Number(seconds) <= 9, seconds);
  });
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

  const REACHED = "boot-proof: logged in, asking what it runs from";
  const ask = (uuid: string, vendorFile = "sys_vendor") => {
    const script = bootProofScript(uuid)
      .replace("/sys/class/dmi/id/sys_vendor", join(directory, vendorFile))
      .replace("/dev/disk/by-uuid", join(directory, "by-uuid"));
    return spawnSync("sh", ["-c", script], { encoding: "utf8" });
  };

  it("proves a root filesystem that / lies on", () => {
    const { status, stdout, stderr } = ask(FILESYSTEM_UUID);
    assert.equal(stderr, `${REACHED}\n`);
    assert.equal(status, 0);
    assert.equal(parseBootProof(stdout).vendor, "Amazon EC2");
    assert.ok(parseBootProof(stdout).uptimeSeconds > 0);
  });

  const FAILURES: [title: string, uuid: string, vendor: string, message: RegExp][] = [
    ["a machine without firmware tables", FILESYSTEM_UUID, "none", /^FAILED: no firmware tables/m],
    [
      "a filesystem that no disk carries",
      "cccc-dddd",
      "sys_vendor",
      /^FAILED: no disk carries .* cccc-dddd/m,
    ],
    [
      "a filesystem that / does not lie on",
      "aaaa-bbbb",
      "sys_vendor",
      /^FAILED: \/ is not the filesystem aaaa-bbbb/m,
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
