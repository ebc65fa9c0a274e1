/**
 * Security groups, enforced: nftables in a machine's own network namespace. For a container these are its own packets;
 * for a virtual machine those of QEMU, whose user network makes each of the guest's connections one of its own.
 */
import { run } from "../../converter/run";
import type { Firewall, FirewallRule } from "./machine";

/**
 * The rules for `nft -f`, in place of those that were there. What is not let through is dropped without an answer, as on
 * EC2. Link-local addresses are never let out whatever the rules say: 169.254.169.254 would be the metadata service of
 * the cloud that this host may itself run in.
 * @param neighbour where connections to the machine are made to seem to come from, after the rules. Default: nowhere else.
 */
export function firewallRules({ ingress, egress }: Firewall, neighbour?: string): string {
  return [
    // Made where it is missing, so that it can be deleted.
    `table inet ${TABLE}`,
    `delete table inet ${TABLE}`,
    `table inet ${TABLE} {`,
    ...chain("input", [
      'iifname "lo" accept',
      ...TRACKED,
      ...ingress.flatMap((rule) => accepting(rule, "saddr")),
    ]),
    ...chain("output", [
      'oifname "lo" accept',
      ...TRACKED,
      "ip daddr 169.254.0.0/16 drop",
      ...egress.flatMap((rule) => accepting(rule, "daddr")),
    ]),
    ...(neighbour === undefined ? [] : neighbourly(neighbour)),
    "}",
    "",
  ].join("\n");
}

/** Puts rules in the network namespace of a process. Needs root and nftables. */
export async function setFirewall(pid: number, firewall: Firewall, neighbour?: string): Promise<void> {
  await run(["nsenter", `--net=/proc/${pid}/ns/net`, "nft", "-f", "-"], {
    purpose: "setting the firewall of a machine",
    input: firewallRules(firewall, neighbour),
  });
}

const TABLE = "machine";
const TRACKED = ["ct state established,related accept"];

function chain(name: "input" | "output", rules: string[]): string[] {
  return [`chain ${name} {`, `type filter hook ${name} priority filter; policy drop;`, ...rules, "}"];
}

/** One for each network, since nft refuses sets of networks that overlap. */
function accepting({ protocol, fromPort, toPort, cidrs }: FirewallRule, end: "saddr" | "daddr"): string[] {
  const what = {
    tcp: ` tcp dport ${fromPort}-${toPort}`,
    udp: ` udp dport ${fromPort}-${toPort}`,
    icmp: " ip protocol icmp",
    all: "",
  }[protocol];
  return cidrs.map((cidr) => `ip ${end} ${cidr}${what} accept`);
}

function neighbourly(neighbour: string): string[] {
  return [
    "chain seen-from {",
    "type nat hook input priority 100; policy accept;",
    `iifname "eth0" snat ip to ${neighbour}`,
    "}",
  ];
}
