import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DeleteSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
  type SecurityGroup,
} from "@aws-sdk/client-ec2";
import type { Context, Properties, ResourceHandler } from "../provider";
import type { Client } from "./client";
import { awsResource, type Change } from "./resource";
import { inTheOrderOf, permissionsIn, rulesOf, withoutThose } from "./securityGroupRules";
import { tagOutputs, tagSpecifications } from "./tagging";
import { flag, requiredText, tagsIn, text } from "./values";

/** aws:ec2/securityGroup:SecurityGroup. As pulumi-aws it takes EC2's own allow-all egress away: name what is needed. */
export function securityGroup(client: Client): ResourceHandler {
  return awsResource(client, {
    type: "aws:ec2/securityGroup:SecurityGroup",
    required: [],
    optional: [
      ...["name", "namePrefix", "description", "vpcId", "ingress", "egress", "revokeRulesOnDelete", "tags"],
    ],
    computed: ["vpcId", "ingress", "egress"],
    sets: ["ingress", "egress"],
    outputs: ["arn", "ownerId", "tagsAll"],
    replaces: ["name", "namePrefix", "description", "vpcId"],
    autoName: "name",
    defaults: () => ({ description: "Managed by Pulumi" }),
    tagging: (id) => `updating Security Group (${id})`,

    create: (inputs, context) => create(client, inputs, context),

    async show(id, recorded) {
      const group = await findGroup(client, `reading Security Group (${id})`, id);
      return group && describe(client, group, recorded);
    },

    update: (change) => update(client, change),

    async delete(id, recorded, context) {
      const doing = `deleting Security Group (${id})`;
      await lookForLingeringInterfaces(client, doing, id);
      if (flag(recorded, "revokeRulesOnDelete")) await revokeAll(client, doing, id);
      const request = () => new DeleteSecurityGroupCommand({ GroupId: id });
      const inUse = ["DependencyViolation", "InvalidGroup.InUse"];
      if (!(await client.removeWithRetries(inUse, context.timeoutSeconds ?? 900, doing, request))) return;
      await waitForGroup(client, id, context, "delete", ["there"], "gone");
    },
  });
}

async function findGroup(client: Client, doing: string, id: string): Promise<SecurityGroup | undefined> {
  const found = await client.find(doing, new DescribeSecurityGroupsCommand({ GroupIds: [id] }));
  return found?.SecurityGroups?.[0];
}

function waitForGroup(
  client: Client,
  id: string,
  context: Context,
  doing: string,
  pending: string[],
  target: string,
): Promise<void> {
  const what = `Security Group (${id}) ${doing}`;
  const state = async () => ((await findGroup(client, `waiting for ${what}`, id)) ? "there" : "gone");
  return client.wait(context, 900, { what, state, pending, target });
}

/** A new group lets everything out: that is revoked before its own rules are made. */
async function create(client: Client, inputs: Properties, context: Context): Promise<string> {
  const name = requiredText(inputs, "name");
  const made = await client.call(
    `creating Security Group (${name})`,
    new CreateSecurityGroupCommand({
      Description: requiredText(inputs, "description"),
      GroupName: name,
      TagSpecifications: tagSpecifications("security-group", tagsIn(inputs)),
      VpcId: text(inputs, "vpcId") || undefined,
    }),
  );
  const id = made.GroupId ?? "";
  await waitForGroup(client, id, context, "create", ["gone"], "there");
  await revokeEverythingOutwards(client, id);
  const changed = ["ingress", "egress"].filter((name) => inputs[name] !== undefined);
  if (changed.length > 0) await changeRules(client, id, changed, inputs);
  return id;
}

