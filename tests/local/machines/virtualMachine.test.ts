import assert from "node:assert/strict";
import * as fs from "node:fs";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import { openMachine } from "../../../local/machines";
import { TOOLBOX_VARIABLE } from "../../../local/machines/toolbox";
import type { Machine, MachineSpec } from "../../../local/machines/machine";
import { livePid } from "../../../local/machines/process";
import { Bench, hostInterfaces, imageNamedBy, untilGone } from "./launch";

/** Under TCG, on a busy machine. */
const BOOT_SECONDS = 300;

async function untilConsole(machine: Machine, pattern: RegExp, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  const text = () =>
    fs.existsSync(machine.consoleFile) ? fs.readFileSync(machine.consoleFile, "latin1") : "";
  while (!pattern.test(text())) {
    assert.ok(
      Date.now() < end,
      `the console does not show ${pattern} after ${seconds} s, but:\n${text().slice(-2000)}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What a start does with a filesystem that was in use; afterwards not one error is left. */
function replayJournal(file: string): void {
  execFileSync("e2fsck", ["-E", "journal_only", "-y", file], { stdio: "pipe" });
  execFileSync("e2fsck", ["-fn", file], { stdio: "pipe" });
}

/** A file's text; empty where it is not there. */
function fileIn(disk: string, file: string): string {
  return execFileSync("debugfs", ["-R", `cat ${file}`, disk], { encoding: "utf8", stdio: "pipe" });
}

describe("a virtual machine (needs root)", function () {
  this.timeout((BOOT_SECONDS + 120) * 1000);
  let bench: Bench;
  const machines: Machine[] = [];

  before(() => {
    process.env[TOOLBOX_VARIABLE] = imageNamedBy("PV_TO_HVM_HELPER_IMAGE");
    bench = new Bench();
  });
  after(async () => {
    for (const machine of machines) await machine.destroy();
    bench?.remove();
  });

  function open(spec: MachineSpec): Machine {
    const machine = openMachine("virtual-machine", spec);
    machines.push(machine);
    return machine;
  }

  describe("of a PV image", () => {
    let spec: MachineSpec;
    let machine: Machine;
    const ssh = (command: string) => bench.ssh(spec.address, command, { seconds: BOOT_SECONDS });

    before(async () => {
      spec = bench.spec(1, bench.volume(10, imageNamedBy("PV_TO_HVM_SAMPLE_IMAGE")), { boot: "pv-grub" });
      machine = open(spec);
      await machine.start([]);
    });

    it("boots what its own menu names, and lets in the key that its metadata serves", async () => {
      assert.match(await ssh("cat /proc/cmdline"), /^root=\/dev\/vda ro console=ttyS0/);
      assert.match(await ssh("cat /proc/mounts"), /^\/dev\/\S+ \/ ext4 rw/m);
    });

    it("has its id from the metadata service, and is an EC2 instance by its UUID", async () => {
      const id = await ssh("wget -q -O - http://169.254.169.254/latest/meta-data/instance-id");
      assert.equal(id, spec.instanceId);
      assert.match(await ssh("cat /sys/class/dmi/id/product_uuid"), /^ec2/i);
    });

    it("is a QEMU under a filter of system calls, with two privileges and no way to others", () => {
      const pid = livePid(spec.directory) ?? assert.fail("it has ended");
      const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
      assert.match(status, /^Seccomp:\t2$/m);
      assert.match(status, /^NoNewPrivs:\t1$/m);
      // CAP_DAC_OVERRIDE (bit 1) and CAP_NET_BIND_SERVICE (bit 10).
      assert.match(status, /^CapEff:\t0{13}402$/m);
    });

    it("reaches nothing else", async () => {
      const found = await ssh("wget -q -O - --timeout=3 --tries=1 http://169.254.169.2/ || echo unreachable");
      assert.equal(found, "unreachable");
    });

    it("takes a volume while it runs, and lets go of it", async () => {
      const volume = bench.volume(11, 64);
      const disks = "grep -c 65536 /proc/partitions || true";
      await machine.attach(volume);
      assert.equal(
        await ssh(
          `for try in 1 2 3 4 5; do grep -q 65536 /proc/partitions && break; sleep 1; done; ${disks}`,
        ),
        "1",
      );
      await machine.detach(volume);
      assert.equal(await ssh(disks), "0");
    });

    it("copies a volume as it is at one moment, while the guest goes on writing", async () => {
      const copy = path.join(bench.folder, "copy.raw");
      await ssh("echo flushed > /root/before; sync");
      const counting = "n=0; while [ ! -e /root/enough ]; do n=$((n+1)); echo $n > /root/counter; sync; done";
      await ssh(`(${counting}) > /dev/null 2>&1 &`);
      assert.equal(await machine.beginCopy(spec.rootVolume, "snap-1", copy), true);
      await ssh("echo late > /root/after; sync; touch /root/enough");
      // Whoever waits for it need not be who began it.
      await openMachine("virtual-machine", spec).finishCopy("snap-1");
      assert.equal(fs.statSync(copy).size, fs.statSync(spec.rootVolume.file).size);
      // Crash-consistent: the journal makes it whole, and what had been flushed is there.
      replayJournal(copy);
      assert.equal(fileIn(copy, "/root/before"), "flushed\n");
      assert.equal(fileIn(copy, "/root/after"), "");
    });

    it("knows nothing of a copy that was begun before it was started", async () => {
      await assert.rejects(
        machine.finishCopy("snap-1"),
        /snap-1: the machine ended before.*another snapshot/,
      );
    });

    it("goes on under another process: it is found again by its directory", async () => {
      assert.equal(await openMachine("virtual-machine", spec).isRunning(), true);
    });

    it("shuts its system down when it is stopped, and leaves a clean filesystem", async () => {
      await machine.stop();
      assert.equal(await machine.isRunning(), false);
      await untilConsole(machine, /Power down/, 1);
      execFileSync("e2fsck", ["-fn", spec.rootVolume.file], { stdio: "pipe" });
    });

    it("copies nothing of what it has stopped to write to", async () => {
      const copy = path.join(bench.folder, "none.raw");
      assert.equal(await machine.beginCopy(spec.rootVolume, "snap-2", copy), false);
      assert.equal(fs.existsSync(copy), false);
    });
  });

  it("of an image without a boot record says on its console that there is nothing to boot", async () => {
    const spec = bench.spec(2, bench.volume(20, imageNamedBy("PV_TO_HVM_SAMPLE_IMAGE")));
    const machine = open(spec);
    await machine.start([]);
    assert.equal(hostInterfaces(spec.instanceId).length, 1);
    await untilConsole(machine, /No bootable device/, 60);
    assert.equal(await machine.isRunning(), true);
    await machine.destroy();
    assert.equal(await machine.isRunning(), false);
    assert.equal(fs.existsSync(machine.consoleFile), false);
    await untilGone(spec.instanceId);
  });

  it("of a PV image without a menu shows PV-GRUB's prompt, and does not run", async () => {
    const machine = open(bench.spec(3, bench.volume(30, 16), { boot: "pv-grub" }));
    await machine.start([]);
    await untilConsole(machine, /grubdom>/, 1);
    assert.equal(await machine.isRunning(), false);
  });
});
