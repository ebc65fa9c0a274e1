import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import { describeVpc, networkOf } from "./network";
import type { Collection, Store } from "./store";
import { requireValidTags, type Tags } from "./tags";

/** As pulumi-aws writes a rule: ports, protocol (`-1`: all), and who. */
export interface Rule {
  fromPort: number;
  toPort: number;
  protocol: string;
  cidrBlocks?: string[];
  ipv6CidrBlocks?: string[];
  prefixListIds?: string[];
  securityGroups?: string[];
  self?: boolean;
  description?: string;
}

export interface SecurityGroupRecord {
  groupId: string;
  name: string;
  description: string;
  vpcId: string;
  ingress: Rule[];
  egress: Rule[];
  tags: Tags;
}

export type SecurityGroupRequest = Pick<
  SecurityGroupRecord,
  "name" | "description" | "ingress" | "egress"
> & {
  vpcId?: string;
  tags?: Tags;
};

/** What EC2 puts into every new group. */
export const ALL_OUTWARDS: Rule = { fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] };

export const DEFAULT_GROUP_NAME = "default";

/** The id of a VPC's default group. */
export function defaultGroupId(vpcId: string): string {
  return vpcId.replace("vpc-", "sg-");
}

/** That of instances which name none. EC2's own lets its members in; what this one lets in and out is in `firewall.ts`. */
function defaultGroup(region: string): SecurityGroupRecord {
  const { vpcId } = networkOf(region).vpc;
  return {
    groupId: defaultGroupId(vpcId),
    name: DEFAULT_GROUP_NAME,
    description: "default VPC security group",
    vpcId,
    ingress: [{ fromPort: 22, toPort: 22, protocol: "tcp", cidrBlocks: ["0.0.0.0/0"] }],
    egress: [],
    tags: {},
  };
}

export class SecurityGroups {
  private readonly records: Collection<SecurityGroupRecord>;

  /**
   * `usersOf` gives the ids of instances that are in a group: such a group cannot go. `rulesChanged` tells those that
   * run.
   */
  constructor(
    private readonly store: Store,
    private readonly usersOf: (groupId: string) => Promise<string[]>,
    private readonly rulesChanged: (groupId: string) => Promise<void>,
    private readonly region: string,
  ) {
    this.records = store.collection("security-groups");
  }

  /** CreateSecurityGroup and its rules. */
  create(request: SecurityGroupRequest): Promise<SecurityGroupRecord> {
    const vpcId = this.vpcOf(request);
    return this.store.exclusively(async () => {
      await this.requireFreeName(request.name, vpcId);
      const record = { tags: {}, ...request, groupId: newId("securityGroup"), vpcId };
      await this.records.put(record.groupId, record);
      return record;
    });
  }

  /** Refuses what CreateSecurityGroup refuses. */
  async plan(request: SecurityGroupRequest): Promise<void> {
    await this.requireFreeName(request.name, this.vpcOf(request));
  }

  private vpcOf(request: SecurityGroupRequest): string {
    requireValidName(request.name);
    [...request.ingress, ...request.egress].forEach(requireValidRule);
    requireValidTags(request.tags ?? {});
    return describeVpc(request.vpcId, this.region).vpcId;
  }

  /** Refuses what a change of rules is refused for: a group that is not there, and ports that are none. */
  async planChange(
    groupId: string,
    { ingress, egress }: Partial<Pick<SecurityGroupRecord, "ingress" | "egress">>,
  ) {
    [...(ingress ?? []), ...(egress ?? [])].forEach(requireValidRule);
    requireMade(await this.describe(groupId));
  }

  /** Refuses what DeleteSecurityGroup refuses. */
  async requireDeletable(groupId: string): Promise<void> {
    requireMade(await this.describe(groupId));
    if ((await this.usersOf(groupId)).length > 0) throw inUse(groupId);
  }

  /** `default` for the default group, and undefined for any other. */
  defaultNameOf(groupId: string): string | undefined {
    const { groupId: id, name } = defaultGroup(this.region);
    return id === groupId ? name : undefined;
  }

  /** All of them, and the VPC's default group, of which there is no record. */
  async listWithDefault(): Promise<SecurityGroupRecord[]> {
    return [defaultGroup(this.region), ...(await this.list())];
  }

  /** The group of this id; `InvalidGroup.NotFound` where there is none. */
  async describe(groupId: string): Promise<SecurityGroupRecord> {
    requireWellFormed("securityGroup", groupId);
    const record = await this.find(groupId);
    if (!record) throw notFound("securityGroup", groupId);
    return record;
  }

  /** The same, or undefined if there is none. */
  async find(groupId: string): Promise<SecurityGroupRecord | undefined> {
    const byDefault = defaultGroup(this.region);
    return byDefault.groupId === groupId ? byDefault : this.records.get(groupId);
  }

  list(): Promise<SecurityGroupRecord[]> {
    return this.records.list();
  }

  /** Rules and tags: what EC2 can change of a group. Name, description and VPC stay for its life. */
  async modify(
    groupId: string,
    change: Partial<Pick<SecurityGroupRecord, "ingress" | "egress" | "tags">>,
  ): Promise<void> {
    [...(change.ingress ?? []), ...(change.egress ?? [])].forEach(requireValidRule);
    requireValidTags(change.tags ?? {});
    await this.store.exclusively(async () => {
      const record = await this.describe(groupId);
      requireMade(record);
      await this.records.put(groupId, { ...record, ...change });
    });
    if (change.ingress || change.egress) await this.rulesChanged(groupId);
  }

  /** DeleteSecurityGroup: `DependencyViolation` while an instance is in it. */
  delete(groupId: string): Promise<void> {
    return this.store.exclusively(async () => {
      await this.requireDeletable(groupId);
      await this.records.remove(groupId);
    });
  }

  private async requireFreeName(name: string, vpcId: string): Promise<void> {
    const taken = (await this.records.list()).some((group) => group.name === name && group.vpcId === vpcId);
    if (!taken) return;
    throw new Ec2Error(
      "InvalidGroup.Duplicate",
      `The security group '${name}' already exists for VPC '${vpcId}'`,
    );
  }
}

function requireValidName(name: string): void {
  if (name.length <= 255 && !name.startsWith("sg-") && name !== "default") return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Value (${name}) for parameter GroupName is invalid. Group names are up to 255 characters long and cannot start with sg-.`,
  );
}

function requireValidRule(rule: Rule): void {
  const everything = rule.protocol === "-1";
  const ports = [rule.fromPort, rule.toPort];
  const valid = everything
    ? ports.every((port) => port === 0)
    : rule.fromPort <= rule.toPort && ports.every((port) => port >= -1 && port <= 65535);
  if (valid) return;
  throw new Ec2Error(
    "InvalidParameterValue",
    `Invalid value '${ports.join("-")}' for portRange with protocol ${rule.protocol}. ` +
      (everything
        ? "All protocols (-1) take from_port and to_port 0"
        : "Must be from 0 to 65535, lowest first"),
  );
}

/** The default group is as it is here: there is no record of it. */
function requireMade({ groupId, name }: SecurityGroupRecord): void {
  if (name !== DEFAULT_GROUP_NAME) return;
  throw new Ec2Error(
    "CannotDelete",
    `the specified group: "${groupId}" name: "${name}" cannot be deleted by a user`,
  );
}

function inUse(groupId: string): Ec2Error {
  return new Ec2Error("DependencyViolation", `resource ${groupId} has a dependent object`);
}
