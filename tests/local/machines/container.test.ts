import assert from "node:assert/strict";
import * as fs from "node:fs";
import { OWN_HOST_KEY, waitForCloudInit } from "../../../components/steps/cloudInit";
import { parse } from "yaml";
import { helperUserData } from "../../../components/steps/userData";
import { openMachine } from "../../../local/machines";
import type { AttachedVolume, FirewallRule, Machine, MachineSpec } from "../../../local/machines/machine";
import { endProcess } from "../../../local/machines/process";
import { hostEndOf } from "../../../local/machines/network";
import { KEY_OF_MIRROR, Proxy, URL_OF_MIRROR } from "../../components/steps/proxiedMirror";
import { Bench, hostInterfaces, imageNamedBy, SSH_ALONE, testAddress, untilGone } from "./launch";

/** What the component gives a helper: the keys, and a command at the end. */
function userData(hostKey: { privateKey: string; publicKey: string }, key: string, files: string): string {
  const indented = hostKey.privateKey
    .trimEnd()
    .split("\n")
    .map((line) => `    ${line}`);
  return [
    "#cloud-config",
    "disable_root: false",
    "ssh_deletekeys: true",
    // Makes cloud-init restart sshd.
    "ssh_pwauth: false",
    "ssh_keys:",
    "  ed25519_private: |",
    ...indented,
    `  ed25519_public: ${hostKey.publicKey}`,
    "ssh_authorized_keys:",
    `  - ${key}`,
    "runcmd:",
    "  - [sh, -c, 'echo once >> /root/commands-ran']",
    files,
    "",
  ].join("\n");
}

/** Larger than the image, as a root volume may be. */
const ROOT_BYTES = 5 * 1024 ** 3;

