import { Ec2Error } from "./errors";
import { newId, notFound, requireWellFormed } from "./ids";
import { describeVpc } from "./network";
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
  ) {
    this.records = store.collection("security-groups");
  }

  /** CreateSecurityGroup and its rules. */
  create(request: SecurityGroupRequest): Promise<SecurityGroupRecord> {
    requireValidName(request.name);
    [...request.ingress, ...request.egress].forEach(requireValidRule);
    requireValidTags(request.tags ?? {});
    const { vpcId } = describeVpc(request.vpcId);
    return this.store.exclusively(async () => {
      await this.requireFreeName(request.name, vpcId);
      const record = { tags: {}, ...request, groupId: newId("securityGroup"), vpcId };
      await this.records.put(record.groupId, record);
      return record;
    });
  }

  /** The group of this id; `InvalidGroup.NotFound` where there is none. */
  async describe(groupId: string): Promise<SecurityGroupRecord> {
    requireWellFormed("securityGroup", groupId);
    const record = await this.records.get(groupId);
    if (!record) throw notFound("securityGroup", groupId);
    return record;
  }

  /** The same, or undefined where there is none. */
  find(groupId: string): Promise<SecurityGroupRecord | undefined> {
    return this.records.get(groupId);
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
      await this.records.put(groupId, { ...(await this.describe(groupId)), ...change });
    });
    if (change.ingress || change.egress) await this.rulesChanged(groupId);
  }

  /** DeleteSecurityGroup: `DependencyViolation` while an instance is in it. */
  delete(groupId: string): Promise<void> {
    return this.store.exclusively(async () => {
      await this.describe(groupId);
      if ((await this.usersOf(groupId)).length > 0) {
        throw new Ec2Error("DependencyViolation", `resource ${groupId} has a dependent object`);
      }
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
