import * as pulumi from "@pulumi/pulumi";
import { ipVersion, normalizeCidrs, textOf } from "../checks/block";
import { type Server, serverOf } from "../checks/url";
import type { WayOut } from "../checks/wayOut";
import { type Child, child } from "./child";
import type { Findings } from "../findings/findings";
import { after, type Migration } from "../together/migration";
import type { ReadySource } from "./source";
import { wayOutOf } from "./wayOut";

/** Who may reach the helper, and how both sides know each other. */
export interface Access {
  /** What this program logs in with. */
  clientKey: Child<"client-key">;
  /** What the helper shows of itself. */
  hostKey: Child<"host-key">;
  group: Child<"access">;
}

/** Makes the key pairs and the security group of a migration: none is shared with another. */
export function createAccess(
  migration: Migration,
  found: pulumi.Output<Findings>,
  { visited }: ReadySource,
): Access {
  // The algorithm is taken through `found` so that no key is made before the checks have passed.
  const key = { algorithm: found.apply(() => "ED25519") };
  const dependsOn = after(found, visited);
  return {
    clientKey: child(migration, "client-key", key, { dependsOn }),
    hostKey: child(migration, "host-key", key, { dependsOn }),
    group: createGroup(migration, found, visited),
  };
}

function createGroup(
  migration: Migration,
  found: pulumi.Output<Findings>,
  dependsOn: pulumi.Resource[],
): Child<"access"> {
  const { args } = migration;
  const allowed = pulumi.output(args.helper.allowedCidrs).apply(normalizeCidrs);
  return child(
    migration,
    "access",
    {
      description:
        "pv-to-hvm helper: ssh from the named addresses, name resolution and package mirrors outwards",
      vpcId: found.helper.vpcId,
      ingress: [rule("ssh", "tcp", 22, allowed)],
      egress: wayOutOf(args.helper).apply(egressRules),
    },
    {
      dependsOn: after(found, dependsOn),
      // What this package opens of itself, a later version may choose otherwise.
      alsoFrozen: args.helper.egressCidrs === undefined ? ["egress"] : [],
    },
  );
}

/** Mirrors have no fixed addresses. Outwards only. */
const EVERYWHERE = ["0.0.0.0/0", "::/0"];

/**
 * What the helper connects to: its mirrors, and who tells it their addresses. With a proxy that is the only server, and without
 * one a mirror that is named; neither has to be looked up where it is an address.
 */
export function egressRules({ egressCidrs, proxy, mirror }: WayOut): Rule[] {
  const cidrs = egressCidrs ? normalizeCidrs(egressCidrs) : EVERYWHERE;
  if (cidrs.length === 0) return [];
  const lookUps = [rule("DNS", "udp", 53, cidrs), rule("DNS", "tcp", 53, cidrs)];
  if (proxy !== undefined) return toServer("proxy", serverOf(proxy)!, cidrs, lookUps);
  if (mirror !== undefined) return toServer("package mirror", serverOf(mirror)!, cidrs, lookUps);
  return [...lookUps, rule("package mirrors", "tcp", 80, cidrs), rule("package mirrors", "tcp", 443, cidrs)];
}

function toServer(description: string, { port, block }: Server, cidrs: string[], lookUps: Rule[]): Rule[] {
  if (block) return [rule(description, "tcp", port, [textOf(block)])];
  return [...lookUps, rule(description, "tcp", port, cidrs)];
}

type Rule = ReturnType<typeof rule>;

function rule(description: string, protocol: string, port: number, cidrs: pulumi.Input<string[]>) {
  const blocks = (version: 4 | 6) =>
    pulumi.output(cidrs).apply((all) => all.filter((cidr) => ipVersion(cidr) === version));
  return {
    description,
    protocol,
    fromPort: port,
    toPort: port,
    cidrBlocks: blocks(4),
    ipv6CidrBlocks: blocks(6),
  };
}