/** Of both kinds of addresses; a VPC without IPv6 has no rule of the second kind. */
async function revokeEverythingOutwards(client: Client, id: string): Promise<void> {
  const everything = { FromPort: 0, IpProtocol: "-1", ToPort: 0 };
  const permissions: IpPermission[] = [
    { ...everything, IpRanges: [{ CidrIp: "0.0.0.0/0" }] },
    { ...everything, Ipv6Ranges: [{ CidrIpv6: "::/0" }] },
  ];
  for (const permission of permissions) {
    const request = new RevokeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: [permission] });
    const doing = `revoking default IPv${permission.IpRanges ? 4 : 6} egress rule for Security Group (${id})`;
    await client.unless(/^InvalidPermission\.NotFound$/, doing, request);
  }
}

async function update(client: Client, { id, changed, inputs }: Change): Promise<void> {
  await changeRules(client, id, changed, inputs);
}

/** Makes the rules what they are to be: takes away what is too much, then makes what is missing. */
async function changeRules(client: Client, id: string, changed: string[], inputs: Properties): Promise<void> {
  const doing = `updating Security Group (${id})`;
  const group = await findGroup(client, doing, id);
  for (const direction of ["ingress", "egress"] as const) {
    if (!changed.includes(direction)) continue;
    const are = permissionsIn(rulesOf(permissionsOf(group, direction), id), id);
    const shall = permissionsIn(inputs[direction] as Properties[], id);
    const [tooMuch, missing] = [withoutThose(are, shall), withoutThose(shall, are)];
    if (tooMuch.length > 0) await revoke(client, doing, id, direction, tooMuch);
    if (missing.length > 0) await authorize(client, doing, id, direction, missing);
  }
}

type Direction = "ingress" | "egress";

function authorize(
  client: Client,
  doing: string,
  GroupId: string,
  direction: Direction,
  IpPermissions: IpPermission[],
): Promise<unknown> {
  const request = { GroupId, IpPermissions };
  return direction === "ingress"
    ? client.call(doing, new AuthorizeSecurityGroupIngressCommand(request))
    : client.call(doing, new AuthorizeSecurityGroupEgressCommand(request));
}

function revoke(
  client: Client,
  doing: string,
  GroupId: string,
  direction: Direction,
  IpPermissions: IpPermission[],
): Promise<unknown> {
  const request = { GroupId, IpPermissions };
  return direction === "ingress"
    ? client.call(doing, new RevokeSecurityGroupIngressCommand(request))
    : client.call(doing, new RevokeSecurityGroupEgressCommand(request));
}

function permissionsOf(group: SecurityGroup | undefined, direction: Direction): IpPermission[] {
  return (direction === "ingress" ? group?.IpPermissions : group?.IpPermissionsEgress) ?? [];
}

/** Lambda and others leave network interfaces in a group. Of these there are none here; EC2 is asked all the same. */
async function lookForLingeringInterfaces(client: Client, doing: string, id: string): Promise<void> {
  const Filters = [{ Name: "group-id", Values: [id] }];
  await client.call(doing, new DescribeNetworkInterfacesCommand({ Filters }));
}

async function revokeAll(client: Client, doing: string, id: string): Promise<void> {
  const group = await findGroup(client, doing, id);
  for (const direction of ["ingress", "egress"] as const) {
    const permissions = permissionsOf(group, direction);
    if (permissions.length > 0) await revoke(client, doing, id, direction, permissions);
  }
}

async function describe(client: Client, group: SecurityGroup, recorded: Properties): Promise<Properties> {
  const id = group.GroupId ?? "";
  const rules = (direction: Direction) =>
    inTheOrderOf(recorded[direction], rulesOf(permissionsOf(group, direction), id));
  return {
    arn: `arn:aws:ec2:${client.region}:${group.OwnerId}:security-group/${id}`,
    description: group.Description,
    egress: rules("egress"),
    ingress: rules("ingress"),
    name: group.GroupName,
    ownerId: group.OwnerId,
    revokeRulesOnDelete: recorded.revokeRulesOnDelete ?? false,
    vpcId: group.VpcId,
    ...tagOutputs(group.Tags),
  };
}
