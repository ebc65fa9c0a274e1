import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import * as net from "node:net";
import { run } from "../../../converter/run";
import { hostEndOf, interfaceOf, networkCommand, SSH_PORT } from "../../../local/machines/network";
import { hostInterfaces, SSH_ALONE, testAddress, untilGone } from "./launch";

describe("the names of a machine's network", () => {
  const ends: [address: string, host: string][] = [
    ["198.18.0.1", "198.18.0.0"],
    ["198.19.255.255", "198.19.255.254"],
  ];
  for (const [address, host] of ends) {
    it(`are, for ${address}, ${host} on the host's side`, () => assert.equal(hostEndOf(address), host));
  }

  for (const address of ["198.18.0.2", "fd00::1", ""]) {
    it(`are none for ${address || "no address"}`, () =>
      assert.throws(() => hostEndOf(address), /must be an odd one/));
  }

  it("are an interface that Linux allows, told from others by the instance's id", () => {
    assert.equal(interfaceOf("i-0123456789abcdef0"), "pv-56789abcdef0");
    assert.ok(interfaceOf("i-0123456789abcdef0").length <= 15);
  });
});

describe("a machine's network (needs root)", function () {
  this.timeout(60_000);
  const children: ChildProcess[] = [];
  const machine = (number: number) => ({
    instanceId: `i-${String(process.pid * 100 + number).padStart(17, "0")}`,
    address: testAddress(number),
    firewall: SSH_ALONE,
  });
  const inside = (number: number, script: string, accept?: number[]) =>
    run(networkCommand(machine(number), ["sh", "-euc", script]), { purpose: "testing", accept });

  /** Listens on port 22 of all its addresses, as an sshd does. */
  async function listen(number: number, neighbour?: string): Promise<ChildProcess> {
    const listener = [process.execPath, "-e", LISTENER];
    const [program, ...args] = networkCommand(machine(number), listener, neighbour);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    await new Promise((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("exit", () => reject(new Error("the listener has ended")));
    });
    return child;
  }

  async function answersItsHost(number: number, neighbour?: string): Promise<void> {
    const { address } = machine(number);
    assert.equal(await readFrom(address), `to ${neighbour ?? hostEndOf(address)}`);
  }

  afterEach(async () => {
    for (const child of children.splice(0)) child.kill("SIGKILL");
    for (const number of [11, 12]) await untilGone(machine(number).instanceId);
  });

  it("answers on port 22 where the host's own port 22 is taken", async () => {
    const host = await takeHostPort();
    try {
      await listen(11);
      await answersItsHost(11);
    } finally {
      host?.close();
    }
  });

  it("is one of many, each with its own port 22", async () => {
    await listen(11);
    await listen(12);
    await answersItsHost(11);
    await answersItsHost(12);
  });

  it("sees connections from the address that it asks for, one that other machines may have, too", async () => {
    const neighbour = "169.254.169.2";
    const first = await listen(11, neighbour);
    await listen(12, neighbour);
    await answersItsHost(11, neighbour);
    first.kill("SIGKILL");
    await untilGone(machine(11).instanceId);
    await answersItsHost(12, neighbour);
  });

  it("has the loopback, its own address and no other, and no way out", async () => {
    const { stdout } = await inside(11, "ip -4 -o address show; ip -4 route show");
    const { address } = machine(11);
    assert.match(stdout, /lo +inet 127\.0\.0\.1/);
    assert.ok(stdout.includes(` inet ${address}/31 `));
    assert.doesNotMatch(stdout, /default|via/);
    assert.equal(stdout.match(/ inet /g)?.length, 2);
  });

  it("lets no open door to the host's namespace through to the command", async () => {
    const { stdout } = await inside(11, "readlink /proc/self/fd/* || true");
    assert.doesNotMatch(stdout, /net:\[/);
  });

  it("is gone from the host when its process is killed", async () => {
    const child = await listen(11);
    assert.equal(hostInterfaces(machine(11).instanceId).length, 1);
    child.kill("SIGKILL");
    await untilGone(machine(11).instanceId);
  });

  it("can be made again at once, with another address", async () => {
    const child = await listen(11);
    child.kill("SIGKILL");
    const again = { ...machine(11), address: testAddress(12) };
    const { stdout } = await run(networkCommand(again, ["ip", "-4", "-o", "address"]), {
      purpose: "testing",
    });
    assert.ok(stdout.includes(again.address));
  });

  it("is refused where the address is in use, and leaves nothing", async () => {
    await listen(11);
    const late = { ...machine(12), address: machine(11).address };
    const refused = await run(networkCommand(late, ["true"]), { purpose: "testing", accept: [1] });
    assert.ok(refused.stderr.includes(`${late.address}: in use on this host`), refused.stderr);
    assert.match(refused.stderr, /Start it again/);
    await untilGone(late.instanceId);
    await answersItsHost(11);
  });

  it("is refused where a machine of the same id runs, which goes on", async () => {
    await listen(11);
    const double = { ...machine(11), address: testAddress(12) };
    const refused = await run(networkCommand(double, ["true"]), { purpose: "testing", accept: [1] });
    assert.match(refused.stderr, /the host still has this interface/);
    await answersItsHost(11);
  });
});

const LISTENER = `
require("node:net")
  .createServer((socket) => socket.end("to " + socket.remoteAddress))
  .listen(${SSH_PORT}, "0.0.0.0", () => console.log("listens"));
`;

/** The host's port 22, by a listener of the test's own; `undefined` where an sshd has it already. */
function takeHostPort(): Promise<net.Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.end("from the host"));
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(SSH_PORT, "0.0.0.0", () => resolve(server));
  });
}

function readFrom(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    net
      .connect(SSH_PORT, address)
      .on("data", (data) => (text += data))
      .on("end", () => resolve(text))
      .on("error", reject);
  });
}