describe("a container (needs root)", function () {
  this.timeout(120_000);
  let bench: Bench;
  let spec: MachineSpec;
  let machine: Machine;
  let hostKey: string;
  let first: AttachedVolume;
  let second: AttachedVolume;
  let toldOfProxy: string;
  const proxy = new Proxy();

  const ssh = (command: string, seconds = 10) => bench.ssh(spec.address, command, { seconds, hostKey });
  const node = (volume: AttachedVolume) =>
    `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume.volumeId.replace("-", "")}`;

  before(async () => {
    bench = new Bench();
    const hostKeys = bench.makeKey("host-key");
    hostKey = hostKeys.publicKey;
    const root = bench.volume(10, imageNamedBy("PV_TO_HVM_HELPER_IMAGE"));
    fs.truncateSync(root.file, ROOT_BYTES);
    [first, second] = [bench.volume(11, 64), bench.volume(12, 64)];
    // On the host's end of the machine's network, which is there once the machine is.
    const port = await proxy.open("0.0.0.0");
    const hostEnd = hostEndOf(testAddress(1));
    const keys = { hostKey: hostKeys, authorizedKey: bench.read("key.pub") };
    toldOfProxy = helperUserData({ ...keys, proxy: `http://${hostEnd}:${port}`, mirror: URL_OF_MIRROR });
    const [files] = /^write_files:\n(?: .*\n)+/m.exec(toldOfProxy)!;
    const toProxy: FirewallRule = { protocol: "tcp", fromPort: port, toPort: port, cidrs: [`${hostEnd}/32`] };
    spec = bench.spec(1, root, {
      userData: userData(hostKeys, bench.read("key.pub"), files),
      metadata: {},
      firewall: { ...SSH_ALONE, egress: [toProxy] },
    });
    machine = openMachine("container", spec);
    await machine.start([first]);
  });
  after(async () => {
    await machine?.destroy();
    proxy.close();
    bench.remove();
  });

  it("answers ssh within ten seconds, with the host key that its user data pinned", async () => {
    assert.equal(await ssh("id --user --name"), "root");
  });

  it("has run cloud-init to its end, commands included", async () => {
    assert.match(await ssh("cloud-init status --wait"), /status: done/);
    assert.equal(await ssh("cat /root/commands-ran"), "once");
    assert.equal(await ssh("hostname"), spec.instanceId);
  });

  it("makes a host key of its own in the first step, and is known by it from then on, as by the one of its user data", async () => {
    const first = `sh -s printenv ${OWN_HOST_KEY}`;
    const [id, ...key] = (await ssh(`${first} <<'END'\n${waitForCloudInit(30)}END`, 30)).split(" ");
    assert.equal(id, spec.instanceId);
    assert.match(key.join(" "), /^ecdsa-sha2-nistp256 \S+$/);
    const known = (pinned: string) =>
      bench.ssh(spec.address, "cat /etc/ssh/*.pub", { seconds: 10, hostKey: pinned });
    assert.ok((await known(key.join(" "))).includes(key[1]));
    assert.ok((await known(hostKey)).includes(hostKey.trim().split(" ")[1]));
    assert.equal(await ssh(`${first} <<'END'\n${waitForCloudInit(30)}END`, 30), [id, ...key].join(" "));
  });

  it("gets a package that it lacks through the proxy that cloud-init told apt of, from the mirror", async () => {
    const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
    const key = fs.readFileSync(KEY_OF_MIRROR, "utf8");
    await ssh(
      `printf %s ${quoted(key)} > /etc/apt/trusted.gpg.d/mirror.asc; dpkg --remove --force-depends lzop`,
    );
    const script = (parse(toldOfProxy) as { runcmd: string[] }).runcmd[0];
    await ssh(`sh -c ${quoted(script)}`, 60);
    assert.equal(await ssh("dpkg-query -W -f '${Version} ${Status}' lzop"), "1.0-1 install ok installed");
    assert.ok(proxy.asked.includes(`${URL_OF_MIRROR}/pool/lzop_1.0-1_amd64.deb`), proxy.asked.join("\n"));
  });

  it("has a cloud-init that finds nothing wrong with a helper's user data", async () => {
    const quoted = `'${toldOfProxy.replaceAll("'", "'\\''")}'`;
    await ssh(`printf %s ${quoted} > /root/user-data`);
    assert.match(await ssh("cloud-init schema --config-file /root/user-data 2>&1", 30), /Valid schema/);
  });

  it("has its own address, the loopback and no way out of them", async () => {
    const addresses = await ssh(
      "ip -4 -o address show | while read -r n name family address rest; do echo $name $address; done",
    );
    assert.deepEqual(addresses.split("\n"), ["lo 127.0.0.1/8", `eth0 ${spec.address}/31`]);
    assert.equal(await ssh("ip -4 route show default"), "");
    assert.match(await ssh("socat - TCP:192.0.2.99:80 2>&1 || true"), /Network is unreachable/);
  });

  it("has a root filesystem as large as its volume", async () => {
    assert.ok(Number(await ssh("df --output=size -B 1 / | tail -n 1")) > 0.9 * ROOT_BYTES);
  });

  it("shows the volumes of its start by their ids, with their sizes", async () => {
    assert.equal(await ssh(`blockdev --getsize64 ${node(first)}`), String(64 * 1024 * 1024));
    assert.equal(await ssh(`readlink -f ${node(first)}`), "/dev/nvme1n1");
  });

  it("takes a volume while it runs, makes and mounts a filesystem on it, and gives it back", async () => {
    await machine.attach(second);
    const made = await ssh(
      `mke2fs -q -L filled ${node(second)} && mount ${node(second)} /mnt && touch /mnt/file && umount /mnt && echo made`,
    );
    assert.equal(made, "made");
    await machine.detach(second);
    assert.equal(await ssh(`test -e ${node(second)} || echo gone`), "gone");
    assert.ok(fs.readFileSync(second.file).subarray(0, 4096).includes("filled"));
    assert.deepEqual(
      bench.loops().filter((file) => file === second.file),
      [],
    );
  });

  it("takes a volume whose loop device was read-only before, as a converter leaves its source's", async () => {
    await machine.attach(second);
    await ssh(`blockdev --setro ${node(second)}`);
    await machine.detach(second);
    await machine.attach(second);
    assert.equal(await ssh(`blockdev --getro ${node(second)}`), "0");
    await machine.detach(second);
  });

  it("sees none of the host's processes, devices or mounts", async () => {
    assert.equal(await ssh("cat /proc/1/comm"), "sh");
    assert.equal(await ssh("ls -d /dev/sd* /dev/vd* /dev/nvme0n1 2>/dev/null || true"), "/dev/nvme0n1");
    assert.doesNotMatch(await ssh("cat /proc/mounts"), new RegExp(bench.folder));
  });

  it("goes on under another process: it is found again by its directory", async () => {
    assert.equal(await openMachine("container", spec).isRunning(), true);
  });

  it("keeps its files, its host key and what has run once over a stop and a start", async () => {
    await machine.stop();
    assert.equal(await machine.isRunning(), false);
    assert.deepEqual(bench.loops(), []);
    await machine.start([first, second]);
    assert.match(await ssh("cloud-init status --wait"), /status: done/);
    assert.equal(await ssh("cat /root/commands-ran"), "once");
    assert.equal(await ssh(`readlink -f ${node(second)}`), "/dev/nvme2n1");
  });

  it("frees at its end what a program in it left behind", async () => {
    await ssh(`losetup --find ${node(first)} && truncate -s 1M /root/file && losetup --find /root/file`);
    await machine.destroy();
    assert.deepEqual(bench.loops(), []);
    assert.equal(fs.existsSync(spec.directory), false);
    assert.equal(await machine.isRunning(), false);
  });

  it("has nothing left to do when it is stopped, detached from or destroyed twice", async () => {
    await machine.stop();
    await machine.detach(first);
    await machine.destroy();
  });

  it("says what went wrong where its root volume holds no filesystem", async () => {
    const blank = openMachine("container", bench.spec(2, bench.volume(13, 8)));
    await assert.rejects(blank.start([]), /did not start.*Bad magic number in super-block/s);
    await blank.destroy();
    assert.deepEqual(bench.loops(), []);
  });

  it("leaves no interface on the host when it is killed, and can be started again at once", async () => {
    const again = openMachine("container", spec);
    await again.start([]);
    assert.equal(hostInterfaces(spec.instanceId).length, 1);
    await endProcess(spec.directory);
    await again.start([]);
    await ssh("true");
    await again.destroy();
    await untilGone(spec.instanceId);
  });
});
