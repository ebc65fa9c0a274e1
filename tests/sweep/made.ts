/** Items, backends and an EC2 made up for tests. */
import type { Backend } from "../../sweep/backend";
import type { Ec2 } from "../../sweep/ec2";
import type { Inventory, Item } from "../../sweep/item";
import { type Deployment, readState } from "../../sweep/state";

export const NOW = new Date("2026-11-22T12:00:00Z");
export const STACK = "images/prod";

const KIND: Record<string, Item["kind"]> = {
  i: "instance",
  vol: "volume",
  sg: "security group",
  ami: "image",
  snap: "snapshot",
};

/** `vol-1` stands for an id of EC2's length. */
export function id(short: string): string {
  const [prefix, number] = short.split("-");
  return `${prefix}-${number.padStart(17, "0")}`;
}

/** A left-over of a day's age, of the kind that its id says. */
export function item(short: string, change: Partial<Item> = {}): Item {
  const kind = KIND[short.split("-")[0]];
  return {
    kind,
    id: id(short),
    state: kind === "volume" ? "available" : kind === "instance" ? "running" : "",
    migration: "web",
    stack: STACK,
    conversion: "0123456789abcdef",
    role: {
      instance: "helper",
      volume: "source",
      "security group": "access",
      image: "image",
      snapshot: "snapshot",
    }[kind],
    createdAt: kind === "security group" ? undefined : new Date("2026-11-21T12:00:00Z"),
    ...change,
  };
}

/** An inventory; `images` by the snapshot that they start from. */
export function inventory(items: Item[], images: Record<string, string[]> = {}): Inventory {
  const imagesOf = Object.entries(images).map(([snapshot, users]): [string, string[]] => [
    id(snapshot),
    users.map(id),
  ]);
  return { items, imagesOf: new Map(imagesOf) };
}

/** What vouches for the stack: an image that it holds. */
export const WITNESS = item("ami-77");

/** A state as `pulumi stack export` gives it, that holds these. */
export function deployment(held: string[], change: Partial<Deployment> = {}, stack = STACK): Deployment {
  const [project, name] = stack.split("/");
  const urn = (resource: string) => `urn:pulumi:${name}::${project}::aws:x:Y::${resource}`;
  return {
    resources: [
      { urn: urn(`${project}-${name}`) },
      ...held.map((short) => ({ urn: urn(`web-${short}`), id: id(short) })),
    ],
    ...change,
  };
}

/** A backend in a folder, with one stack. */
export function backend(state: Deployment, change: Partial<Backend> = {}): Backend {
  return {
    url: "file:///state",
    stacks: [readState({ name: `organization/${STACK}` }, state)],
    locks: { seen: true, held: [] },
    ...change,
  };
}

/** An EC2 that notes what is asked of it, and refuses what it is told to. */
export function recordingEc2(refusals: Record<string, string[]> = {}): Ec2 & { calls: string[] } {
  const calls: string[] = [];
  return {
    calls,
    list: async () => inventory([]),
    instanceState: async (instanceId) => {
      calls.push(`state ${instanceId}`);
      return calls.filter((call) => call === `state ${instanceId}`).length < 3
        ? "shutting-down"
        : "terminated";
    },
    remove: async ({ id: removed }) => {
      calls.push(`remove ${removed}`);
      const code = refusals[removed]?.shift();
      if (code !== undefined) throw Object.assign(new Error("EC2 says no"), { name: code });
    },
  };
}
