import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import * as net from "node:net";
import { run } from "../../../converter/run";
import { firewallRules, setFirewall } from "../../../local/machines/firewall";
import type { Firewall, FirewallRule } from "../../../local/machines/machine";
import { hostEndOf, networkCommand } from "../../../local/machines/network";
import { testAddress, untilGone } from "./launch";

const EVERYWHERE = ["0.0.0.0/0"];
const tcp = (fromPort: number, toPort = fromPort, cidrs = EVERYWHERE): FirewallRule => ({
  protocol: "tcp",
  fromPort,
  toPort,
  cidrs,
});

describe("the rules of a firewall", () => {
  const cases: [rule: FirewallRule, ingress: string, egress: string][] = [
    [
      tcp(22, 23, ["10.0.0.0/8"]),
      "ip saddr 10.0.0.0/8 tcp dport 22-23 accept",
      "ip daddr 10.0.0.0/8 tcp dport 22-23 accept",
    ],
    [
      { protocol: "udp", fromPort: 53, toPort: 53, cidrs: EVERYWHERE },
      "ip saddr 0.0.0.0/0 udp dport 53-53 accept",
      "ip daddr 0.0.0.0/0 udp dport 53-53 accept",
    ],
    [
      { protocol: "icmp", fromPort: 0, toPort: 65535, cidrs: EVERYWHERE },
      "ip saddr 0.0.0.0/0 ip protocol icmp accept",
      "ip daddr 0.0.0.0/0 ip protocol icmp accept",
    ],
    [
      { protocol: "all", fromPort: 0, toPort: 65535, cidrs: ["192.0.2.7/32"] },
      "ip saddr 192.0.2.7/32 accept",
      "ip daddr 192.0.2.7/32 accept",
    ],
  ];
  for (const [rule, ingress, egress] of cases) {
    it(`let ${rule.protocol} through by source inwards and by destination outwards`, () => {
      const lines = firewallRules({ ingress: [rule], egress: [rule] }).split("\n");
      assert.ok(lines.includes(ingress), lines.join("\n"));
      assert.ok(lines.includes(egress), lines.join("\n"));
    });
  }

  it("drop everything where there are none", () => {
    const rules = firewallRules({ ingress: [], egress: [] });
    assert.equal(rules.match(/policy drop/g)?.length, 2);
    assert.equal(rules.match(/^ip .* accept$/gm), null);
  });

  it("let nothing out to a link-local address, whatever is allowed after that", () => {
    const rules = firewallRules({ ingress: [], egress: [{ ...tcp(0), protocol: "all" }] });
    assert.ok(rules.indexOf("ip daddr 169.254.0.0/16 drop") < rules.indexOf("ip daddr 0.0.0.0/0 accept"));
  });
});

describe("the firewall of a machine (needs root)", function () {
  this.timeout(30_000);
  const number = 13;
  const address = testAddress(number);
  const host = hostEndOf(address);
  const instanceId = `i-${String(process.pid * 100 + number).padStart(17, "0")}`;
  const firewall: Firewall = { ingress: [tcp(22, 22, [`${host}/32`])], egress: [tcp(8001)] };
  let machine: ChildProcess;
  const servers: net.Server[] = [];

  before(async () => {
    const [program, ...args] = networkCommand({ instanceId, address, firewall }, [
      process.execPath,
      "-e",
      LISTENERS,
    ]);
    machine = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve, reject) => {
      machine.stdout?.once("data", resolve);
      machine.once("exit", () => reject(new Error("the listeners have ended")));
    });
    for (const port of [8001, 8002]) servers.push(await serve(host, port));
  });
  after(async () => {
    servers.forEach((server) => server.close());
    machine.kill("SIGKILL");
    await untilGone(instanceId);
  });

  /** From inside, as QEMU's connections are, and a container's. */
  async function outcome(target: string, port: number): Promise<string> {
    const script = `const net = require("node:net"); ${connect.toString()}; connect("${target}", ${port}).then(console.log)`;
    const enter = ["nsenter", `--net=/proc/${machine.pid}/ns/net`, process.execPath, "-e", script];
    return (await run(enter, { purpose: "connecting from inside" })).stdout.trim();
  }

  it("lets in what a rule of ingress names, and answers to it out", async () => {
    assert.equal(await connect(address, 22), "connected");
  });
  it("drops what comes in at another port, though something listens there", async () => {
    assert.equal(await connect(address, 8003), "no answer");
  });
  it("lets out what a rule of egress names", async () => {
    assert.equal(await outcome(host, 8001), "connected");
  });
  it("drops what goes out to another port", async () => {
    assert.equal(await outcome(host, 8002), "no answer");
  });
  it("has no way to the metadata service of a cloud which this host may run in", async () => {
    assert.match(await outcome("169.254.169.254", 8001), /^(?:ENETUNREACH|EPERM|no answer)$/);
  });
  it("takes other rules while the machine runs, in place of all it had", async () => {
    await setFirewall(machine.pid ?? 0, { ingress: [tcp(8003)], egress: [tcp(8002)] });
    assert.equal(await connect(address, 8003), "connected");
    assert.equal(await connect(address, 22), "no answer");
    assert.equal(await outcome(host, 8002), "connected");
    assert.equal(await outcome(host, 8001), "no answer");
  });
});

const LISTENERS = `
const net = require("node:net");
let left = 2;
for (const port of [22, 8003]) net.createServer((socket) => socket.end()).listen(port, () => --left || console.log("listens"));
`;

/** What comes of a connection. A first packet that was dropped is sent again after a second: two and a half are enough. */
function connect(host: string, port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    const end = (what: string) => {
      socket.destroy();
      resolve(what);
    };
    socket.setTimeout(2500, () => end("no answer"));
    socket.once("connect", () => end("connected"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

function serve(host: string, port: number): Promise<net.Server> {
  const server = net.createServer((socket) => socket.end());
  return new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, host, () => resolve(server));
  });
}
